package org.mizuhiki.bench;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.util.List;
import org.mizuhiki.apps.LetterLoad;

/// Letters through all servers, next to one ECDSA signature and check in the same run: how many of them a
/// letter costs.
final class LetterBench implements Benchmark {
    private static final int LETTERS = 80;
    private static final int AT_ONCE = 4;

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
        var folder = Files.createTempDirectory("mizuhiki-bench-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        try {
            var load = LetterLoad.measure(folder, LETTERS, AT_ONCE, clock, die);
            return List.of(
                    row("letters written, sealed, sent, logged and granted, /s", load.sent(), baseline),
                    row("letters opened with every check, /s", load.opened(), baseline),
                    new Row("memory of the whole region, MiB", load.memory(), "", 0, Double.NaN));
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
