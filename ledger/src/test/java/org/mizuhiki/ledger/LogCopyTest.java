package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;

@Tag("B2")
class LogCopyTest {
    private static final int APPENDERS = 8;
    private static final int EACH = 100;

    @TempDir
    Path folder;

    /// Small journal files, so that they are dropped while they are copied.
    private static LedgerSettings busy() {
        var quick = TestLog.quick();
        return new LedgerSettings(quick.every(), quick.patience(), quick.window(), 20_000);
    }

    private static TileLog open(TestLog test, Path copy) throws IOException {
        return TileLog.open(copy, test.signer, test.keys, test.stamps, List.of(), test.settings);
    }

    /// The appenders are many but few entries come: proving each of them is what takes time here.
    @Test
    void copiesOfABusyLogProveAllThatWasAcknowledgedBefore() throws Exception {
        var receipts = new ConcurrentHashMap<String, Receipt>();
        try (var test = new TestLog(folder, 0, 0, busy());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int t = 0; t < APPENDERS; t++) {
                int mine = t;
                var _ = threads.submit(() -> append(test, mine, receipts));
            }
            for (int enough = 0; enough < APPENDERS * EACH; enough += 200) {
                int awaited = enough;
                TestLog.await(() -> receipts.size() >= awaited);
                copyAndCheck(test, folder.resolve("copy-" + enough), Map.copyOf(receipts));
            }
            TestLog.await(() -> receipts.size() == APPENDERS * EACH);
            copyAndCheck(test, folder.resolve("copy-of-all"), Map.copyOf(receipts));
            assertTrue(Files.notExists(folder.resolve("log/journal/" + "0".repeat(20))), "journal files were dropped");
        }
    }

    private static boolean append(TestLog test, int appender, Map<String, Receipt> receipts) throws Exception {
        for (int i = 0; i < EACH; i++) {
            var name = appender + "/" + i;
            receipts.put(name, test.log.append(TestLog.entry(name)));
            Thread.sleep(10);
        }
        return true;
    }

    private static void copyAndCheck(TestLog test, Path to, Map<String, Receipt> acknowledged) throws Exception {
        long size = test.log.copyTo(to);
        assertTrue(size >= acknowledged.size());
        var copied = acknowledged.isEmpty()
                ? 0
                : checkpoint(Files.readString(to.resolve("checkpoint"))).size();
        assertTrue(copied >= acknowledged.size(), "the copied checkpoint covers what was acknowledged");
        try (var copy = open(test, to)) {
            assertEquals(size, copy.size());
            for (var known : acknowledged.entrySet()) {
                var evidence = copy.evidence(known.getValue().leaf());
                assertEquals(TestLog.entry(known.getKey()), evidence.entry());
                assertEquals(known.getValue().index(), evidence.index());
            }
            var some = acknowledged.values().stream().limit(5).toList();
            some.forEach(receipt -> test.check().check(copy.evidence(receipt.leaf()), test.keys));
            assertEquals(size, copy.append(TestLog.entry("after the copy")).index());
        }
    }

    private static Checkpoint checkpoint(String note) {
        return Checkpoint.parse(Note.parse(note).text());
    }

    /// The log's past is proven, but it must not be told a second time.
    @Test
    void aCopyThatIsOlderThanItsWitnessProvesButDoesNotGrow() throws Exception {
        try (var test = new TestLog(folder, 1, 1)) {
            test.log.append(TestLog.entry("before"));
            test.log.copyTo(folder.resolve("copy"));
            test.log.append(TestLog.entry("after"));
            test.log.evidence(TestLog.leaf("after"));
            test.log.close();
            List<Witness> witnesses = List.copyOf(test.witnesses);
            try (var copy = TileLog.open(
                    folder.resolve("copy"), test.signer, test.keys, test.stamps, witnesses, test.settings)) {
                test.check().check(copy.evidence(TestLog.leaf("before")), test.keys);
                copy.append(TestLog.entry("another past"));
                TestLog.await(() -> refuses(copy));
            }
        }
    }

    private static boolean refuses(TileLog log) {
        try {
            log.append(TestLog.entry("yet another"));
            return false;
        } catch (Refusal r) {
            return r.code().equals("ledger-forked");
        }
    }

    /// Without its witnesses a log has no new checkpoints: the copy takes what there is, and all entries.
    @Test
    void aCopyDoesNotNeedTheWitnesses() throws Exception {
        try (var test = new TestLog(folder, 1, 1, TestLog.quick().patience(Duration.ofMillis(50)))) {
            test.log.close();
            test.log = test.open(List.of());
            test.log.append(TestLog.entry("not yet"));
            assertEquals(1, test.log.copyTo(folder.resolve("copy")));
        }
    }

    @Test
    void theFilesOfACopyServeItsCheckpoint() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            for (int i = 0; i < 300; i++) {
                test.log.append(TestLog.entry("e" + i));
            }
            test.log.evidence(TestLog.leaf("e299"));
            assertEquals(300, test.log.copyTo(folder.resolve("copy")));
            for (var file : List.of(
                    "checkpoint",
                    "checkpoint.stamp",
                    "signed-checkpoint",
                    "tile/0/000",
                    "tile/0/001.p/44",
                    "tile/1/000.p/1",
                    "tile/entries/000",
                    "tile/entries/001.p/44")) {
                assertEquals(
                        -1,
                        Files.mismatch(
                                folder.resolve("log").resolve(file),
                                folder.resolve("copy").resolve(file)));
            }
        }
    }

    @Test
    void anEmptyLogIsCopiedToo() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            assertEquals(0, test.log.copyTo(folder.resolve("copy")));
            try (var copy = open(test, folder.resolve("copy"))) {
                assertEquals(0, copy.size());
            }
        }
    }

    @Test
    void aFolderWithFilesAndAClosedLogAreRefused() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            assertEquals("backup-folder-not-empty", code(() -> test.log.copyTo(folder)));
            test.log.close();
            assertEquals("ledger-unavailable", code(() -> test.log.copyTo(folder.resolve("copy"))));
        }
    }

    /// A backup that was broken off must not pass for a shorter log.
    @Test
    void aCopyWithoutItsJournalDoesNotOpen() throws Exception {
        try (var test = new TestLog(folder, 0, 0)) {
            test.log.append(TestLog.entry("one"));
            test.log.evidence(TestLog.leaf("one"));
            test.log.copyTo(folder.resolve("copy"));
            Files.delete(folder.resolve("copy/journal/" + "0".repeat(20)));
            assertEquals("ledger-damaged", code(() -> open(test, folder.resolve("copy"))));
        }
    }

    private static String code(org.junit.jupiter.api.function.Executable executable) {
        return assertThrows(Refusal.class, executable).code();
    }
}
