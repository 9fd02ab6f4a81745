package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A disk that fills up while entries come in, for real: a small tmpfs.
@Tag("B2")
class FullDiskTest {
    @TempDir
    Path folder;

    @Test
    void aFullDiskRefusesLosesNothingAndGoesOnOnceThereIsSpace() throws Exception {
        var disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", "size=64m", "mizuhiki-test", disk.toString()),
                "a small disk can be mounted only by root; skipped");
        try {
            var ballast = disk.resolve("ballast");
            // two MiB are left at first; afterwards there is room for every partial tile of any number of checkpoints
            Files.write(ballast, new byte[62 << 20]);
            fill(disk, ballast);
        } finally {
            assertTrue(run("umount", disk.toString()));
        }
    }

    private static void fill(Path disk, Path ballast) throws Exception {
        var receipts = new HashMap<String, Receipt>();
        try (var test = new TestLog(disk, 0, 0)) {
            assertEquals("ledger-full", appendUntilRefused(test, receipts, "a"));
            int before = receipts.size();
            assertTrue(before > 100);
            assertEquals("ledger-full", appendUntilRefused(test, receipts, "b"));
            Files.delete(ballast);
            for (int i = 0; i < 50; i++) {
                receipts.put("c" + i, test.log.append(large("c" + i)));
            }
            TestLog.await(() -> test.log.published() == test.log.size());
            check(test, receipts);
            test.reopen();
            check(test, receipts);
        }
    }

    private static void check(TestLog test, Map<String, Receipt> receipts) {
        receipts.forEach((name, receipt) -> assertEquals(receipt, test.log.append(large(name))));
        assertEquals(receipts.size(), test.log.size());
        var sample = receipts.keySet().stream().limit(20).toList();
        sample.forEach(name -> test.check().check(test.log.evidence(large(name).leaf()), test.keys));
    }

    private static String appendUntilRefused(TestLog test, Map<String, Receipt> receipts, String prefix) {
        try {
            for (int i = 0; i < 100_000; i++) {
                receipts.put(prefix + i, test.log.append(large(prefix + i)));
            }
            return "never";
        } catch (Refusal r) {
            return r.code();
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// Large entries fill the disk soon.
    private static Entry large(String name) {
        return new Entry("k".repeat(3000), Bytes.utf8(name).sha256());
    }
}
