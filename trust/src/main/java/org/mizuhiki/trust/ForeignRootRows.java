package org.mizuhiki.trust;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The list of foreign roots over the authority's rows. A change is published once the ledger has it; one
/// that waits for the ledger is tried again until it worked, in order, and the ledger takes it once only.
final class ForeignRootRows implements ForeignRootBook {
    private static final Logger LOG = LoggerFactory.getLogger(ForeignRootRows.class);

    private final Database database;
    private final Ledger ledger;
    private final Clock clock;

    ForeignRootRows(Database database, Ledger ledger, Clock clock) {
        this.database = database;
        this.ledger = ledger;
        this.clock = clock;
    }

    @Override
    public void add(ForeignRoot root, String by, String reason) {
        write(by, reason, new ForeignRootChange.Deed.Add(root));
    }

    @Override
    public void withdraw(Digest root, String by, String reason) {
        write(by, reason, new ForeignRootChange.Deed.Withdraw(root));
    }

    private void write(String by, String reason, ForeignRootChange.Deed deed) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        database.inTransaction(rows -> {
            rows.execute("lock table foreign_root_change in exclusive mode"); // one change after the other
            var list = ForeignRootList.of(changes(rows, false));
            boolean known = !(deed instanceof ForeignRootChange.Deed.Withdraw(var root))
                    || list.roots().stream().anyMatch(r -> r.digest().equals(root));
            if (!known) {
                throw Refusal.of(
                        "foreign-root-unknown", "そのような外部の認証局は登録されていません", "No such foreign root is trusted here");
            }
            if (list.number() == ForeignRootList.MOST_CHANGES) {
                throw Refusal.of(
                        "foreign-roots-full", "外部の認証局の登録変更が上限に達しました", "There are too many changes of foreign roots");
            }
            var change = new ForeignRootChange(list.number() + 1, list.last(), now, by, reason, deed);
            rows.createUpdate("insert into foreign_root_change (number, record) values (:number, :record)")
                    .bind("number", change.number())
                    .bind("record", change.canonical().encode().toArray())
                    .execute();
            return change.number();
        });
        tryToLog();
    }

    private static List<Bytes> changes(Handle rows, boolean logged) {
        return rows.createQuery("select record from foreign_root_change where logged or not :logged order by number")
                .bind("logged", logged)
                .map((row, context) -> Bytes.of(row.getBytes("record")))
                .list();
    }

    @Override
    public History history() {
        var changes = database.inTransaction(rows -> changes(rows, true));
        var evidence = changes.isEmpty()
                ? Optional.<org.mizuhiki.ledger.Evidence>empty()
                : Optional.of(ledger.evidence(
                        ForeignRootChange.decode(changes.getLast()).entry().leaf()));
        return new History(changes, evidence);
    }

    private record Waiting(long number, Bytes record) {}

    /// In order: the newest that is logged must have all others before it.
    synchronized void tryToLog() {
        try {
            var waiting = database.inTransaction(rows -> rows.createQuery(
                            "select number, record from foreign_root_change where not logged order by number")
                    .map((row, context) -> new Waiting(row.getLong("number"), Bytes.of(row.getBytes("record"))))
                    .list());
            for (var w : waiting) {
                ledger.append(ForeignRootChange.decode(w.record()).entry());
                database.inTransaction(
                        rows -> rows.createUpdate("update foreign_root_change set logged = true where number = :n")
                                .bind("n", w.number())
                                .execute());
            }
        } catch (RuntimeException e) {
            LOG.warn("changes of foreign roots wait for the ledger: {}", e.getMessage());
        }
    }
}
