package org.mizuhiki.mail;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;

/// The SQL of [PostOffice], within one transaction.
record Rows(Handle rows) {
    /// A mailbox as it stands.
    record Box(PersonId person, List<Bytes> chain, Bytes sealing) {}

    /// What waits to be delivered.
    record Waiting(PersonId person, String id, String recipient, Instant at, int tries, Bytes content) {}

    void open(Box box, Instant now) {
        var chain = String.join("\n", box.chain().stream().map(Bytes::asBase64).toList());
        rows.createUpdate("""
                        insert into mailbox (person, chain, sealing, opened) values (:person, :chain, :sealing, :now)
                        on conflict (person) do update set chain = excluded.chain, sealing = excluded.sealing""")
                .bind("person", box.person().value())
                .bind("chain", chain)
                .bind("sealing", box.sealing().toArray())
                .bind("now", Timestamp.from(now))
                .execute();
    }

    Optional<Box> box(PersonId person) {
        return rows.createQuery("select person, chain, sealing from mailbox where person = :person")
                .bind("person", person.value())
                .map((row, context) -> new Box(
                        new PersonId(row.getString("person")),
                        row.getString("chain").lines().map(Bytes::base64).toList(),
                        Bytes.of(row.getBytes("sealing"))))
                .findOne();
    }

    /// @param count of mails, and their bytes
    record Filled(long count, long bytes) {}

    /// One mail after the other for one person, so that the count holds.
    Filled filled(PersonId person) {
        rows.execute("select pg_advisory_xact_lock(hashtextextended(?, 0))", person.value());
        return rows.createQuery(
                        "select count(*) as count, coalesce(sum(size), 0) as bytes from mail where person = :person")
                .bind("person", person.value())
                .map((row, context) -> new Filled(row.getLong("count"), row.getLong("bytes")))
                .one();
    }

    /// One that is there already stays as it is.
    void add(PersonId person, Bytes mark, Instant at, boolean clear, int size, Mailbox.Arrived closed) {
        rows.createUpdate("""
                        insert into mail (person, mark, at, clear, size, slot, sealed)
                        values (:person, :mark, :at, :clear, :size, :slot, :sealed) on conflict do nothing""")
                .bind("person", person.value())
                .bind("mark", mark.toArray())
                .bind("at", Timestamp.from(at))
                .bind("clear", clear)
                .bind("size", size)
                .bind("slot", closed.slot().encoded().toArray())
                .bind("sealed", closed.closed().toArray())
                .execute();
    }

    List<Mailbox.Notice> notices(PersonId person, long after, int limit) {
        return rows.createQuery("""
                        select number, at, clear, size from mail
                        where person = :person and number > :after order by number limit :limit""")
                .bind("person", person.value())
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new Mailbox.Notice(
                        row.getLong("number"),
                        row.getTimestamp("at").toInstant(),
                        row.getBoolean("clear"),
                        row.getInt("size")))
                .list();
    }

    Optional<Mailbox.Arrived> arrived(PersonId person, long number) {
        return rows.createQuery("""
                        select slot, sealed, sealing from mail join mailbox using (person)
                        where person = :person and number = :number""")
                .bind("person", person.value())
                .bind("number", number)
                .map((row, context) -> new Mailbox.Arrived(
                        new Slot(Digest.of(row.getBytes("sealing")), Bytes.of(row.getBytes("slot"))),
                        Bytes.of(row.getBytes("sealed"))))
                .findOne();
    }

    void delete(PersonId person, long number) {
        rows.execute("delete from mail where person = ? and number = ?", person.value(), number);
    }

    /// @return whether this order is kept now, or was before with the very same content
    boolean order(Waiting waiting, Digest digest) {
        int made = rows.createUpdate("""
                        insert into outgoing (person, id, recipient, at, state, due, digest, content)
                        values (:person, :id, :recipient, :at, 'waiting', :at, :digest, :content) on conflict do nothing""")
                .bind("person", waiting.person().value())
                .bind("id", waiting.id())
                .bind("recipient", waiting.recipient())
                .bind("at", Timestamp.from(waiting.at()))
                .bind("digest", digest.toArray())
                .bind("content", waiting.content().toArray())
                .execute();
        return made == 1
                || rows.createQuery("""
                                select exists (select from outgoing where person = :person and id = :id
                                    and recipient = :recipient and digest = :digest)""")
                        .bind("person", waiting.person().value())
                        .bind("id", waiting.id())
                        .bind("recipient", waiting.recipient())
                        .bind("digest", digest.toArray())
                        .mapTo(Boolean.class)
                        .one();
    }

    int waiting(PersonId person) {
        return rows.createQuery("select count(*) from outgoing where person = :person and state = 'waiting'")
                .bind("person", person.value())
                .mapTo(Integer.class)
                .one();
    }

    /// Orders of the last day.
    int since(PersonId person, Instant from) {
        return rows.createQuery("select count(*) from outgoing where person = :person and at > :from")
                .bind("person", person.value())
                .bind("from", Timestamp.from(from))
                .mapTo(Integer.class)
                .one();
    }

    List<Mailbox.Outgoing> outgoing(PersonId person) {
        return rows.createQuery("select * from outgoing where person = :person order by at desc, id limit 200")
                .bind("person", person.value())
                .map((row, context) -> new Mailbox.Outgoing(
                        row.getString("id"),
                        row.getString("recipient"),
                        row.getTimestamp("at").toInstant(),
                        row.getString("state"),
                        row.getInt("tries"),
                        row.getString("said")))
                .list();
    }

    /// Domains for which something is due, at most `limit`.
    List<String> places(Instant now, int limit) {
        return rows.createQuery("""
                        select split_part(recipient, '@', 2) as place from outgoing
                        where state = 'waiting' and due <= :now group by place order by min(due) limit :limit""")
                .bind("now", Timestamp.from(now))
                .bind("limit", limit)
                .mapTo(String.class)
                .list();
    }

    /// The next that is due for this domain, which nobody else takes until `until`: a crash in between delays
    /// it, and loses nothing.
    Optional<Waiting> take(String place, Instant now, Instant until) {
        return rows.createQuery("""
                        update outgoing o set due = :until, tries = tries + 1 from (
                            select person, id from outgoing where state = 'waiting' and due <= :now
                                and split_part(recipient, '@', 2) = :place
                            order by due limit 1 for update skip locked) next
                        where o.person = next.person and o.id = next.id returning o.*""")
                .bind("place", place)
                .bind("now", Timestamp.from(now))
                .bind("until", Timestamp.from(until))
                .map((row, context) -> waiting(row))
                .findOne();
    }

    private static Waiting waiting(ResultSet row) throws SQLException {
        return new Waiting(
                new PersonId(row.getString("person")),
                row.getString("id"),
                row.getString("recipient"),
                row.getTimestamp("at").toInstant(),
                row.getInt("tries"),
                Bytes.of(row.getBytes("content")));
    }

    void again(Waiting waiting, Instant due, String said) {
        rows.execute(
                "update outgoing set due = ?, said = ? where person = ? and id = ?",
                Timestamp.from(due),
                said,
                waiting.person().value(),
                waiting.id());
    }

    void over(Waiting waiting, String state, String said) {
        rows.execute(
                "update outgoing set state = ?, said = ?, due = null, content = null where person = ? and id = ?",
                state,
                said,
                waiting.person().value(),
                waiting.id());
    }
}
