package org.mizuhiki.ledger;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/// The process that [KillTest] kills: appends for ever, prints what was acknowledged and which
/// checkpoints it saw.
final class KilledLog {
    private KilledLog() {}

    /// @param arguments the test's folder, and the number of this run
    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[0]);
        var run = arguments[1];
        var die = new SecureRandom();
        var keys = KeysFile.read(
                        org.mizuhiki.house.Bytes.of(java.nio.file.Files.readAllBytes(folder.resolve("keys.json"))))
                .keys();
        var witness = DurableWitness.open(folder.resolve("witness"), "witness", keys, Clock.systemUTC(), die);
        var small = new LedgerSettings(Duration.ofMillis(20), Duration.ofSeconds(5), 1 << 17, 30_000);
        var log = TileLog.open(
                folder.resolve("log"),
                LogSigner.load(folder.resolve("signer"), die),
                keys,
                new FakeStamps(),
                List.of(witness),
                small);
        say("opened " + log.size());
        for (int t = 0; t < 16; t++) {
            int thread = t;
            Thread.ofVirtual().start(() -> {
                for (int i = 0; ; i++) {
                    var name = run + "/" + thread + "/" + i;
                    say("acknowledged " + log.append(TestLog.entry(name)).index() + " " + name);
                }
            });
        }
        while (true) {
            log.evidence(log.append(TestLog.entry(run + "/watch/" + log.size())).leaf());
            say("checkpoint " + log.checkpoint().note().replace('\n', '|'));
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }
}
