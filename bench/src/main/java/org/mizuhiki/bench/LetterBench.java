package org.mizuhiki.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.apps.LetterLoad;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.trust.KeyFiles;

/// Letters through all servers, next to one ECDSA signature and check in the same run: how many of them a
/// letter costs; then a profile of where processors spend their time on them.
final class LetterBench implements Benchmark {
    /// Each device waits for the checkpoint that proves its statement, five times a second at most: only
    /// several of them together fill two cores.
    private static final LetterLoad.Day DAY = new LetterLoad.Day(12, 20);

    private final Clock clock;
    private final SecureRandom die;

    LetterBench(SecureRandom die, Clock clock) {
        this.clock = clock;
        this.die = die;
    }

    @Override
    public String name() {
        return "letter";
    }

    @Override
    public List<Row> run() throws Exception {
        double baseline = signaturesPerSecond();
        var rows = new ArrayList<Row>();
        inFolder(folder -> {
            var load = LetterLoad.onProcesses(folder, DAY, clock, die);
            rows.add(row("letters written, sealed, sent, logged and granted, /s", load.sent(), baseline));
            rows.add(row("letters opened with every check, /s", load.opened(), baseline));
            rows.add(new Row("memory of the region's servers, MiB", load.memory(), "", 0, Double.NaN));
        });
        inFolder(folder -> {
            var profile = new Profile();
            LetterLoad.inProcess(folder, DAY, clock, die, profile::watch);
            rows.addAll(profile.rows());
        });
        return rows;
    }

    @FunctionalInterface
    private interface Use {
        void of(Path folder) throws Exception;
    }

    private static void inFolder(Use use) throws Exception {
        var folder = Files.createTempDirectory("mizuhiki-bench-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        try {
            use.of(folder);
        } finally {
            Folders.clear(folder);
        }
    }

    private static Row row(String what, double value, double baseline) {
        return new Row(what, value, "ECDSA P-256 sign+verify pairs/s, one thread", baseline, value / baseline);
    }

    private static double signaturesPerSecond() {
        var pair = KeyFiles.newKeyPair(new SecureRandom());
        var message = Bytes.of(new byte[256]);
        int pairs = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < 2_000_000_000L) {
            var made = Crypto.signed(pair.getPrivate(), message);
            pairs += Crypto.verifies(pair.getPublic(), message, made) ? 1 : 0;
        }
        return pairs * 1e9 / (System.nanoTime() - start);
    }
}
