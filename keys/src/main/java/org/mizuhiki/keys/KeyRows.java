package org.mizuhiki.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;

/// All SQL of this room, within one transaction.
record KeyRows(Handle rows) {
    /// A filed letter's parties.
    record Letter(Digest letter, Digest statement, PersonId author, PersonId owner) {}

    /// A row of `statements`.
    ///
    /// @param ended when the authority's word came that it ended; of a provisional registration only
    record Row(long number, Digest id, String kind, Bytes signed, long ledgerIndex, Optional<Instant> ended) {}

    /// A row of `outbox`.
    record Posted(Digest id, Bytes signed) {}

    /// What is indexed of a statement.
    ///
    /// @param letter whom it is about; of a revocation: what the ended statement is about
    record Topic(Optional<Digest> letter, Optional<Pair> pair, Set<PersonId> parties) {}

    /// The two of a care relation.
    record Pair(PersonId professional, PersonId patient) {}

    static final String COLUMNS = "s.number, s.id, s.kind, s.signed, s.ledger_index,"
            + " (select p.ended from provisional p where p.registration = s.id) as ended";

    /// @return the letter as filed first, by whomever
    Letter reserve(Letter letter) {
        rows.createUpdate("insert into letters (letter, statement, author, owner)"
                        + " values (:letter, :statement, :author, :owner) on conflict do nothing")
                .bind("letter", letter.letter().hex())
                .bind("statement", letter.statement().hex())
                .bind("author", letter.author().value())
                .bind("owner", letter.owner().value())
                .execute();
        return letter(letter.letter()).orElseThrow();
    }

    Optional<Letter> letter(Digest letter) {
        return rows.createQuery("select letter, statement, author, owner from letters where letter = :letter")
                .bind("letter", letter.hex())
                .map((r, _) -> readLetter(r))
                .findOne();
    }

    List<Letter> lettersBetween(Pair pair) {
        return rows.createQuery("select letter, statement, author, owner from letters"
                        + " where author = :author and owner = :owner")
                .bind("author", pair.professional().value())
                .bind("owner", pair.patient().value())
                .map((r, _) -> readLetter(r))
                .list();
    }

    private static Letter readLetter(ResultSet row) throws SQLException {
        return new Letter(
                new Digest(row.getString("letter")),
                new Digest(row.getString("statement")),
                new PersonId(row.getString("author")),
                new PersonId(row.getString("owner")));
    }

    void keepSlots(Digest statement, Digest letter, Map<PersonId, Slot> slots) {
        slots.forEach(
                (reader, slot) -> rows.createUpdate("insert into slots (statement, reader, letter, key_id, encoded)"
                                + " values (:statement, :reader, :letter, :key, :encoded) on conflict do nothing")
                        .bind("statement", statement.hex())
                        .bind("reader", reader.value())
                        .bind("letter", letter.hex())
                        .bind("key", slot.keyId().hex())
                        .bind("encoded", slot.encoded().toArray())
                        .execute());
    }

    Optional<Slot> slot(Digest statement, PersonId reader) {
        return rows.createQuery("select key_id, encoded from slots where statement = :statement and reader = :reader")
                .bind("statement", statement.hex())
                .bind("reader", reader.value())
                .map((r, _) -> new Slot(new Digest(r.getString("key_id")), Bytes.of(r.getBytes("encoded"))))
                .findOne();
    }

    void dropSlot(Digest statement) {
        rows.createUpdate("delete from slots where statement = :statement")
                .bind("statement", statement.hex())
                .execute();
    }

    /// Letters about `owner` that were granted to `reader`.
    List<Letter> lettersGranted(PersonId reader, PersonId owner) {
        return rows.createQuery("select letter, statement, author, owner from letters l where owner = :owner"
                        + " and exists (select 1 from slots s where s.letter = l.letter and s.reader = :reader)")
                .bind("owner", owner.value())
                .bind("reader", reader.value())
                .map((r, _) -> readLetter(r))
                .list();
    }

    /// Puts another slot in the place of the owner's own.
    ///
    /// @return false when the owner has none
    boolean replaceSlot(Digest statement, PersonId owner, Slot slot) {
        return rows.createUpdate("update slots set key_id = :key, encoded = :encoded"
                                + " where statement = :statement and reader = :reader")
                        .bind("statement", statement.hex())
                        .bind("reader", owner.value())
                        .bind("key", slot.keyId().hex())
                        .bind("encoded", slot.encoded().toArray())
                        .execute()
                == 1;
    }

    /// The slot that came with a statement goes to the place of the owner's own.
    void takeSlot(Digest statement, Digest letter) {
        rows.createUpdate("""
                        with fresh as (delete from slots where statement = :statement
                            returning letter, reader, key_id, encoded)
                        insert into slots (statement, reader, letter, key_id, encoded)
                        select l.statement, f.reader, f.letter, f.key_id, f.encoded from fresh f
                            join letters l on l.letter = f.letter and l.owner = f.reader and l.letter = :letter
                        on conflict (statement, reader) do update
                            set key_id = excluded.key_id, encoded = excluded.encoded""")
                .bind("statement", statement.hex())
                .bind("letter", letter.hex())
                .execute();
    }

    void keepProvisional(Digest registration, PersonId patient, Digest key, Instant until) {
        rows.createUpdate("insert into provisional (registration, patient, key_id, until)"
                        + " values (:registration, :patient, :key, :until) on conflict do nothing")
                .bind("registration", registration.hex())
                .bind("patient", patient.value())
                .bind("key", key.hex())
                .bind("until", until)
                .execute();
    }

    /// @return false when the person confirmed it by another statement, or `most` others did
    boolean reserveConfirmation(Digest registration, PersonId person, Digest statement, int most) {
        rows.createUpdate("insert into confirmation (registration, person, statement)"
                        + " select :registration, :person, :statement where (select count(*) from confirmation"
                        + " where registration = :registration) < :most on conflict do nothing")
                .bind("registration", registration.hex())
                .bind("person", person.value())
                .bind("statement", statement.hex())
                .bind("most", most)
                .execute();
        return rows.createQuery("select exists (select 1 from confirmation where registration = :registration"
                        + " and person = :person and statement = :statement)")
                .bind("registration", registration.hex())
                .bind("person", person.value())
                .bind("statement", statement.hex())
                .mapTo(Boolean.class)
                .one();
    }

    /// The activation secret's key opens nothing from here on: its slots go.
    void endProvisional(Digest registration) {
        rows.createUpdate("with ended as (update provisional set done = true where registration = :registration"
                        + " returning patient, key_id)"
                        + " delete from slots s using ended e where s.reader = e.patient and s.key_id = e.key_id")
                .bind("registration", registration.hex())
                .execute();
    }

    /// Registrations whose time is over and that nobody activated.
    List<Digest> lapsed(Instant now) {
        return rows.createQuery("select registration from provisional where not done and until <= :now limit 1000")
                .bind("now", now)
                .map((r, _) -> new Digest(r.getString("registration")))
                .list();
    }

    /// Registrations on which something may rest yet and that the authority was not heard to end, in the
    /// order of their digests.
    List<Digest> followed(Instant since, String after, int limit) {
        return rows.createQuery("select registration from provisional where ended is null and until > :since"
                        + " and registration > :after order by registration limit :limit")
                .bind("since", since)
                .bind("after", after)
                .bind("limit", limit)
                .map((r, _) -> new Digest(r.getString("registration")))
                .list();
    }

    void endedByAuthority(Digest registration, Instant at) {
        rows.createUpdate("update provisional set ended = :at where registration = :registration and ended is null")
                .bind("registration", registration.hex())
                .bind("at", at)
                .execute();
    }

    boolean isRetired(Digest key) {
        return rows.createQuery("select exists (select 1 from provisional where key_id = :key and done)")
                .bind("key", key.hex())
                .mapTo(Boolean.class)
                .one();
    }

    /// Whether a registration has still to be activated.
    boolean isProvisional(Digest registration) {
        return rows.createQuery(
                        "select exists (select 1 from provisional where registration = :registration and not done)")
                .bind("registration", registration.hex())
                .mapTo(Boolean.class)
                .one();
    }

    /// All vetoes of a patient, and what lifted them.
    List<Row> vetoes(PersonId patient) {
        return rows.createQuery("select " + COLUMNS + " from statements s where s.kind in ('veto', 'veto-lifted')"
                        + " and s.patient = :patient order by s.number")
                .bind("patient", patient.value())
                .map((r, _) -> readRow(r))
                .list();
    }

    Optional<Row> statement(Digest id) {
        return rows.createQuery("select " + COLUMNS + " from statements s where s.id = :id")
                .bind("id", id.hex())
                .map((r, _) -> readRow(r))
                .findOne();
    }

    /// Everything that may decide about a letter between these two: all but disclosures, and whom the
    /// patient bars.
    List<Row> deciding(@Nullable Digest letter, Pair pair) {
        return rows.createQuery(
                        "select " + COLUMNS + " from statements s where s.kind not in ('disclosure', 'letter-resealed')"
                                + " and (s.letter = :letter or (s.professional = :professional and s.patient = :patient)"
                                + " or (s.patient = :patient and s.kind in ('veto', 'veto-lifted')))"
                                + " order by s.number")
                .bind("letter", letter == null ? null : letter.hex())
                .bind("professional", pair.professional().value())
                .bind("patient", pair.patient().value())
                .map((r, _) -> readRow(r))
                .list();
    }

    /// The revocations of anything under this topic.
    List<Row> revocations(Topic topic) {
        return rows.createQuery("select " + COLUMNS + " from statements s where s.kind = 'revocation'"
                        + " and (s.letter = :letter or (s.professional = :professional and s.patient = :patient))")
                .bind("letter", topic.letter().map(Digest::hex).orElse(null))
                .bind(
                        "professional",
                        topic.pair().map(p -> p.professional().value()).orElse(null))
                .bind("patient", topic.pair().map(p -> p.patient().value()).orElse(null))
                .map((r, _) -> readRow(r))
                .list();
    }

    List<Row> involving(PersonId person, int limit, long before) {
        return rows.createQuery("select " + COLUMNS + " from parties p join statements s on s.number = p.number"
                        + " where p.person = :person and p.number < :before order by p.number desc limit :limit")
                .bind("person", person.value())
                .bind("before", before)
                .bind("limit", limit)
                .map((r, _) -> readRow(r))
                .list();
    }

    List<Row> about(Digest letter) {
        return rows.createQuery("select " + COLUMNS + " from statements s where s.letter = :letter order by s.number")
                .bind("letter", letter.hex())
                .map((r, _) -> readRow(r))
                .list();
    }

    List<Row> aboutNaming(Digest letter, PersonId person) {
        return rows.createQuery("select " + COLUMNS + " from statements s where s.letter = :letter"
                        + " and (s.kind = 'letter-sealed' or exists (select 1 from parties p"
                        + " where p.number = s.number and p.person = :person)) order by s.number")
                .bind("letter", letter.hex())
                .bind("person", person.value())
                .map((r, _) -> readRow(r))
                .list();
    }

    /// Whether the person was ever granted this letter, or supervises the registration that it shows.
    boolean everGranted(Digest letter, PersonId person) {
        return rows.createQuery(
                        "select exists (select 1 from statements s join parties p on p.number = s.number"
                                + " where s.letter = :letter and s.kind in ('lateral-grant', 'provisional-registration') and p.person = :person)")
                .bind("letter", letter.hex())
                .bind("person", person.value())
                .mapTo(Boolean.class)
                .one();
    }

    /// @return false when the person has opened the letter `most` times that day
    boolean countOpening(Digest letter, PersonId person, LocalDate day, int most) {
        return rows.createUpdate("insert into openings as known (letter, reader, day, times)"
                                + " values (:letter, :reader, :day, 1) on conflict (letter, reader) do update"
                                + " set day = excluded.day,"
                                + " times = case when known.day = excluded.day then known.times + 1 else 1 end"
                                + " where known.day <> excluded.day or known.times < :most")
                        .bind("letter", letter.hex())
                        .bind("reader", person.value())
                        .bind("day", day)
                        .bind("most", most)
                        .execute()
                == 1;
    }

    void post(Digest id, Bytes signed) {
        rows.createUpdate("insert into outbox (id, signed) values (:id, :signed) on conflict do nothing")
                .bind("id", id.hex())
                .bind("signed", signed.toArray())
                .execute();
    }

    Optional<Bytes> posted(Digest id) {
        return rows.createQuery("select signed from outbox where id = :id")
                .bind("id", id.hex())
                .map((r, _) -> Bytes.of(r.getBytes("signed")))
                .findOne();
    }

    /// Up to `limit` of what is in the outbox after `after`, in the order of their IDs.
    List<Posted> outbox(String after, int limit) {
        return rows.createQuery("select id, signed from outbox where id > :after order by id limit :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((r, _) -> new Posted(new Digest(r.getString("id")), Bytes.of(r.getBytes("signed"))))
                .list();
    }

    /// @return false when it was filed before
    boolean file(Digest id, String kind, Topic topic, Bytes signed, long ledgerIndex) {
        var number = rows.createQuery("insert into statements"
                        + " (id, kind, letter, professional, patient, signed, ledger_index)"
                        + " values (:id, :kind, :letter, :professional, :patient, :signed, :index)"
                        + " on conflict do nothing returning number")
                .bind("id", id.hex())
                .bind("kind", kind)
                .bind("letter", topic.letter().map(Digest::hex).orElse(null))
                .bind(
                        "professional",
                        topic.pair().map(p -> p.professional().value()).orElse(null))
                .bind("patient", topic.pair().map(p -> p.patient().value()).orElse(null))
                .bind("signed", signed.toArray())
                .bind("index", ledgerIndex)
                .mapTo(Long.class)
                .findOne();
        number.ifPresent(n -> topic.parties().forEach(p -> addParty(p, n)));
        rows.createUpdate("delete from outbox where id = :id")
                .bind("id", id.hex())
                .execute();
        return number.isPresent();
    }

    private void addParty(PersonId person, long number) {
        rows.createUpdate("insert into parties (person, number) values (:person, :number)")
                .bind("person", person.value())
                .bind("number", number)
                .execute();
    }

    static Row readRow(ResultSet row) throws SQLException {
        return new Row(
                row.getLong("number"),
                new Digest(row.getString("id")),
                row.getString("kind"),
                Bytes.of(row.getBytes("signed")),
                row.getLong("ledger_index"),
                Optional.ofNullable(row.getTimestamp("ended")).map(Timestamp::toInstant));
    }
}
