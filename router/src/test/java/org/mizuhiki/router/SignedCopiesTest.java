package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Member;

/// What becomes of signed records once the centre has said something about them.
@Tag("D9")
class SignedCopiesTest {
    private static final String ONE = "1".repeat(32);
    private static final String OTHER = "2".repeat(32);

    @TempDir
    Path folder;

    private final Desk desk = new Desk();

    /// A chain that has ended, with so many batches.
    private void ended(String connection, int batches) {
        var chain = new LogChain(folder.resolve(connection));
        for (int n = 1; n < batches; n++) {
            chain.note(RecordsTest.lines(1), List.of(), 10_000);
            chain.sign(false, RecordsTest.SIGNING);
        }
        chain.sign(true, RecordsTest.SIGNING);
    }

    private Records records(Instant now) {
        return new Records(folder, desk, around(now));
    }

    private static void turn(Records records, Instant at) {
        records.look(List.of(), List.of(), at);
    }

    private static IllegalStateException unasked() {
        return new IllegalStateException("nobody asks here");
    }

    private static Around around(Instant now) {
        return new Around(
                new Member.Service("1319900140", "medical-vpn", new Member.Device("v", "m", "1")),
                () -> {
                    throw unasked();
                },
                _ -> {
                    throw unasked();
                },
                _ -> {
                    throw unasked();
                },
                () -> {
                    throw unasked();
                },
                Pair.PROVIDER,
                new TwoRouters.Believing(() -> "centre"),
                _ -> {
                    throw unasked();
                },
                _ -> {},
                new Seals(Pair.DIE),
                Clock.fixed(now, ZoneOffset.UTC),
                Pair.DIE,
                () -> {
                    throw unasked();
                },
                Optional::empty);
    }

    private boolean has(String connection, String file) {
        return Files.exists(folder.resolve(connection).resolve(file));
    }

    @Test
    void theyStayNinetyDaysAfterTheEndAlsoOverRestartsAndThenGo() {
        ended(ONE, 2);
        desk.refusing.put(2L, "log-forged");
        turn(records(Pair.NOW), Pair.NOW);
        var later = Pair.NOW.plus(Duration.ofDays(10));
        ended(OTHER, 1);
        turn(records(later), later);
        assertTrue(has(ONE, "1.taken.json") && has(ONE, "2.log-forged.json") && has(OTHER, "1.taken.json"));
        var records = records(later);
        turn(records, Pair.NOW.plus(Duration.ofDays(90)).minusSeconds(1));
        assertEquals(List.of(new RefusedBatch(ONE, 2, "log-forged")), records.refusedRecords());
        turn(records, Pair.NOW.plus(Duration.ofDays(90)));
        assertFalse(Files.exists(folder.resolve(ONE)));
        assertTrue(has(OTHER, "1.taken.json"));
        assertEquals(List.of(), records.refusedRecords());
    }

    /// What is refused for now holds up its own connection's; what is refused for good, nobody's.
    @Test
    void oneConnectionsRecordsHoldUpNoOthers() {
        ended(ONE, 1);
        ended(OTHER, 3);
        desk.refusing.put(1L, "log-full");
        new LogChain(folder.resolve(OTHER)).acknowledged(1);
        var records = records(Pair.NOW);
        turn(records, Pair.NOW);
        assertEquals(2, desk.batches.size());
        assertEquals(1, records.unheard());
        assertTrue(has(ONE, "1.json"));
        desk.refusing.clear();
        turn(records, Pair.NOW);
        assertEquals(0, records.unheard());
        assertTrue(has(ONE, "1.taken.json"));
    }

    @Test
    void whereRoomIsShortWhatTheCentreRefusedStaysLongest() throws Exception {
        for (var connection : List.of(ONE, OTHER)) {
            ended(connection, 2);
            new LogChain(folder.resolve(connection)).refused(1, "log-forged");
        }
        new LogChain(folder.resolve(ONE)).acknowledged(2);
        var older = new LogChain(folder.resolve(ONE));
        var newer = new LogChain(folder.resolve(OTHER));
        newer.acknowledged(2);
        // what ten thousand others leave room for
        for (int n = 3; n < 10_001; n++) {
            Files.writeString(folder.resolve(OTHER).resolve(n + ".taken.json"), "{}");
        }
        older.finish(Pair.NOW);
        newer.finish(Pair.NOW.plusSeconds(1));
        turn(records(Pair.NOW.plusSeconds(2)), Pair.NOW.plusSeconds(2));
        assertTrue(has(ONE, "1.log-forged.json"));
        assertFalse(has(ONE, "2.taken.json"), "the older connection's, of which the centre has one");
        assertFalse(has(OTHER, "2.taken.json"));
        assertTrue(has(OTHER, "1.log-forged.json") && has(OTHER, "3.taken.json"));
    }

    /// A centre that is away is asked once a turn, however many wait.
    @Test
    void whileTheCentreIsAwayAllWait() {
        ended(ONE, 2);
        ended(OTHER, 2);
        desk.away = true;
        var records = records(Pair.NOW);
        turn(records, Pair.NOW);
        assertEquals(4, records.unheard());
        desk.away = false;
        turn(records, Pair.NOW);
        assertEquals(0, records.unheard());
        assertEquals(4, desk.batches.size());
    }
}
