package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.World.Player;
import org.mizuhiki.provisional.Registration.Stage;
import org.mizuhiki.store.Store;

/// Provisional registration when a server is away, answers wrongly or hears nothing.
@ExtendWith(World.Given.class)
@Tag("V8")
@Tag("V10")
class RegisteringTroubleTest {
    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    Path folder;

    private Registering.Registered registered(World world, Player registrar) throws IOException {
        return world.registering(registrar).register(RegisteringTest.picture(folder), MONTH, MONTH);
    }

    /// No device says anything to the key server here.
    @Test
    void whatTheOperatorWithdrewIsClosedToThoseWhoRestOnIt(World world) throws Exception {
        var people = world.registrars(2);
        var registered = registered(world, people.registrar());
        var letter = RegisteringTest.sent(people.registrar(), registered);
        people.registrar().pocket().grants().give(letter, world.doctorB().id(), MONTH, "referral");
        world.doctorB().pocket().reading().open(letter, "treatment");
        assertEquals(1, world.provisionals.withdraw(people.registrar().id(), true));
        world.keys.settle();
        Refused.with(
                "relation-revoked", () -> world.doctorB().pocket().reading().open(letter, "treatment"));
        people.registrar().pocket().reading().open(letter, "own");
    }

    @Test
    void oneLetterThatCannotBeHadKeepsNobodyFromTheOthers(World world) throws Exception {
        var people = world.registrars(5);
        var a = people.registrar();
        var registered = registered(world, a);
        var good = RegisteringTest.sent(a, registered);
        var bad = RegisteringTest.sent(a, registered);
        var made = world.activated(registered.secret(), registered.patient().value());
        // away for now: the secret stays, and all is tried again
        var away = storeAnswering(world, bad, "peer-unreachable");
        Refused.with(
                "peer-unreachable", () -> world.pocket(made, away).activation().finish(World.passphrase()));
        // gone: it is left out and named, the rest is finished, and the sheet is over
        var gone = storeAnswering(world, bad, "blob-unknown");
        var done = world.pocket(made, gone).activation().finish(World.passphrase());
        assertEquals(List.of(bad), List.copyOf(done.left().keySet()));
        assertEquals(
                List.of("blob-unknown"),
                done.left().values().stream()
                        .map(org.mizuhiki.house.Refusal::code)
                        .toList());
        made.pocket().reading().open(good, "own");
        assertEquals(
                Stage.ACTIVATED, world.registering(a).find(registered.patient()).stage());
        Refused.with("letter-unknown", () -> made.pocket().reading().open(bad, "own"));
        // and its author seals it for the patient's own key
        var again = a.pocket().newKeys().reseal(world.resealing(), java.util.Optional.of(registered.patient()));
        assertEquals(List.of(bad), again.letters());
        made.pocket().reading().open(bad, "own");
        assertTrue(made.pocket().notices().list().stream()
                .anyMatch(n -> n.statement().orElseThrow().kind().equals("letter-resealed")));
    }

    private static Region storeAnswering(World world, Digest blob, String code) {
        var store = Tampered.with(Store.class, world.region.store(), (method, arguments, call) -> {
            if (method.equals("fetch") && arguments[1].equals(blob)) {
                throw org.mizuhiki.house.Refusal.of(code, "テスト", "for this test");
            }
            return call.call();
        });
        return Regions.store(world.region, store);
    }

    /// A registration without a sheet would be a patient's ID that nobody can ever use.
    @Test
    void aStampAuthorityThatIsAwayKeepsAnybodyFromBeingCounted(World world) throws Exception {
        var people = world.registrars(1);
        for (int working = 0; working < 3; working++) {
            var left = new java.util.concurrent.atomic.AtomicInteger(2 * working);
            org.mizuhiki.seal.StampAuthority leaving = imprint -> {
                if (left.getAndDecrement() <= 0) {
                    throw org.mizuhiki.house.Refusal.of("peer-unreachable", "応答なし", "nobody answers");
                }
                return world.stamps.stamp(imprint);
            };
            var pocket = world.pocket(people.registrar(), Regions.stamps(world.region, leaving));
            var desk =
                    pocket.registering(world.provisionals.of(people.registrar().member()));
            try {
                desk.register(
                        RegisteringTest.picture(Files.createDirectories(folder.resolve("try-" + working))),
                        MONTH,
                        MONTH);
            } catch (org.mizuhiki.house.Refusal away) {
                assertEquals("peer-unreachable", away.code());
                assertTrue(world.registering(people.supervisor()).list().isEmpty());
            }
        }
    }

    @Test
    void aRegistrationNeverOutlivesItsRegistrarsAccreditation(World world) throws Exception {
        var people = world.registrars(1);
        var shorter = Duration.ofDays(10);
        world.provisionals.accredit(people.registrar().id(), people.supervisor().id(), 1, shorter);
        // a device that does not keep to it
        var honest = world.provisionals.of(people.registrar().member());
        var claiming = Tampered.with(org.mizuhiki.provisional.Provisionals.class, honest, (method, _, call) -> {
            var answer = call.call();
            return answer instanceof org.mizuhiki.provisional.Accredited a
                    ? new org.mizuhiki.provisional.Accredited(
                            a.person(),
                            a.institution(),
                            a.supervisor(),
                            a.quota(),
                            a.used(),
                            a.expires().plus(MONTH),
                            a.ended())
                    : answer;
        });
        Refused.with(
                "registration-too-long",
                () -> people.registrar()
                        .pocket()
                        .registering(claiming)
                        .register(RegisteringTest.picture(folder), MONTH, MONTH));
        var registered = registered(world, people.registrar());
        assertTrue(
                registered.until().isBefore(world.clock.instant().plus(shorter).plusSeconds(1)));
    }

    /// Stands for a device that loses its power.
    private static final class Died extends Error {
        private static final long serialVersionUID = 1L;
    }

    /// What is on disk when the device dies, and what is not.
    private static final class Desktop implements Registering.Paper {
        private final List<Registering.Sheet> written = new java.util.ArrayList<>();

        @Override
        public void write(Registering.Sheet sheet) {
            written.add(sheet);
        }

        @Override
        public void discard() {
            written.clear();
        }
    }

    @Test
    void aDeviceThatDiesAfterTheAuthoritysAnswerLosesNoSheetAndTheNextCommandTellsTheRest(World world)
            throws Exception {
        var people = world.registrars(1);
        var a = people.registrar();
        var honest = world.provisionals.of(a.member());
        var dying = Tampered.with(org.mizuhiki.provisional.Provisionals.class, honest, (method, _, call) -> {
            var answer = call.call();
            if (method.equals("register")) {
                throw new Died();
            }
            return answer;
        });
        var paper = new Desktop();
        org.junit.jupiter.api.Assertions.assertThrows(
                Died.class,
                () -> a.pocket().registering(dying).register(RegisteringTest.picture(folder), MONTH, MONTH, paper));
        var sheet = paper.written.getFirst();
        assertEquals(
                Stage.PROVISIONAL, world.registering(a).find(sheet.patient()).stage());
        // the next command on this device
        var again = world.pocket(a, world.region);
        assertEquals(1, again.errands().push().done().size());
        assertEquals(List.of(), again.errands().waiting());
        var patient = world.activated(sheet.secret(), sheet.patient().value());
        assertEquals(sheet.patient(), patient.id());
    }

    @Test
    void aSheetIsDiscardedOnlyWhenTheAuthorityHasNoSuchId(World world) throws Exception {
        var people = world.registrars(1);
        registered(world, people.registrar());
        var paper = new Desktop();
        var second = Files.createDirectories(folder.resolve("second"));
        Refused.with(
                "registrar-quota",
                () -> world.registering(people.registrar())
                        .register(RegisteringTest.picture(second), MONTH, MONTH, paper));
        assertEquals(List.of(), paper.written);
        assertEquals(List.of(), people.registrar().pocket().errands().waiting());

        // the answer is lost, and nobody can be asked
        var honest = world.provisionals.of(people.registrar().member());
        var silent = Tampered.with(org.mizuhiki.provisional.Provisionals.class, honest, (method, _, call) -> {
            if (method.equals("register") || method.equals("find")) {
                throw org.mizuhiki.house.Refusal.of("peer-unreachable", "応答なし", "nobody answers");
            }
            return call.call();
        });
        var third = Files.createDirectories(folder.resolve("third"));
        Refused.with(
                "peer-unreachable",
                () -> people.registrar()
                        .pocket()
                        .registering(silent)
                        .register(RegisteringTest.picture(third), MONTH, MONTH, paper));
        assertEquals(1, paper.written.size());
    }
}
