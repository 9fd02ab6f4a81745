package org.mizuhiki.ledger;

import java.time.Duration;

/// How a log works; [#usual] fits a region's log.
///
/// @param every shortest time between two checkpoints
/// @param patience how long one checkpoint waits for witnesses, and a caller for the checkpoint that
/// covers its entry
/// @param window how many of the newest entries are surely recognised when they come again
/// @param journalBytes size at which a journal file is full; two full ones make tiles be synced and old
/// files go
public record LedgerSettings(Duration every, Duration patience, int window, long journalBytes) {
    private static final int LEAST_WINDOW = 1 << 17;

    public LedgerSettings {
        // older leaves are found in sorted runs of 65,536, which are made only once their tiles are written
        if (window < LEAST_WINDOW || every.isNegative() || patience.isNegative() || journalBytes < 1) {
            throw new IllegalArgumentException("a ledger's window is at least " + LEAST_WINDOW + " entries");
        }
    }

    public static LedgerSettings usual() {
        return new LedgerSettings(Duration.ofMillis(200), Duration.ofSeconds(5), 1 << 20, 8L << 20);
    }

    public LedgerSettings every(Duration shortest) {
        return new LedgerSettings(shortest, patience, window, journalBytes);
    }

    public LedgerSettings patience(Duration longest) {
        return new LedgerSettings(every, longest, window, journalBytes);
    }
}
