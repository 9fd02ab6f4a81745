package org.mizuhiki.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Keeps docs/features.tsv honest: `ID, yes|partly|no, test class, doc page`, every ID of the mission, in
/// its order.
class FeaturesTest {
    private static final Pattern TAG = Pattern.compile("@Tag\\(\"([A-Z][0-9]+)\"\\)");

    private record Row(String id, String state, String test, String page) {}

    private static List<Row> rows() {
        return House.lines(House.ROOT.resolve("docs/features.tsv")).stream()
                .map(l -> l.split("\t", -1))
                .map(c -> new Row(c[0], c[1], c[2], c[3]))
                .toList();
    }

    @Test
    void everyFeatureOfTheMissionIsListedInItsOrder() {
        var expected = Stream.of(ids("V", 11), ids("N", 9), ids("D", 16), ids("F", 15), ids("H", 12), ids("B", 6))
                .flatMap(s -> s)
                .toList();
        assertEquals(expected, rows().stream().map(Row::id).toList());
    }

    private static Stream<String> ids(String letter, int count) {
        return IntStream.rangeClosed(1, count).mapToObj(i -> letter + i);
    }

    @Test
    void everyRowIsWellFormedAndItsPageExists() {
        var wrong = new TreeSet<String>();
        for (var row : rows()) {
            if (!Set.of("yes", "partly", "no").contains(row.state())) {
                wrong.add(row.id() + ": " + row.state());
            }
            if (row.state().equals("no") != row.test().isEmpty()) {
                wrong.add(row.id() + ": a feature that is there names its test, one that is not names none");
            }
            if (!row.page().isEmpty() && !Files.exists(House.ROOT.resolve(row.page()))) {
                wrong.add(row.id() + ": no page " + row.page());
            }
        }
        assertEquals(Set.of(), wrong);
    }

    @Test
    void everyTagInATestIsAFeatureOfTheMission() {
        var known = rows().stream().map(Row::id).collect(Collectors.toSet());
        var used = new TreeSet<String>();
        for (var source : House.sources()) {
            TAG.matcher(House.read(source)).results().forEach(m -> used.add(m.group(1)));
        }
        used.removeAll(known);
        assertEquals(Set.of(), used);
    }

    /// A feature that has tests is there, at least in part: "no" would be as untrue as "yes" without a
    /// test.
    @Test
    void noFeatureThatIsTestedIsCalledAbsent() {
        var tested = new TreeSet<String>();
        for (var source : House.sources()) {
            TAG.matcher(House.read(source)).results().forEach(m -> tested.add(m.group(1)));
        }
        var denied = rows().stream()
                .filter(r -> r.state().equals("no") && tested.contains(r.id()))
                .map(Row::id)
                .toList();
        assertEquals(List.of(), denied);
    }

    @Test
    void everyNamedTestExistsAndCarriesTheFeaturesTag() {
        var wrong = new TreeSet<String>();
        for (var row : rows()) {
            if (!row.test().isEmpty() && !House.read(source(row.test())).contains("@Tag(\"" + row.id() + "\")")) {
                wrong.add(row.test() + " carries no @Tag(\"" + row.id() + "\")");
            }
        }
        assertEquals(Set.of(), wrong);
    }

    /// In a run of the whole house this module comes last, so the reports of all others are there.
    @Test
    void everyFeatureThatIsThereHasATestThatRan() {
        Assumptions.assumeTrue(Boolean.getBoolean("mizuhiki.whole"), "only part of the house was tested in this run");
        var wrong = new TreeSet<String>();
        for (var row : rows()) {
            if (!row.test().isEmpty() && !ran(row.test())) {
                wrong.add(row.id() + ": " + row.test() + " did not run");
            }
        }
        assertEquals(Set.of(), wrong);
    }

    private static Path source(String testClass) {
        var ending = testClass.replace('.', '/') + ".java";
        return House.sources().stream()
                .filter(p -> p.toString().endsWith("/" + ending))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no test class " + testClass));
    }

    private static boolean ran(String testClass) {
        var room = testClass.substring("org.mizuhiki.".length()).replaceAll("\\..*", "");
        var file = House.ROOT.resolve(room).resolve("target/surefire-reports/TEST-" + testClass + ".xml");
        if (!Files.exists(file)) {
            return false;
        }
        var head = Pattern.compile("<testsuite [^>]*>").matcher(House.read(file));
        return head.find() && number(head.group(), "tests") > number(head.group(), "skipped");
    }

    private static int number(String head, String name) {
        var m = Pattern.compile(" " + name + "=\"([0-9]+)\"").matcher(head);
        return m.find() ? Integer.parseInt(m.group(1)) : 0;
    }
}
