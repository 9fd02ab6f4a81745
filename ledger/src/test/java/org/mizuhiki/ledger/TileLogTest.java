package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.tree.NaiveTree;
import org.mizuhiki.ledger.tree.Proofs;

@Tag("B2")
class TileLogTest {
    @TempDir
    Path folder;

    @Test
    void whatWasAppendedIsProvenOffline() throws Exception {
        try (var test = new TestLog(folder, 2, 2)) {
            for (int i = 0; i < 600; i++) {
                assertEquals(new Receipt(i, TestLog.leaf("e" + i)), test.log.append(TestLog.entry("e" + i)));
            }
            for (int i : List.of(0, 1, 255, 256, 511, 512, 599)) {
                var evidence = test.log.evidence(TestLog.leaf("e" + i));
                assertEquals(TestLog.entry("e" + i), evidence.entry());
                assertEquals(FakeStamps.NOON, test.check().check(evidence, test.keys));
            }
        }
    }

    @Test
    void theSameEntryAgainHasTheSameReceiptAlsoAfterReopening() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            var first = test.log.append(TestLog.entry("once"));
            test.log.append(TestLog.entry("other"));
            assertEquals(first, test.log.append(TestLog.entry("once")));
            test.reopen();
            assertEquals(first, test.log.append(TestLog.entry("once")));
            assertEquals(2, test.log.size());
        }
    }

    @Test
    void manyThreadsGetOneOrderWithoutGapsOrTwins() throws Exception {
        var receipts = new ConcurrentHashMap<Long, Digest>();
        try (var test = new TestLog(folder, 1, 1)) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int t = 0; t < 200; t++) {
                    int mine = t;
                    threads.execute(() -> {
                        for (int i = 0; i < 50; i++) {
                            // every second entry is brought by two threads at once
                            var receipt = test.log.append(TestLog.entry((mine / 2 * 2 + mine % 2 * (i % 2)) + "/" + i));
                            var other = receipts.put(receipt.index(), receipt.leaf());
                            assertTrue(other == null || other.equals(receipt.leaf()));
                        }
                    });
                }
            }
            assertEquals(7500, receipts.size());
            assertEquals(7500, new HashSet<>(receipts.values()).size());
            assertEquals(7500, test.log.size());
            var leaves = new ArrayList<byte[]>();
            new java.util.TreeMap<>(receipts).values().forEach(leaf -> leaves.add(leaf.toArray()));
            var last = test.log.evidence(Digest.ofHash(leaves.getLast()));
            var checkpoint =
                    Checkpoint.parse(Note.parse(last.checkpoint().note()).text());
            assertEquals(Digest.ofHash(NaiveTree.root(leaves)), checkpoint.root());
            test.check().check(last, test.keys);
        }
    }

    @Test
    void checkpointsExtendEachOther() throws Exception {
        var seen = new ArrayList<Checkpoint>();
        try (var test = new TestLog(folder, 1, 1)) {
            for (int i = 0; i < 40; i++) {
                test.log.append(TestLog.entry("e" + i));
                var evidence = test.log.evidence(TestLog.leaf("e" + i));
                seen.add(Checkpoint.parse(
                        Note.parse(evidence.checkpoint().note()).text()));
            }
            var last = seen.getLast();
            for (var older : seen) {
                var proof = test.log.consistency(older.size(), last.size());
                assertTrue(Proofs.extending(older.size(), older.root(), last.size(), last.root(), proof));
            }
            assertThrows(Refusal.class, () -> test.log.consistency(3, 1000));
            assertThrows(Refusal.class, () -> test.log.consistency(-1, 3));
        }
    }

    @Test
    void noCheckpointIsMadeWhenNothingIsNew() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            assertEquals(
                    "checkpoint-late",
                    assertThrows(Refusal.class, test.log::checkpoint).code());
            test.log.append(TestLog.entry("one"));
            test.log.evidence(TestLog.leaf("one"));
            int made = test.stamps.made.get();
            var checkpoint = test.log.checkpoint();
            test.log.append(TestLog.entry("one"));
            test.reopen();
            Thread.sleep(100);
            assertEquals(made, test.stamps.made.get());
            assertEquals(checkpoint, test.log.checkpoint());
        }
    }

    @Test
    void aStampAuthorityThatIsAwayStopsNoAppends() throws Exception {
        var impatient = TestLog.quick().patience(Duration.ofMillis(100));
        try (var test = new TestLog(folder, 1, 1, impatient)) {
            test.stamps.leave();
            for (int i = 0; i < 300; i++) {
                test.log.append(TestLog.entry("e" + i));
            }
            var late = assertThrows(Refusal.class, () -> test.log.evidence(TestLog.leaf("e7")));
            assertEquals("checkpoint-late", late.code());
            TestLog.await(() -> test.log.trouble().isPresent());
            assertEquals("stamp-unavailable", test.log.trouble().orElseThrow().code());
            test.stamps.comeBack();
            TestLog.await(() -> test.log.published() == 300);
            test.check().check(test.log.evidence(TestLog.leaf("e7")), test.keys);
        }
    }

    @Test
    void anUnknownEntryAndOneTooLargeAreRefused() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            var unknown = assertThrows(Refusal.class, () -> test.log.evidence(TestLog.leaf("never")));
            assertEquals("entry-unknown", unknown.code());
            var large = new Entry("k".repeat(4096), TestLog.leaf("x"));
            assertEquals(
                    "entry-too-large",
                    assertThrows(Refusal.class, () -> test.log.append(large)).code());
        }
    }

    @Test
    void oneFolderIsOpenOnceOnly() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            assertEquals(
                    "ledger-in-use",
                    assertThrows(Refusal.class, () -> test.open(List.of())).code());
        }
    }

    @Test
    void afterClosingNothingIsTaken() throws Exception {
        var test = new TestLog(folder, 0, 0);
        test.close();
        assertEquals(
                "ledger-unavailable",
                assertThrows(Refusal.class, () -> test.log.append(TestLog.entry("late")))
                        .code());
    }

    @Test
    void aLogThatLostSignedEntriesDoesNotOpen() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            for (int i = 0; i < 10; i++) {
                test.log.append(TestLog.entry("e" + i));
            }
            test.log.evidence(TestLog.leaf("e9"));
            test.log.close();
            var journal = folder.resolve("log/journal/00000000000000000000");
            var bytes = Files.readAllBytes(journal);
            Files.write(journal, java.util.Arrays.copyOf(bytes, bytes.length - 1));
            assertEquals(
                    "ledger-damaged",
                    assertThrows(Refusal.class, () -> test.open(List.of())).code());
        }
    }

    @Test
    void journalFilesGoOnceTheirTilesAreSafeAndNothingIsLost() throws Exception {
        var small = new LedgerSettings(Duration.ofMillis(5), Duration.ofSeconds(5), 1 << 17, 20_000);
        try (var test = new TestLog(folder, 1, 1, small)) {
            for (int round = 0; round < 4; round++) {
                int from = round * 2000;
                try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = from; i < from + 2000; i++) {
                        var entry = TestLog.entry("e" + i);
                        threads.execute(() -> test.log.append(entry));
                    }
                }
                TestLog.await(() -> test.log.published() == from + 2000);
                test.reopen();
            }
            try (var files = Files.list(folder.resolve("log/journal"))) {
                assertTrue(files.noneMatch(f -> f.endsWith("00000000000000000000")));
            }
            for (int i = 0; i < 8000; i += 97) {
                test.check().check(test.log.evidence(TestLog.leaf("e" + i)), test.keys);
            }
        }
    }
}
