package org.mizuhiki.store.graph;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Tally;

/// The rows of one transaction.
///
/// @param now the moment the transaction is judged by
public record Graph(Handle rows, Instant now) {

    /// Nobody else changes this blob's rows or file until the transaction ends: a sweep must not remove
    /// what is just being put again.
    public void lock(String name) {
        rows.execute("select pg_advisory_xact_lock(hashtextextended(?, 0))", name);
    }

    public void addBlob(Digest digest, long size) {
        rows.execute(
                "insert into blob (digest, size, at) values (?, ?, ?) on conflict do nothing", digest.hex(), size, now);
    }

    public void addUpload(Digest digest, PersonId person) {
        rows.execute(
                "insert into upload (digest, person, at) values (?, ?, ?)"
                        + " on conflict (digest, person) do update set at = excluded.at",
                digest.hex(),
                person.value(),
                now);
    }

    public boolean brought(PersonId person, Digest digest) {
        return yes(
                "select exists (select 1 from upload where digest = ? and person = ?)", digest.hex(), person.value());
    }

    /// Bytes a person has brought and not put into an envelope.
    public long unregistered(PersonId person) {
        return rows.createQuery("select coalesce(sum(b.size), 0)::bigint from upload u join blob b using (digest)"
                        + " where u.person = :person")
                .bind("person", person.value())
                .mapTo(Long.class)
                .one();
    }

    public void settle(PersonId person, List<Digest> blobs) {
        for (var blob : blobs) {
            rows.execute("delete from upload where digest = ? and person = ?", blob.hex(), person.value());
        }
    }

    /// Whether the person may have the blob's bytes.
    public boolean mayFetch(PersonId person, Digest blob) {
        return brought(person, blob)
                || rows.createQuery("select exists (select 1 from envelope e where e.letter in ("
                                + "select cast(:blob as text) union select letter from envelope_object where digest = :blob)"
                                + " and (:person in (e.author, e.owner) or exists (select 1 from share s"
                                + " where s.letter = e.letter and s.reader = :person and s.until > :now)"
                                + " or exists (select 1 from emergency_reader r where r.owner = e.owner"
                                + " and r.reader = :person and r.entered and r.until > :now)))")
                        .bind("blob", blob.hex())
                        .bind("person", person.value())
                        .bind("now", now)
                        .mapTo(Boolean.class)
                        .one();
    }

    public void addEnvelope(Digest letter, List<Digest> objects, PersonId author, PersonId owner) {
        rows.execute(
                "insert into envelope (letter, author, owner, at) values (?, ?, ?, ?)",
                letter.hex(),
                author.value(),
                owner.value(),
                now);
        for (int i = 0; i < objects.size(); i++) {
            rows.execute(
                    "insert into envelope_object (letter, position, digest) values (?, ?, ?)",
                    letter.hex(),
                    i,
                    objects.get(i).hex());
        }
    }

    /// One letter more, with all its bytes. Last in its transaction.
    public void count(InstitutionCode institution, List<Digest> blobs) {
        long bytes = rows.createQuery("select coalesce(sum(size), 0)::bigint from blob where digest in (<blobs>)")
                .bindList("blobs", blobs.stream().map(Digest::hex).toList())
                .mapTo(Long.class)
                .one();
        var tally = new Tally(rows);
        tally.add(institution, Measure.LETTERS, 1, now);
        tally.add(institution, Measure.BYTES, bytes, now);
    }

    public Optional<Registered> envelope(Digest letter) {
        return rows.createQuery("select author, owner from envelope where letter = :letter")
                .bind("letter", letter.hex())
                .map((row, context) -> new Registered(
                        new PersonId(row.getString("author")), new PersonId(row.getString("owner")), objects(letter)))
                .findOne();
    }

    public List<Digest> objects(Digest letter) {
        return rows.createQuery("select digest from envelope_object where letter = :letter order by position")
                .bind("letter", letter.hex())
                .map((row, context) -> new Digest(row.getString(1)))
                .list();
    }

    /// Until when a share lets the person read, if one does now.
    public Optional<Instant> reads(PersonId person, Digest letter) {
        return rows.createQuery("select max(until) from share where letter = :letter and reader = :reader"
                        + " and until > :now")
                .bind("letter", letter.hex())
                .bind("reader", person.value())
                .bind("now", now)
                .mapTo(Instant.class)
                .findOne();
    }

    public void addShare(Digest letter, PersonId reader, PersonId giver, Digest grant, Instant until) {
        rows.execute(
                "insert into share (letter, reader, given_by, grant_digest, until, at) values (?, ?, ?, ?, ?, ?)"
                        + " on conflict (letter, reader, given_by) do update"
                        + " set grant_digest = excluded.grant_digest, until = excluded.until",
                letter.hex(),
                reader.value(),
                giver.value(),
                grant.hex(),
                until,
                now);
    }

    /// Takes back what `giver` gave; without a giver, everybody's.
    ///
    /// @return whether there was anything
    public boolean dropShares(Digest letter, PersonId reader, Optional<PersonId> giver) {
        int gone = rows.createUpdate("delete from share where letter = :letter and reader = :reader"
                        + " and (cast(:giver as text) is null or given_by = :giver)")
                .bind("letter", letter.hex())
                .bind("reader", reader.value())
                .bind("giver", giver.map(PersonId::value).orElse(null))
                .execute();
        return gone > 0;
    }

    /// Whom it may concern, once for each share.
    public void tell(PersonId person, Digest letter, PersonId about, PersonId sender) {
        rows.execute(
                "insert into notice (person, letter, about, sender, at) values (?, ?, ?, ?, ?) on conflict do nothing",
                person.value(),
                letter.hex(),
                about.value(),
                sender.value(),
                now);
    }

    /// A letter taken back leaves no trace in the former reader's inbox.
    public void untell(PersonId person, Digest letter) {
        rows.execute(
                "delete from notice where person = ? and letter = ? and about = person", person.value(), letter.hex());
    }

    public List<Told> told(PersonId person, int limit, long before) {
        return rows.createQuery("select n.number, n.letter, n.sender, e.owner, n.at,"
                        + " array(select o.digest from envelope_object o where o.letter = n.letter"
                        + " order by o.position) as objects from notice n"
                        + " join envelope e using (letter)"
                        + " where n.person = :person and n.number < :before order by n.number desc limit :limit")
                .bind("person", person.value())
                .bind("before", before)
                .bind("limit", limit)
                .map((row, context) -> new Told(
                        row.getLong("number"),
                        new Digest(row.getString("letter")),
                        new PersonId(row.getString("sender")),
                        new PersonId(row.getString("owner")),
                        Stream.of((String[]) row.getArray("objects").getArray())
                                .map(Digest::new)
                                .toList(),
                        row.getTimestamp("at").toInstant()))
                .list();
    }

    public void dropUploadsBefore(Instant then) {
        rows.execute("delete from upload where at < ?", then);
    }

    /// Removes the row of a blob that nobody has and no envelope holds.
    ///
    /// @return whether the file may go too
    public boolean dropIfOrphan(Digest blob) {
        rows.createUpdate("delete from blob b where digest = :blob"
                        + " and not exists (select 1 from upload where digest = :blob)"
                        + " and not exists (select 1 from envelope where letter = :blob)"
                        + " and not exists (select 1 from envelope_object where digest = :blob)")
                .bind("blob", blob.hex())
                .execute();
        return !yes("select exists (select 1 from blob where digest = ?)", blob.hex());
    }

    private boolean yes(String question, Object... values) {
        var query = rows.select(question, values);
        return query.mapTo(Boolean.class).one();
    }

    /// An envelope as it stands.
    public record Registered(PersonId author, PersonId owner, List<Digest> objects) {}

    /// A notice as it stands.
    public record Told(long number, Digest letter, PersonId sender, PersonId owner, List<Digest> objects, Instant at) {}
}
