package org.mizuhiki.centre;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.ledger.SignedCheckpoint;

/// A ledger without proofs, which can be away: the real one has tests of its own.
final class ListLedger implements Ledger {
    private final List<Entry> entries = new ArrayList<>();
    final AtomicBoolean away = new AtomicBoolean();

    synchronized List<Entry> entries() {
        return List.copyOf(entries);
    }

    @Override
    public synchronized Receipt append(Entry entry) {
        if (away.get()) {
            throw Refusal.of("ledger-unavailable", "台帳に接続できません", "The ledger is away");
        }
        if (!entries.contains(entry)) {
            entries.add(entry);
        }
        return new Receipt(entries.indexOf(entry), entry.leaf());
    }

    @Override
    public Evidence evidence(Digest leaf) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public SignedCheckpoint checkpoint() {
        return new SignedCheckpoint("list", Bytes.of());
    }

    @Override
    public List<Digest> consistency(long older, long newer) {
        return List.of();
    }
}
