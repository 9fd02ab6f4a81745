package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.LogFollower.Read;

@Tag("B2")
class LogFollowerTest {
    @TempDir
    Path folder;

    private static LogFollower follower(TestLog test, LogSource source) {
        return new LogFollower(source, test.offline(), test.keys);
    }

    private static LogPosition further(LogFollower follower, LogPosition last, List<Entry> into) {
        var read = follower.follow(last, (entry, index) -> {
            assertEquals(into.size(), index);
            into.add(entry);
        });
        return assertInstanceOf(Read.Further.class, read).position();
    }

    /// The newest entry is under a checkpoint once its evidence is there.
    private static void append(TileLog log, String prefix, int from, int to) {
        for (int i = from; i < to; i++) {
            log.append(TestLog.entry(prefix + i));
        }
        log.evidence(TestLog.leaf(prefix + (to - 1)));
    }

    /// The same log's keys over what was in it at this moment.
    private static TileLog copy(TestLog test, String name) throws IOException {
        var copied = test.folder.resolve(name);
        test.log.copyTo(copied);
        return TileLog.open(copied, test.signer, test.keys, test.stamps, List.of(), test.settings);
    }

    @Test
    void aLogIsReadOnceAndThenFromWhereItWasLeft() throws Exception {
        try (var test = new TestLog(folder, 1, 1)) {
            var follower = follower(test, test.log);
            var seen = new ArrayList<Entry>();
            var position = LogPosition.START;
            int size = 0;
            for (int next : new int[] {1, 2, 255, 256, 257, 600, 1023}) {
                append(test.log, "e", size, next);
                size = next;
                position = further(follower, position, seen);
                assertEquals(size, position.size());
                assertEquals(size, seen.size());
                assertEquals(TestLog.entry("e" + (size - 1)), seen.getLast());
            }
            // nothing is new: nothing is handed out
            assertEquals(position, further(follower, position, seen));
            assertEquals(
                    position.root(),
                    further(follower, LogPosition.START, new ArrayList<>()).root());
        }
    }

    @Test
    void anEntryKeepsItsLabelThroughLogProofAndBundle() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            var entry = new Entry(
                    "key-entry",
                    Bytes.utf8("r").sha256(),
                    Optional.of(Bytes.utf8("l").sha256()));
            test.log.append(entry);
            var evidence = test.log.evidence(entry.leaf());
            assertEquals(entry, evidence.entry());
            test.check().check(evidence, test.keys);
            var seen = new ArrayList<Entry>();
            further(follower(test, test.log), LogPosition.START, seen);
            assertEquals(List.of(entry), seen);
            var bundle = new Bundle(List.of(Bundle.Item.of(evidence)));
            assertEquals(bundle, BundleFile.read(BundleFile.write(bundle)));
            // without its label it is another entry
            var bare = new Evidence(
                    new Entry(entry.kind(), entry.record()), evidence.index(), evidence.path(), evidence.checkpoint());
            assertEquals(
                    "evidence-broken",
                    assertThrows(Refusal.class, () -> test.check().check(bare, test.keys))
                            .code());
        }
    }

    @Test
    void aForkOfWhatWasReadIsNoticedAndProvenToOthers() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            append(test.log, "e", 0, 10);
            try (var fork = copy(test, "fork")) {
                append(test.log, "e", 10, 20);
                append(fork, "f", 10, 20);
                var mine = further(follower(test, test.log), LogPosition.START, new ArrayList<>());
                var same = broken(follower(test, fork), mine);
                assertEquals("ledger-forked", same.why().code());
                assertEquals(Contradiction.Proof.TWO_TREES, same.proves(test.offline(), test.keys));
                // a longer fork is noticed as well, but proves nothing to those who met neither
                append(fork, "f", 20, 30);
                var longer = broken(follower(test, fork), mine);
                assertEquals("ledger-forked", longer.why().code());
                assertEquals(Contradiction.Proof.NOTHING, longer.proves(test.offline(), test.keys));
            }
        }
    }

    @Test
    void aLogThatWasRolledBackIsNoticed() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            append(test.log, "e", 0, 10);
            try (var old = copy(test, "old")) {
                append(test.log, "e", 10, 20);
                var mine = further(follower(test, test.log), LogPosition.START, new ArrayList<>());
                assertEquals(
                        "ledger-rolled-back",
                        broken(follower(test, old), mine).why().code());
            }
        }
    }

    @Test
    void twoReadersOfOneLogAgreeAndOfTwoDoNot() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            append(test.log, "e", 0, 10);
            var early = further(follower(test, test.log), LogPosition.START, new ArrayList<>());
            try (var fork = copy(test, "fork")) {
                append(test.log, "e", 10, 300);
                append(fork, "f", 10, 20);
                var mine = further(follower(test, test.log), LogPosition.START, new ArrayList<>());
                var theirs = further(follower(test, fork), early, new ArrayList<>(List.of(seen(10))));
                var follower = follower(test, test.log);
                assertEquals(Optional.empty(), follower.compare(mine, early));
                assertEquals(Optional.empty(), follower.compare(LogPosition.START, mine));
                assertEquals(
                        "ledger-forked",
                        follower.compare(theirs, mine).orElseThrow().why().code());
            }
        }
    }

    @Test
    void entriesThatAreNotThoseSignedAreNotTaken() throws Exception {
        try (var test = new TestLog(folder, 1, 1)) {
            append(test.log, "e", 0, 5);
            var lying = new LogSource() {
                @Override
                public SignedCheckpoint checkpoint() {
                    return test.log.checkpoint();
                }

                @Override
                public List<Digest> consistency(long older, long newer) {
                    return test.log.consistency(older, newer);
                }

                @Override
                public Bytes tileBytes(String path) {
                    var bytes = test.log.tileBytes(path).toArray();
                    int at = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1).lastIndexOf("care") + 3;
                    bytes[at] = 'f'; // still an entry, but another
                    return Bytes.of(bytes);
                }
            };
            var broken = broken(follower(test, lying), LogPosition.START);
            assertEquals("ledger-forked", broken.why().code());
        }
    }

    @Test
    void aPositionThatTheLogNeverSignedIsNotGoneOnFrom() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            append(test.log, "e", 0, 5);
            var follower = follower(test, test.log);
            var true5 = further(follower, LogPosition.START, new ArrayList<>());
            var bent = new LogPosition(5, true5.peaks().reversed(), true5.checkpoint());
            var refused = assertThrows(Refusal.class, () -> follower.follow(bent, (_, _) -> {}));
            assertEquals("log-position-malformed", refused.code());
            assertThrows(Refusal.class, () -> new LogPosition(6, true5.peaks().subList(0, 1), true5.checkpoint()));
            assertTrue(true5.checkpoint().isPresent());
        }
    }

    private static Entry[] seen(int count) {
        var some = new Entry[count];
        java.util.Arrays.fill(some, TestLog.entry("before"));
        return some;
    }

    private static Contradiction broken(LogFollower follower, LogPosition last) {
        return assertInstanceOf(Read.Broken.class, follower.follow(last, (_, _) -> {}))
                .contradiction();
    }
}
