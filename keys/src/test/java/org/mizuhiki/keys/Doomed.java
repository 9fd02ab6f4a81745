package org.mizuhiki.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.ledger.SignedCheckpoint;

/// A process that serves one release, stops at a given place, says so and waits to be killed.
/// Arguments: folder, place (`before-ledger`, `after-ledger`, `before-answer`), caller, file of the
/// disclosure.
final class Doomed {
    static final String HERE = "waiting to be killed";

    private Doomed() {}

    public static void main(String[] arguments) throws IOException {
        var folder = Path.of(arguments[0]);
        var place = arguments[1];
        var clock = Clock.fixed(Pretend.NOW, ZoneOffset.UTC);
        try (var database = Region.open(folder)) {
            var ledger = new Stopping(new FileLedger(folder.resolve("ledger")), place);
            var keys = new PostgresKeyServer(database, Pretend.statements(clock), new RegionStatute(), ledger, clock);
            keys.release(new PersonId(arguments[2]), Bytes.of(Files.readAllBytes(Path.of(arguments[3]))));
            stop();
        }
    }

    private static void stop() {
        System.out.println(HERE);
        System.out.flush();
        while (true) {
            LockSupport.park();
        }
    }

    private record Stopping(Ledger real, String place) implements Ledger {
        @Override
        public Receipt append(Entry entry) {
            if (place.equals("before-ledger")) {
                stop();
            }
            var receipt = real.append(entry);
            if (place.equals("after-ledger")) {
                stop();
            }
            return receipt;
        }

        @Override
        public Evidence evidence(Digest leaf) {
            return real.evidence(leaf);
        }

        @Override
        public SignedCheckpoint checkpoint() {
            return real.checkpoint();
        }

        @Override
        public List<Digest> consistency(long older, long newer) {
            return real.consistency(older, newer);
        }
    }
}
