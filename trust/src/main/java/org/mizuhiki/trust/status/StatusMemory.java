package org.mizuhiki.trust.status;

import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.mizuhiki.house.Bytes;

/// The status of certificates as the rows had it, with the answers signed from it, bounded in number.
///
/// Nothing wrong is ever served after a revocation commits: from before its transaction until what it ended
/// is forgotten here, nobody is answered from memory, and what was read before it began is not kept after.
/// Whoever revokes does it in this process; serial numbers that nobody issued are not remembered, so that
/// made-up ones push nothing out.
final class StatusMemory {
    private final ConcurrentHashMap<Slot, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong revocations = new AtomicLong();
    private final AtomicInteger underWay = new AtomicInteger();
    private final int most;
    private final Duration life;

    /// @param most entries held
    /// @param life how long one is held at most
    StatusMemory(int most, Duration life) {
        this.most = most;
        this.life = life;
    }

    record Slot(String ca, BigInteger serial) {}

    /// One certificate's status, and what was signed of it, by the way in which requests name it.
    static final class Entry {
        private final Known known;
        private final Instant at;
        private final AtomicReferenceArray<Signed> signed = new AtomicReferenceArray<>(CertificateNames.KINDS);

        Entry(Known known, Instant at) {
            this.known = known;
            this.at = at;
        }

        Known known() {
            return known;
        }

        Optional<Signed> signed(int kind) {
            return Optional.ofNullable(signed.get(kind));
        }

        void keep(int kind, Signed answer) {
            signed.set(kind, answer);
        }
    }

    /// A signed answer.
    record Signed(Bytes der, Instant made, Instant until) {}

    Entry of(Slot slot, Instant now, Supplier<Known> rows) {
        long before = revocations.get();
        if (underWay.get() == 0) {
            var held = entries.get(slot);
            if (held != null && isYoung(held, now)) {
                return held;
            }
        }
        var fresh = new Entry(rows.get(), now);
        if (!(fresh.known() instanceof Known.Never)) {
            makeRoom();
            // asked inside: a revocation that begins later waits for this step and forgets what it put
            entries.compute(slot, (s, held) -> underWay.get() == 0 && revocations.get() == before ? fresh : held);
        }
        return fresh;
    }

    private boolean isYoung(Entry entry, Instant now) {
        return !now.isBefore(entry.at) && now.isBefore(entry.at.plus(life));
    }

    /// Any will do: it costs its owner one look-up.
    private void makeRoom() {
        if (entries.mappingCount() >= most) {
            var some = entries.keySet().iterator();
            for (int i = 0; i < most / 16 && some.hasNext(); i++) {
                some.next();
                some.remove();
            }
        }
    }

    int size() {
        return entries.size();
    }

    /// Opened before a revocation's transaction, closed after it. Without a word of what it ended (it failed,
    /// or nobody knows) everything is forgotten.
    final class Change implements AutoCloseable {
        private boolean told;

        Change() {
            underWay.incrementAndGet();
            revocations.incrementAndGet();
        }

        void ended(Collection<Slot> slots) {
            slots.forEach(entries::remove);
            told = true;
        }

        @Override
        public void close() {
            if (!told) {
                entries.clear();
            }
            revocations.incrementAndGet(); // who read while this was under way may have read what was before
            underWay.decrementAndGet();
        }
    }
}
