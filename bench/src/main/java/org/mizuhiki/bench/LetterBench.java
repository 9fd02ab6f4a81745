package org.mizuhiki.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.apps.LetterLoad;

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

    private static double signaturesPerSecond() throws Exception {
        var maker = KeyPairGenerator.getInstance("EC");
        maker.initialize(new ECGenParameterSpec("secp256r1"));
        var pair = maker.generateKeyPair();
        var message = new byte[256];
        int pairs = 0;
        long start = System.nanoTime();
        while (System.nanoTime() - start < 2_000_000_000L) {
            var signing = Signature.getInstance("SHA256withECDSA");
            signing.initSign(pair.getPrivate());
            signing.update(message);
            var made = signing.sign();
            var checking = Signature.getInstance("SHA256withECDSA");
            checking.initVerify(pair.getPublic());
            checking.update(message);
            pairs += checking.verify(made) ? 1 : 0;
        }
        return pairs * 1e9 / (System.nanoTime() - start);
    }
}
