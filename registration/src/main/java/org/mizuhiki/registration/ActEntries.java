package org.mizuhiki.registration;

import java.util.List;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Acts on their way into the ledger (an outbox): ordered in the transaction that accepts them, appended in
/// the order of their file, repeated until it worked; the ledger takes the same entry once only.
record ActEntries(Database database, Ledger ledger) {
    private static final Logger LOG = LoggerFactory.getLogger(ActEntries.class);
    private static final int AT_ONCE = 200;

    private record Waiting(Digest id, Act act) {}

    /// A ledger that is away is tried again later.
    void tryToLog() {
        try {
            List<Waiting> waiting;
            do {
                waiting = database.inTransaction(rows -> rows.createQuery(
                                "select id, record from registration_act where not logged"
                                        + " order by file, number limit " + AT_ONCE)
                        .map((row, context) -> new Waiting(
                                Digest.ofHash(row.getBytes("id")),
                                ActForm.read(Canonical.decode(Bytes.of(row.getBytes("record"))))))
                        .list());
                waiting.forEach(this::log);
            } while (waiting.size() == AT_ONCE);
        } catch (RuntimeException e) {
            LOG.warn("acts of registration wait for the ledger: {}", e.getMessage());
        }
    }

    private void log(Waiting waiting) {
        ledger.append(waiting.act().entry());
        database.inTransaction(rows -> rows.createUpdate("update registration_act set logged = true where id = :id")
                .bind("id", waiting.id().toArray())
                .execute());
    }
}
