package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Ledger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Directory entries on their way into the ledger (an outbox). The entry is ordered in the transaction that
/// issues; appending it is repeated until it worked, and the ledger takes the same entry once only: a crash
/// between any two steps loses nothing and doubles nothing.
final class KeyEntries {
    private static final Logger LOG = LoggerFactory.getLogger(KeyEntries.class);
    private static final int AT_ONCE = 200;

    private final Database database;
    private final Ledger ledger;

    KeyEntries(Database database, Ledger ledger) {
        this.database = database;
        this.ledger = ledger;
    }

    static void add(
            Handle rows,
            String ticket,
            Member member,
            X509Certificate signing,
            X509Certificate sealing,
            Bytes binding) {
        var who = MemberBody.of(member);
        var record = Directory.keyEntry(member, signing, sealing, binding);
        rows.createUpdate("""
                        insert into listing (ticket, identity, professional, name, institution, institution_name,
                            binding, entry)
                        values (:ticket, :identity, :professional, :name, :institution, :institutionName, :binding,
                            :entry)""")
                .bind("ticket", ticket)
                .bind("identity", who.identity())
                .bind("professional", member instanceof Member.Professional)
                .bind("name", who.name())
                .bind("institution", who.institution().orElse(null))
                .bind("institutionName", who.institutionName().orElse(null))
                .bind("binding", binding.toArray())
                .bind("entry", record.digest().toArray())
                .execute();
    }

    /// The person's listing becomes one of the past.
    static void end(Handle rows, Member member, Instant now) {
        rows.createUpdate("update listing set ended = :now where identity = :identity and ended is null")
                .bind("now", now)
                .bind("identity", member.identity())
                .execute();
    }

    static Entry entry(Digest record) {
        return new Entry("key-entry", record);
    }

    private record Waiting(String ticket, Digest record) {}

    /// Appends whatever waits.
    ///
    /// @throws org.mizuhiki.house.Refusal the ledger's
    void log() {
        List<Waiting> waiting;
        do {
            waiting = database.inTransaction(rows -> rows.createQuery(
                            "select ticket, entry from listing where not logged limit " + AT_ONCE)
                    .map((row, context) -> new Waiting(row.getString("ticket"), Digest.ofHash(row.getBytes("entry"))))
                    .list());
            for (var w : waiting) {
                ledger.append(entry(w.record()));
                database.inTransaction(rows -> rows.createUpdate("update listing set logged = true where ticket = :t")
                        .bind("t", w.ticket())
                        .execute());
            }
        } while (waiting.size() == AT_ONCE);
    }

    /// The same; a ledger that is away is tried again later.
    void tryToLog() {
        try {
            log();
        } catch (RuntimeException e) {
            LOG.warn("directory entries wait for the ledger: {}", e.getMessage());
        }
    }
}
