package org.mizuhiki.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class HouseRulesTest {
    /// A room that hides its internals can change them; one that does not, cannot.
    @Test
    void roomsSeeOnlyTheDoorsOfRoomsTheyLeanOn() {
        var wrong = new TreeSet<String>();
        for (var c : House.CLASSES) {
            var mine = House.room(c.getPackageName());
            var may = Set.of(House.door(mine).leansOn());
            for (var d : c.getDirectDependenciesFromSelf()) {
                var target = d.getTargetClass();
                var pkg = target.getPackageName();
                if (!pkg.startsWith(House.PACKAGE) || House.room(pkg).equals(mine)) {
                    continue;
                }
                if (!pkg.equals(House.PACKAGE + House.room(pkg))) {
                    wrong.add(c.getName() + " sees " + target.getName() + " behind its room's door");
                }
                if (!House.room(pkg).equals("house") && !may.contains(House.room(pkg))) {
                    wrong.add(mine + " leans on " + House.room(pkg) + " without saying so: " + d.getDescription());
                }
            }
        }
        assertEquals(Set.of(), wrong);
    }

    /// What is said and not done misleads the reader of the door.
    @Test
    void roomsLeanOnAllThatTheySay() {
        var idle = new TreeSet<String>();
        for (var room : House.rooms()) {
            for (var other : House.door(room).leansOn()) {
                boolean used = House.CLASSES.stream()
                        .filter(c -> House.room(c.getPackageName()).equals(room))
                        .flatMap(c -> c.getDirectDependenciesFromSelf().stream())
                        .map(d -> d.getTargetClass().getPackageName())
                        .anyMatch(p -> p.equals(House.PACKAGE + other));
                if (!used) {
                    idle.add(room + " says it leans on " + other + " and does not");
                }
            }
        }
        assertEquals(Set.of(), idle);
    }

    @Test
    void noCirclesInsideOrBetweenRooms() {
        slices().matching("org.mizuhiki.(**)").should().beFreeOfCycles().check(House.CLASSES);
    }

    /// The store must stay unable to open anything: it may not even know the room that could.
    @Test
    void theStoreNeverLeansOnSeal() {
        noClasses()
                .that()
                .resideInAPackage("org.mizuhiki.store..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.mizuhiki.seal..")
                .check(House.CLASSES);
    }

    @Test
    void onlyOneClockAndOneDie() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.mizuhiki.apps..", "org.mizuhiki.bench..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callConstructor(SecureRandom.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .because("time and chance are handed in, so that a test can hold them still")
                .check(House.CLASSES);
    }

    /// Heavy libraries stay in the rooms that know their traps.
    @Test
    void librariesStayInTheirRooms() {
        var homes = Map.ofEntries(
                Map.entry("org.bouncycastle..", List.of("seal", "oprf", "trust", "chip")),
                Map.entry("ca.uhn..", List.of("records")),
                Map.entry("org.hl7..", List.of("records")),
                Map.entry("org.eclipse.jetty..", List.of("wire")),
                Map.entry("org.flywaydb..", List.of("database")),
                Map.entry("com.zaxxer..", List.of("database")),
                Map.entry("com.google.crypto.tink..", List.of("seal")),
                Map.entry("org.jose4j..", List.of("enrol")),
                Map.entry("org.subethamail..", List.of("mail", "bridge", "apps")),
                Map.entry("org.eclipse.angus..", List.of("mail")),
                Map.entry("jakarta.mail..", List.of("mail", "bridge")),
                Map.entry("picocli..", List.of("apps")));
        homes.forEach((library, rooms) -> noClasses()
                .that()
                .resideOutsideOfPackages(
                        rooms.stream().map(r -> House.PACKAGE + r + "..").toArray(String[]::new))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(House.CLASSES));
    }

    /// Such names say how a class is layered, not what it is.
    @Test
    void namesSayWhatThingsAre() {
        classes()
                .should()
                .haveNameNotMatching(".*(Impl|Dto|Mapper|Converter|Helper|Utils?|Manager|Repository|Controller)")
                .check(House.CLASSES);
        var layered = House.CLASSES.stream()
                .map(JavaClass::getPackageName)
                .filter(p ->
                        p.matches(".*\\.(controller|service|repository|dto|impl|util|manager|helper|mapper)s?(\\..*)?"))
                .toList();
        assertEquals(List.of(), layered);
    }

    /// Silence about null is where null comes in.
    @Test
    void everyPackageIsNullMarked() {
        var unmarked = new TreeSet<String>();
        for (var c : House.CLASSES) {
            try {
                var door = Class.forName(c.getPackageName() + ".package-info");
                if (!door.isAnnotationPresent(org.jspecify.annotations.NullMarked.class)) {
                    unmarked.add(c.getPackageName());
                }
            } catch (ClassNotFoundException e) {
                unmarked.add(c.getPackageName());
            }
        }
        assertEquals(Set.of(), unmarked);
    }
}
