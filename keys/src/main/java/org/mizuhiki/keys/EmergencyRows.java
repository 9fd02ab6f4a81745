package org.mizuhiki.keys;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.KeyRows.Row;
import org.mizuhiki.seal.Slot;

/// The SQL of emergencies, within one transaction.
record EmergencyRows(Handle rows) {
    /// A row of `emergency`.
    ///
    /// @param key the emergency key's public half
    record Allowed(Digest access, Bytes key, Bytes share) {}

    Optional<Allowed> allowed(PersonId patient) {
        return rows.createQuery("select access, key, share from emergency where patient = :patient")
                .bind("patient", patient.value())
                .map((r, _) -> new Allowed(
                        new Digest(r.getString("access")), Bytes.of(r.getBytes("key")), Bytes.of(r.getBytes("share"))))
                .findOne();
    }

    /// @return what is there now: another one that is on file is not replaced
    Allowed reserve(PersonId patient, Allowed next, Instant at) {
        rows.createUpdate("delete from emergency e where patient = :patient and access <> :access"
                        + " and not exists (select 1 from statements s where s.id = e.access)")
                .bind("patient", patient.value())
                .bind("access", next.access().hex())
                .execute();
        rows.createUpdate("insert into emergency (patient, access, key, share, at)"
                        + " values (:patient, :access, :key, :share, :at) on conflict do nothing")
                .bind("patient", patient.value())
                .bind("access", next.access().hex())
                .bind("key", next.key().toArray())
                .bind("share", next.share().toArray())
                .bind("at", at)
                .execute();
        return allowed(patient).orElseThrow(NoEmergency::stands);
    }

    /// With all slots; what is left opens nothing.
    void end(Digest access) {
        rows.createUpdate("delete from emergency where access = :access")
                .bind("access", access.hex())
                .execute();
    }

    List<Digest> uncovered(PersonId patient, Digest after, int most) {
        return rows.createQuery("select l.letter from letters l join statements f on f.id = l.statement"
                        + " and f.kind = 'letter-sealed' where l.owner = :patient"
                        + " and exists (select 1 from emergency e where e.patient = l.owner)"
                        + " and not exists (select 1 from emergency_slot s"
                        + " where s.patient = l.owner and s.letter = l.letter) and l.letter > :after"
                        + " order by l.letter limit :most")
                .bind("patient", patient.value())
                .bind("after", after.hex())
                .bind("most", most)
                .map((r, _) -> new Digest(r.getString("letter")))
                .list();
    }

    void cover(PersonId patient, Digest letter, Slot slot) {
        rows.createUpdate("insert into emergency_slot (patient, letter, encoded) values (:patient, :letter, :encoded)"
                        + " on conflict (patient, letter) do update set encoded = excluded.encoded")
                .bind("patient", patient.value())
                .bind("letter", letter.hex())
                .bind("encoded", slot.encoded().toArray())
                .execute();
    }

    Optional<Slot> slot(PersonId patient, Digest letter) {
        return rows.createQuery("select e.key, s.encoded from emergency_slot s join emergency e using (patient)"
                        + " where s.patient = :patient and s.letter = :letter")
                .bind("patient", patient.value())
                .bind("letter", letter.hex())
                .map((r, _) -> new Slot(Bytes.of(r.getBytes("key")).sha256(), Bytes.of(r.getBytes("encoded"))))
                .findOne();
    }

    List<Digest> covered(PersonId patient, Digest after, int most) {
        return rows.createQuery("select letter from emergency_slot where patient = :patient and letter > :after"
                        + " order by letter limit :most")
                .bind("patient", patient.value())
                .bind("after", after.hex())
                .bind("most", most)
                .map((r, _) -> new Digest(r.getString("letter")))
                .list();
    }

    void ask(PersonId reader, PersonId patient, Bytes nonce, Instant at) {
        rows.createUpdate("insert into emergency_nonce (reader, patient, nonce, at)"
                        + " values (:reader, :patient, :nonce, :at) on conflict (reader, patient)"
                        + " do update set nonce = excluded.nonce, at = excluded.at")
                .bind("reader", reader.value())
                .bind("patient", patient.value())
                .bind("nonce", nonce.toArray())
                .bind("at", at)
                .execute();
    }

    Optional<Bytes> asked(PersonId reader, PersonId patient, Instant since) {
        return rows.createQuery("select nonce from emergency_nonce"
                        + " where reader = :reader and patient = :patient and at > :since")
                .bind("reader", reader.value())
                .bind("patient", patient.value())
                .bind("since", since)
                .map((r, _) -> Bytes.of(r.getBytes("nonce")))
                .findOne();
    }

    /// @return false when it was used up by another, or is not the last any more
    boolean used(PersonId reader, PersonId patient, Bytes nonce) {
        return rows.createUpdate("delete from emergency_nonce"
                                + " where reader = :reader and patient = :patient and nonce = :nonce")
                        .bind("reader", reader.value())
                        .bind("patient", patient.value())
                        .bind("nonce", nonce.toArray())
                        .execute()
                == 1;
    }

    /// @return false when the person had `most` that day
    boolean count(PersonId person, LocalDate day, int most) {
        return rows.createUpdate("insert into emergency_count as known (person, day, times) values (:person, :day, 1)"
                                + " on conflict (person) do update set day = excluded.day,"
                                + " times = case when known.day = excluded.day then known.times + 1 else 1 end"
                                + " where known.day <> excluded.day or known.times < :most")
                        .bind("person", person.value())
                        .bind("day", day)
                        .bind("most", most)
                        .execute()
                == 1;
    }

    /// What the patient allows, what this reader opened by it, what ended any of it, and whether the patient bars
    /// this reader: whom else, is not the reader's business.
    List<Row> deciding(PersonId patient, PersonId reader) {
        return rows.createQuery("select " + KeyRows.COLUMNS + " from statements s where s.patient = :patient and ("
                        + "s.professional in (:patient, :reader) and s.kind in"
                        + " ('emergency-access', 'emergency-opening', 'revocation', 'veto', 'veto-lifted'))"
                        + " order by s.number")
                .bind("patient", patient.value())
                .bind("reader", reader.value())
                .map((r, _) -> KeyRows.readRow(r))
                .list();
    }

    List<Row> openings(PersonId patient, int most) {
        return rows.createQuery("select " + KeyRows.COLUMNS + " from statements s where s.patient = :patient"
                        + " and s.kind = 'emergency-opening' order by s.number desc limit :most")
                .bind("patient", patient.value())
                .bind("most", most)
                .map((r, _) -> KeyRows.readRow(r))
                .list();
    }

    /// The patient, and who shares a way into the patient's account.
    void tell(PersonId patient, Instant at) {
        var notices = new AccountRows(rows);
        notices.tell(patient, "emergency-opened", 1, at);
        rows.createQuery("select distinct guardian from account_guardian where person = :patient")
                .bind("patient", patient.value())
                .map((r, _) -> new PersonId(r.getString("guardian")))
                .list()
                .forEach(guardian -> notices.tell(guardian, "guarding-emergency", 1, at));
    }
}
