package org.mizuhiki.trust;

import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Revokes everything that a CA whose key was compromised ever issued, a batch a transaction: a crash loses
/// nothing and the next start goes on. From the first moment OCSP tells all of it as revoked, reached or not,
/// and the CA issues nothing any more.
final class CaErrands {
    /// RFC 5280, 5.3.1: cACompromise. Says also that the holder's own key is as good as before: whoever holds
    /// it gets the next certificate at once.
    static final int CA_COMPROMISE = 2;

    /// About 0.1 s a transaction.
    static final int BATCH = 2000;

    private static final Logger LOG = LoggerFactory.getLogger(CaErrands.class);

    /// Times 10 ms: two minutes.
    private static final int LONGEST_WAIT = 12_000;

    private final Database database;
    private final Revocations revocations;
    private final Clock clock;
    private final Map<String, Instant> begun = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> issuing = new ConcurrentHashMap<>();

    CaErrands(Database database, Revocations revocations, Clock clock) {
        this.database = database;
        this.revocations = revocations;
        this.clock = clock;
        begun.putAll(database.inTransaction(CaErrands::all));
    }

    private static Map<String, Instant> all(Handle rows) {
        return rows.createQuery("select ca, begun from ca_errand")
                .map((row, context) ->
                        Map.entry(row.getString("ca"), row.getTimestamp("begun").toInstant()))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
    }

    /// When all that this CA issued was declared revoked, if it was.
    Optional<Instant> compromised(String ca) {
        return Optional.ofNullable(begun.get(ca));
    }

    /// Called in a transaction that is about to issue: until it ends, an errand of this CA waits, or it would
    /// pass by the certificate's place before the certificate is there.
    ///
    /// @throws Refusal `ca-unavailable`
    void mustIssue(Handle rows, String ca) {
        var underWay = issuing.computeIfAbsent(ca, c -> new AtomicInteger());
        underWay.incrementAndGet();
        rows.afterCommit(underWay::decrementAndGet);
        rows.afterRollback(underWay::decrementAndGet);
        if (begun.containsKey(ca)) {
            throw Refusal.of(
                    "ca-unavailable",
                    "この認証局は鍵の漏えいにより停止中です。新しい鍵に替わるまでお待ちください",
                    "This CA's key was compromised and it issues nothing; try again when it has a new key");
        }
    }

    /// Declares the key compromised. Repeating it changes nothing.
    ///
    /// @param ca and every registrar's CA below it
    /// @param by the operator, named in the row
    synchronized void begin(String ca, String by, String reason) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        begun.putIfAbsent(ca, now); // told before it is committed, never after
        try (var _ = revocations.suspended()) {
            database.inTransaction(rows -> {
                int ended = declare(rows, ca, by, reason, now);
                begun.putAll(all(rows));
                return ended;
            });
        }
        revocations.lists().forgetAll();
    }

    /// What a failed [#begin] left in memory may stand in the rows or not: until this is known, nothing is
    /// issued.
    private synchronized void readAgain() {
        var declared = database.inTransaction(CaErrands::all);
        begun.putAll(declared);
        if (begun.keySet().retainAll(declared.keySet())) {
            revocations.suspended().close(); // nobody is told any more what was never declared
            revocations.lists().forgetAll();
        }
    }

    private static int declare(Handle rows, String ca, String by, String reason, Instant now) {
        rows.createUpdate("insert into ca_errand (ca, by, reason, begun) values (:ca, :by, :reason, :now)"
                        + " on conflict (ca) do nothing")
                .bind("ca", ca)
                .bind("by", by)
                .bind("reason", reason)
                .bind("now", now)
                .execute();
        return includeBelow(rows, ca);
    }

    /// The registrars' CAs below it, with its own time and reason.
    private static int includeBelow(Handle rows, String ca) {
        rows.createUpdate("""
                        insert into ca_errand (ca, by, reason, begun)
                        select r.name, e.by, e.reason, e.begun from registrar_ca r join ca_errand e on e.ca = r.above
                        where r.above = :ca on conflict (ca) do nothing""").bind("ca", ca).execute();
        return rows.createUpdate("""
                        update registrar_ca r set ended = e.begun from ca_errand e
                        where e.ca = r.above and r.above = :ca and r.ended is null""").bind("ca", ca).execute();
    }

    List<CaRevocation.Progress> progress() {
        return database.inTransaction(rows -> rows.createQuery("select * from ca_errand order by begun, ca")
                .map((row, context) -> new CaRevocation.Progress(
                        row.getString("ca"),
                        row.getTimestamp("begun").toInstant(),
                        row.getLong("revoked"),
                        Optional.ofNullable(row.getTimestamp("finished")).map(java.sql.Timestamp::toInstant)))
                .list());
    }

    /// Goes on with whatever is not finished, to its end.
    void run() {
        readAgain();
        // 1. CAs that were being certified in the moment of the declaration
        for (var ca : unfinished()) {
            awaitIssuing(ca);
            database.inTransaction(rows -> includeBelow(rows, ca));
        }
        readAgain();
        // 2. certificates
        for (var ca : unfinished()) {
            awaitIssuing(ca);
            boolean more = true;
            while (more && !Thread.currentThread().isInterrupted()) {
                more = step(ca);
            }
        }
    }

    private List<String> unfinished() {
        return progress().stream()
                .filter(errand -> errand.finished().isEmpty())
                .map(CaRevocation.Progress::ca)
                .toList();
    }

    /// The same; a database that is away is asked again at the next turn.
    void tryToRun() {
        try {
            run();
        } catch (RuntimeException e) {
            LOG.warn("a mass revocation waits: {}", e.getMessage());
        }
    }

    /// Transactions end within a minute: the database cuts them off.
    private void awaitIssuing(String ca) {
        var underWay = issuing.computeIfAbsent(ca, c -> new AtomicInteger());
        try {
            for (int turn = 0; turn < LONGEST_WAIT && underWay.get() > 0; turn++) {
                Thread.sleep(10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One batch, in the order of serial numbers.
    ///
    /// @return whether there is more
    boolean step(String ca) {
        return database.inTransaction(rows -> {
            // 1. the next places; two processes or threads at one errand come one after the other
            var last = rows.createQuery("select last from ca_errand where ca = :ca for update")
                    .bind("ca", ca)
                    .mapTo(String.class)
                    .one();
            var places = rows.createQuery(
                            "select serial from certificate where ca = :ca and serial > :last order by serial limit :most")
                    .bind("ca", ca)
                    .bind("last", last)
                    .bind("most", BATCH)
                    .mapTo(String.class)
                    .list();
            // 2. revoked, with the directory's entries
            int revoked = revocations.ending(rows, () -> revoke(rows, ca, places));
            // 3. how far it is
            rows.createUpdate("""
                            update ca_errand set revoked = revoked + :count, last = :last,
                                finished = case when :done then :now else finished end
                            where ca = :ca""")
                    .bind("count", revoked)
                    .bind("last", places.isEmpty() ? last : places.getLast())
                    .bind("done", places.size() < BATCH)
                    .bind("now", clock.instant())
                    .bind("ca", ca)
                    .execute();
            return places.size() == BATCH;
        });
    }

    /// By their places, and not joined with where these come from: the planner, which cannot know how many a CA
    /// has issued, would read all certificates for each batch.
    private List<CertificateRows.Revoked> revoke(Handle rows, String ca, List<String> places) {
        var at = begun.getOrDefault(ca, clock.instant());
        var tickets = new ArrayList<String>();
        var revoked = rows.createQuery("""
                        update certificate set revoked = :at, reason = :reason
                        where ca = :ca and serial = any (:places) and revoked is null returning serial, part, ticket""")
                .bind("ca", ca)
                .bindArray("places", String.class, places)
                .bind("at", at)
                .bind("reason", CA_COMPROMISE)
                .map((row, context) -> {
                    tickets.add(row.getString("ticket"));
                    int part = row.getInt("part");
                    var named = row.wasNull() ? Optional.<Integer>empty() : Optional.of(part);
                    return new CertificateRows.Revoked(ca, new BigInteger(row.getString("serial"), 16), named);
                })
                .list();
        rows.createUpdate("update listing set ended = :at where ticket = any (:tickets) and ended is null")
                .bind("at", at)
                .bindArray("tickets", String.class, tickets)
                .execute();
        return revoked;
    }
}
