package org.mizuhiki.provisional;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.provisional.Registration.Stage;
import org.mizuhiki.trust.Affiliation;

/// Registrations and registrars at rest, within one transaction.
record ProvisionalRows(Handle rows) {
    /// One registration as kept.
    ///
    /// @param activation digest of the request that it was activated with
    record Kept(
            Registration standing,
            String institutionName,
            Bytes salt,
            Bytes hash,
            Optional<Bytes> activation,
            boolean ended) {
        PersonId patient() {
            return standing.patient();
        }
    }

    void accredit(PersonId person, Affiliation of, PersonId supervisor, int quota, Instant now, Instant expires) {
        rows.createUpdate("""
                        insert into registrar_person
                            (person, institution, institution_name, supervisor, quota, begun, expires)
                        values (:person, :institution, :name, :supervisor, :quota, :now, :expires)
                        on conflict (person) do update set institution = excluded.institution,
                            institution_name = excluded.institution_name, supervisor = excluded.supervisor,
                            quota = excluded.quota, used = 0, begun = excluded.begun, expires = excluded.expires,
                            ended = null""")
                .bind("person", person.value())
                .bind("institution", of.code().value())
                .bind("name", of.name())
                .bind("supervisor", supervisor.value())
                .bind("quota", quota)
                .bind("now", now)
                .bind("expires", expires)
                .execute();
    }

    boolean withdraw(PersonId person, Instant now) {
        return rows.execute(
                        "update registrar_person set ended = ? where person = ? and ended is null", now, person.value())
                == 1;
    }

    Optional<Accredited> accredited(PersonId person) {
        return rows.createQuery("select * from registrar_person where person = :person")
                .bind("person", person.value())
                .map((row, _) -> readAccredited(row))
                .findOne();
    }

    List<Accredited> accredited() {
        return rows.createQuery("select * from registrar_person order by begun desc")
                .map((row, _) -> readAccredited(row))
                .list();
    }

    /// Counts one patient more; locks the row, so that no two take the last place.
    ///
    /// @return false when none is left
    boolean use(PersonId registrar, Instant now) {
        return rows.createUpdate("""
                        update registrar_person set used = used + 1
                        where person = :person and used < quota and expires > :now and ended is null""")
                        .bind("person", registrar.value())
                        .bind("now", now)
                        .execute()
                == 1;
    }

    void add(ProvisionalRegistration s, Affiliation of, Instant now, String ticket, Bytes salt, Bytes hash) {
        rows.createUpdate("""
                        insert into provisional (patient, registrar, supervisor, institution, institution_name,
                            registration, evidence, begun, until, ticket, salt, hash)
                        values (:patient, :registrar, :supervisor, :institution, :name, :registration, :evidence,
                            :now, :until, :ticket, :salt, :hash)""")
                .bind("patient", s.patient().value())
                .bind("registrar", s.by().value())
                .bind("supervisor", s.supervisor().value())
                .bind("institution", of.code().value())
                .bind("name", of.name())
                .bind("registration", s.id().toArray())
                .bind("evidence", s.evidence().toArray())
                .bind("now", now)
                .bind("until", s.until())
                .bind("ticket", ticket)
                .bind("salt", salt.toArray())
                .bind("hash", hash.toArray())
                .execute();
    }

    Optional<Kept> locked(PersonId patient) {
        return rows.createQuery("select * from provisional where patient = :patient for update")
                .bind("patient", patient.value())
                .map((row, _) -> read(row))
                .findOne();
    }

    Optional<Kept> ofTicket(String ticket) {
        return rows.createQuery("select * from provisional where ticket = :ticket for update")
                .bind("ticket", ticket)
                .map((row, _) -> read(row))
                .findOne();
    }

    /// @param reader what this person registered or supervises; empty: all
    List<Registration> of(Optional<PersonId> reader) {
        return rows.createQuery("select * from provisional where :reader::text is null or registrar = :reader"
                        + " or supervisor = :reader order by begun desc, patient limit 1000")
                .bindByType("reader", reader.map(PersonId::value).orElse(null), String.class)
                .map((row, _) -> read(row).standing())
                .list();
    }

    Optional<PersonId> ofRegistration(Digest registration) {
        return rows.createQuery("select patient from provisional where registration = :registration")
                .bind("registration", registration.toArray())
                .map((row, _) -> new PersonId(row.getString("patient")))
                .findOne();
    }

    List<Digest> ended(List<Digest> registrations) {
        return rows.createQuery("select encode(registration, 'hex') as hex from provisional"
                        + " where registration in (select decode(asked, 'hex') from unnest(:asked) asked)"
                        + " and (suspended is not null or lapsed is not null)")
                .bindArray(
                        "asked",
                        String.class,
                        registrations.stream().map(Digest::hex).toList())
                .map((row, _) -> new Digest(row.getString("hex")))
                .list();
    }

    List<Registration> unconfirmedOf(PersonId registrar) {
        return rows.createQuery("select * from provisional where registrar = :registrar and confirmed is null"
                        + " and suspended is null and lapsed is null for update")
                .bind("registrar", registrar.value())
                .map((row, _) -> read(row).standing())
                .list();
    }

    List<PersonId> due(Instant now) {
        return rows.createQuery("select patient from provisional where until <= :now and activated is null"
                        + " and suspended is null and lapsed is null order by patient limit 200 for update")
                .bind("now", now)
                .map((row, _) -> new PersonId(row.getString("patient")))
                .list();
    }

    List<Registration> lapsesToLog() {
        return rows.createQuery("select * from provisional where lapsed is not null and not lapse_logged"
                        + " order by patient limit 200")
                .map((row, _) -> read(row).standing())
                .list();
    }

    void lapseLogged(PersonId patient) {
        rows.execute("update provisional set lapse_logged = true where patient = ?", patient.value());
    }

    void countWrong(PersonId patient) {
        rows.execute("update provisional set failures = failures + 1 where patient = ?", patient.value());
    }

    void countOther(PersonId patient) {
        rows.execute("update provisional set others = others + 1 where patient = ?", patient.value());
    }

    void activate(PersonId patient, Bytes request, Instant now) {
        rows.execute(
                "update provisional set activated = ?, activation = ? where patient = ?",
                now,
                request.toArray(),
                patient.value());
    }

    void confirm(PersonId patient, PersonId by, Instant now) {
        rows.execute(
                "update provisional set confirmed = ?, confirmed_by = ? where patient = ? and confirmed is null",
                now,
                by.value(),
                patient.value());
    }

    void suspend(PersonId patient, Instant now) {
        rows.execute(
                "update provisional set suspended = ? where patient = ? and suspended is null", now, patient.value());
    }

    void lapse(PersonId patient, Instant now) {
        rows.execute("update provisional set lapsed = ? where patient = ?", now, patient.value());
    }

    private static Accredited readAccredited(ResultSet row) throws SQLException {
        return new Accredited(
                new PersonId(row.getString("person")),
                new InstitutionCode(row.getString("institution")),
                new PersonId(row.getString("supervisor")),
                row.getInt("quota"),
                row.getInt("used"),
                row.getTimestamp("expires").toInstant(),
                time(row, "ended"));
    }

    private static Kept read(ResultSet row) throws SQLException {
        var begun = row.getTimestamp("begun").toInstant();
        var stage = Stage.PROVISIONAL;
        var changed = begun;
        for (var later : List.of(Stage.ACTIVATED, Stage.CONFIRMED, Stage.LAPSED, Stage.SUSPENDED)) {
            var at = time(row, later.name().toLowerCase(java.util.Locale.ROOT));
            if (at.isPresent()) {
                stage = later;
                changed = at.get();
            }
        }
        var standing = new Registration(
                new PersonId(row.getString("patient")),
                new PersonId(row.getString("registrar")),
                new PersonId(row.getString("supervisor")),
                new InstitutionCode(row.getString("institution")),
                Digest.ofHash(row.getBytes("registration")),
                Digest.ofHash(row.getBytes("evidence")),
                begun,
                row.getTimestamp("until").toInstant(),
                stage,
                row.getInt("others"),
                row.getInt("failures"),
                Optional.ofNullable(row.getString("confirmed_by")).map(PersonId::new),
                changed);
        return new Kept(
                standing,
                row.getString("institution_name"),
                Bytes.of(row.getBytes("salt")),
                Bytes.of(row.getBytes("hash")),
                Optional.ofNullable(row.getBytes("activation")).map(Bytes::of),
                stage == Stage.LAPSED || stage == Stage.SUSPENDED);
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }
}
