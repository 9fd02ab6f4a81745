package org.mizuhiki.keys;

import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.ledger.SignedCheckpoint;

/// A ledger in memory that can be away, or swallow its answer after having appended.
final class ListLedger implements Ledger {
    enum Mood {
        WELL,
        AWAY,
        ANSWER_LOST
    }

    private final List<Entry> entries = new ArrayList<>();
    Mood mood = Mood.WELL;

    @Override
    public synchronized Receipt append(Entry entry) {
        if (mood == Mood.AWAY) {
            throw away();
        }
        if (!entries.contains(entry)) {
            entries.add(entry);
        }
        if (mood == Mood.ANSWER_LOST) {
            throw away();
        }
        return new Receipt(entries.indexOf(entry), entry.leaf());
    }

    synchronized boolean holds(Entry entry) {
        return entries.contains(entry);
    }

    synchronized int size() {
        return entries.size();
    }

    private static Refusal away() {
        return Refusal.of("ledger-unavailable", "台帳に接続できません", "The ledger cannot be reached");
    }

    @Override
    public Evidence evidence(Digest leaf) {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public SignedCheckpoint checkpoint() {
        throw new UnsupportedOperationException("nobody asks here");
    }

    @Override
    public List<Digest> consistency(long older, long newer) {
        throw new UnsupportedOperationException("nobody asks here");
    }
}
