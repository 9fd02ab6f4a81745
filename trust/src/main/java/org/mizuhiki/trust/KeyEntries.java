package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
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
        var place = next(rows, member);
        var record = Directory.keyEntry(member, place, signing, sealing, binding);
        rows.createUpdate("""
                        insert into listing (ticket, identity, professional, name, institution, institution_name,
                            number, before, binding, entry)
                        values (:ticket, :identity, :professional, :name, :institution, :institutionName, :number,
                            :before, :binding, :entry)""")
                .bind("number", place.number())
                .bind("before", place.before().map(Digest::toArray).orElse(null))
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

    /// The caller holds the member's lock, so that no two entries get one number.
    private static Directory.Place next(Handle rows, Member member) {
        return rows.createQuery("select number, entry from listing where identity = :id order by number desc limit 1")
                .bind("id", member.identity())
                .map((row, context) ->
                        Directory.Place.after(row.getInt("number"), Digest.ofHash(row.getBytes("entry"))))
                .findOne()
                .orElseGet(() -> new Directory.Place(1, Optional.empty()));
    }

    /// The person's listing becomes one of the past.
    static void end(Handle rows, Member member, Instant now) {
        rows.createUpdate("update listing set ended = :now where identity = :identity and ended is null")
                .bind("now", now)
                .bind("identity", member.identity())
                .execute();
    }

    private record Waiting(String ticket, PersonId id, Digest record) {}

    /// Appends whatever waits.
    ///
    /// @throws org.mizuhiki.house.Refusal the ledger's
    void log() {
        List<Waiting> waiting;
        do {
            waiting = database.inTransaction(rows -> rows.createQuery(
                            "select ticket, identity, entry from listing where not logged limit " + AT_ONCE)
                    .map((row, context) -> new Waiting(
                            row.getString("ticket"),
                            new PersonId(row.getString("identity")),
                            Digest.ofHash(row.getBytes("entry"))))
                    .list());
            for (var w : waiting) {
                ledger.append(Directory.entry(w.id(), w.record()));
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
