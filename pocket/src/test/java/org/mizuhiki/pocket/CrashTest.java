package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.store.Store;

/// The process dies, or a server goes away, before or after any call of a send; the next run completes it
/// once.
@ExtendWith(World.Given.class)
@Tag("V2")
class CrashTest {
    @TempDir
    Path folder;

    /// kill -9, as far as one process can play it: nothing of the flow runs on.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /// Counts calls to the servers and strikes at one of them.
    static final class Fate {
        private final int strikeAt;
        private final boolean after;
        private final boolean kill;
        private int calls;

        Fate(int strikeAt, boolean after, boolean kill) {
            this.strikeAt = strikeAt;
            this.after = after;
            this.kill = kill;
        }

        Object touch(String method, Object[] arguments, Callable<Object> real) throws Exception {
            boolean struck = ++calls == strikeAt;
            if (struck && !after) {
                strike();
            }
            var answer = real.call();
            if (struck) {
                strike();
            }
            return answer;
        }

        boolean wasReached() {
            return calls >= strikeAt;
        }

        private void strike() {
            if (kill) {
                throw new Killed();
            }
            throw Refusal.of("peer-unreachable", "届きません", "nobody answers");
        }

        Region over(Region r) {
            return new Region(
                    Tampered.with(KeyServer.class, r.keys(), this::touch),
                    Tampered.with(Store.class, r.store(), this::touch),
                    r.directory(),
                    r.enrolment(),
                    Tampered.with(Ledger.class, r.ledger(), this::touch),
                    r.stamps(),
                    r.validator(),
                    r.evidenceCheck(),
                    r.directoryCheck(),
                    r.statements(),
                    r.statute(),
                    r.trust());
        }
    }

    @Test
    void aSendThatIsKilledAnywhereCompletesExactlyOnce(World world) throws Exception {
        sendsOnceWhateverHappens(world, true);
    }

    @Test
    void aSendWhoseServersGoAwayAnywhereCompletesExactlyOnce(World world) throws Exception {
        sendsOnceWhateverHappens(world, false);
    }

    private void sendsOnceWhateverHappens(World world, boolean kill) throws Exception {
        var a = world.doctorA();
        var patient = world.patient();
        world.relate(a, patient);
        int struck = 0;
        for (int step = 1; ; step++) {
            boolean any = false;
            for (boolean after : List.of(false, true)) {
                var letter = kill ? Letters.full(patient.id(), folder) : Letters.plain(patient.id());
                var draft = Letters.draft(a.pocket(), letter);
                int before = letters(world, a, patient);
                var fated = world.pocket(a, new Fate(step, after, kill).over(world.region));
                any |= attempt(() -> fated.post().send(draft), draft);
                // the next run of the program: first the outbox, then the person tries again
                var next = world.pocket(a, world.region);
                assertTrue(next.errands().push().held().isEmpty());
                var sent = next.post().send(draft);
                assertEquals(sent, next.post().send(draft));
                assertEquals(before + 1, letters(world, a, patient), "step " + step + " after " + after);
                assertTrue(next.errands().waiting().isEmpty());
                assertTrue(next.post().drafts().stream().noneMatch(d -> d.id().equals(draft)));
            }
            if (!any) {
                break;
            }
            struck++;
        }
        assertTrue(struck >= (kill ? 7 : 5), "calls that could fail: " + struck);
    }

    /// @return whether it was struck
    private static boolean attempt(Callable<?> flow, Object what) throws Exception {
        try {
            flow.call();
            return false;
        } catch (Killed e) {
            return true;
        } catch (Refusal e) {
            assertEquals("peer-unreachable", e.code(), String.valueOf(what));
            return true;
        }
    }

    private static int letters(World world, World.Player author, World.Player patient) {
        var count = new int[1];
        long before = Long.MAX_VALUE;
        while (true) {
            var page = world.region.keys().involving(patient.id(), KeyServer.MAX_PAGE, before);
            if (page.isEmpty()) {
                return count[0];
            }
            for (var filed : page) {
                before = filed.number();
                if (world.checked(filed.signed()) instanceof LetterSealed s && s.by().equals(author.id())) {
                    count[0]++;
                }
            }
        }
    }

    @Test
    void aGrantThatIsKilledAnywhereIsGivenExactlyOnce(World world) throws Exception {
        var a = world.doctorA();
        var b = world.doctorB();
        world.relate(a, world.patient());
        for (int step = 1; ; step++) {
            var letter = a.pocket()
                    .post()
                    .send(Letters.draft(
                            a.pocket(), Letters.plain(world.patient().id())))
                    .letter();
            var fated = world.pocket(a, new Fate(step, true, true).over(world.region));
            boolean struck = attempt(() -> fated.grants().give(letter, b.id(), Duration.ofDays(1), "referral"), step);
            var next = world.pocket(a, world.region);
            next.errands().push();
            if (grants(world, a, letter) == 0) {
                next.grants().give(letter, b.id(), Duration.ofDays(1), "referral");
            }
            assertEquals(1, grants(world, a, letter), "step " + step);
            b.pocket().reading().open(letter, "treatment");
            if (!struck) {
                break;
            }
        }
    }

    private static long grants(World world, World.Player author, Digest letter) {
        return world.region.keys().aboutLetter(author.id(), letter).stream()
                .map(f -> world.region.statements().check(f.signed()).statement())
                .filter(LateralGrant.class::isInstance)
                .count();
    }

    @Test
    void anErrandThatWaitsIsShownAndCanBeDropped(World world) throws Exception {
        var a = world.somebody(world.newDoctor());
        world.relate(a, world.patient());
        var draft = Letters.draft(a.pocket(), Letters.plain(world.patient().id()));
        var offline = Tampered.with(KeyServer.class, world.region.keys(), (method, _, real) -> {
            if (method.equals("file")) {
                throw Refusal.of("peer-unreachable", "届きません", "nobody answers");
            }
            return real.call();
        });
        var fated = world.pocket(a, Regions.keys(world.region, offline));
        Refused.with("peer-unreachable", () -> fated.post().send(draft));
        var waiting = a.pocket().errands().waiting();
        assertEquals(
                List.of("letter"), waiting.stream().map(Errands.Waiting::kind).toList());
        a.pocket().errands().drop(waiting.getFirst().id());
        assertTrue(a.pocket().errands().waiting().isEmpty());
    }
}
