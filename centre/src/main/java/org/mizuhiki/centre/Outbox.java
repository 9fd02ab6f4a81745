package org.mizuhiki.centre;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Entries on their way into the ledger: written in the transaction that they tell of, appended in order,
/// repeated until it worked; the ledger takes the same entry once only.
final class Outbox {
    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);
    private static final int AT_ONCE = 200;

    private final Database database;
    private final Ledger ledger;
    private final ReentrantLock one = new ReentrantLock();
    private final AtomicBoolean wanted = new AtomicBoolean();

    Outbox(Database database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    private record Row(long number, Entry entry) {}

    static void add(Handle rows, Entry entry) {
        rows.createUpdate("insert into outbox (kind, record) values (:kind, :record)")
                .bind("kind", entry.kind())
                .bind("record", entry.record().hex())
                .execute();
    }

    /// In the background: nobody waits for the ledger with a tunnel. One at a time, who takes along what came
    /// meanwhile.
    void settleSoon() {
        wanted.set(true);
        Thread.ofVirtual().name("outbox").start(() -> {
            while (wanted.get() && one.tryLock()) {
                try {
                    drain();
                } finally {
                    one.unlock();
                }
            }
        });
    }

    void settle() {
        one.lock();
        try {
            drain();
        } finally {
            one.unlock();
        }
    }

    /// A ledger that is away is tried again at the next turn.
    private void drain() {
        wanted.set(false);
        try {
            List<Row> waiting;
            do {
                waiting = database.reading(Outbox::waiting);
                append(waiting);
            } while (waiting.size() == AT_ONCE);
        } catch (RuntimeException e) {
            LOG.warn("entries about connections wait for the ledger: {}", e.getMessage());
        }
    }

    /// One after the other, as they happened; what a crash in between appends again is the same to the ledger.
    private void append(List<Row> waiting) {
        var done = new ArrayList<Long>();
        try {
            for (var row : waiting) {
                ledger.append(row.entry());
                done.add(row.number());
            }
        } finally {
            database.inTransaction(rows -> rows.createUpdate("delete from outbox where number = any (:numbers)")
                    .bindArray("numbers", Long.class, done)
                    .execute());
        }
    }

    private static List<Row> waiting(Handle rows) {
        return rows.createQuery("select number, kind, record from outbox order by number limit " + AT_ONCE)
                .map((row, context) -> new Row(
                        row.getLong("number"), new Entry(row.getString("kind"), new Digest(row.getString("record")))))
                .list();
    }
}
