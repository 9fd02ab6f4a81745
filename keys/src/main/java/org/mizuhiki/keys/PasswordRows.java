package org.mizuhiki.keys;

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
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Guesses;

/// The SQL of [PostgresPasswords], within one transaction.
record PasswordRows(Handle rows) {
    private static final int MOST_SESSIONS = 20;

    /// An ID's guesses, and its password if there is one.
    record Standing(Guesses guesses, Optional<Password> password) {}

    /// A row of `password`.
    record Password(Digest epoch, Secret secretShare, Bytes record, boolean settled) {}

    /// @return the value that was there first
    byte[] secret(String name, byte[] fresh) {
        rows.createUpdate("insert into password_secret (name, value) values (:name, :value) on conflict do nothing")
                .bind("name", name)
                .bind("value", fresh)
                .execute();
        return rows.createQuery("select value from password_secret where name = :name")
                .bind("name", name)
                .mapTo(byte[].class)
                .one();
    }

    Optional<Password> password(PersonId person) {
        return rows.createQuery("select epoch, share, record, settled from password where person = :person")
                .bind("person", person.value())
                .map((r, _) -> read(r))
                .findOne();
    }

    private static Password read(ResultSet row) throws SQLException {
        return new Password(
                new Digest(row.getString("epoch")),
                Secret.taking(row.getBytes("share")),
                Bytes.of(row.getBytes("record")),
                row.getBoolean("settled"));
    }

    void propose(PersonId person, Digest epoch, byte[] share, Instant at) {
        rows.createUpdate("insert into password_candidate (person, epoch, share, at)"
                        + " values (:person, :epoch, :share, :at) on conflict (person) do update"
                        + " set epoch = excluded.epoch, share = excluded.share, at = excluded.at")
                .bind("person", person.value())
                .bind("epoch", epoch.hex())
                .bind("share", share)
                .bind("at", Timestamp.from(at))
                .execute();
    }

    Optional<byte[]> candidate(PersonId person, Digest epoch, Instant since) {
        return rows.createQuery("select share from password_candidate"
                        + " where person = :person and epoch = :epoch and at >= :since")
                .bind("person", person.value())
                .bind("epoch", epoch.hex())
                .bind("since", Timestamp.from(since))
                .mapTo(byte[].class)
                .findOne();
    }

    void dropCandidates(Instant before) {
        rows.createUpdate("delete from password_candidate where at < :before")
                .bind("before", Timestamp.from(before))
                .execute();
    }

    void set(PersonId person, Digest epoch, byte[] share, Bytes record, Instant at) {
        rows.createUpdate("insert into password (person, epoch, share, record, settled, at)"
                        + " values (:person, :epoch, :share, :record, false, :at) on conflict (person) do update"
                        + " set epoch = excluded.epoch, share = excluded.share, record = excluded.record,"
                        + " settled = false, at = excluded.at")
                .bind("person", person.value())
                .bind("epoch", epoch.hex())
                .bind("share", share)
                .bind("record", record.toArray())
                .bind("at", Timestamp.from(at))
                .execute();
        rows.createUpdate("delete from password_candidate where person = :person")
                .bind("person", person.value())
                .execute();
    }

    /// @return false when another epoch counts by now
    boolean refreshed(PersonId person, Digest from, Digest to, byte[] share, Instant at) {
        return rows.createUpdate("update password set epoch = :to, share = :share, settled = false, at = :at"
                                + " where person = :person and epoch = :from")
                        .bind("person", person.value())
                        .bind("from", from.hex())
                        .bind("to", to.hex())
                        .bind("share", share)
                        .bind("at", Timestamp.from(at))
                        .execute()
                == 1;
    }

    void settled(PersonId person, Digest epoch) {
        rows.createUpdate("update password set settled = true where person = :person and epoch = :epoch")
                .bind("person", person.value())
                .bind("epoch", epoch.hex())
                .execute();
    }

    List<PersonId> unsettled() {
        return rows.createQuery("select person from password where not settled order by person limit 1000")
                .map((r, _) -> new PersonId(r.getString("person")))
                .list();
    }

    List<PersonId> olderThan(Instant before, int most) {
        return rows.createQuery("select person from password where at < :before order by at limit :most")
                .bind("before", Timestamp.from(before))
                .bind("most", most)
                .map((r, _) -> new PersonId(r.getString("person")))
                .list();
    }

    /// What is known of an ID, in one question.
    ///
    /// The transaction may be forgotten by a crash within its first half second: counting must not wait for
    /// the disk, and nobody can make the server crash at will.
    Standing standing(PersonId person) {
        return rows.createQuery("select set_config('synchronous_commit', 'off', true), g.times, g.last,"
                        + " p.epoch, p.share, p.record, p.settled from (select 1) as one"
                        + " left join password_guess g on g.person = :person"
                        + " left join password p on p.person = :person")
                .bind("person", person.value())
                .map((r, _) -> new Standing(
                        r.getInt("times") == 0
                                ? Guesses.NONE
                                : new Guesses(
                                        r.getInt("times"),
                                        r.getTimestamp("last").toInstant()),
                        r.getString("epoch") == null ? Optional.empty() : Optional.of(read(r))))
                .one();
    }

    /// @return false when somebody else counted meanwhile: nothing was done then
    boolean count(PersonId person, Guesses before, Guesses after) {
        return rows.createUpdate("insert into password_guess as known (person, times, last)"
                                + " values (:person, :times, :last) on conflict (person) do update"
                                + " set times = excluded.times, last = excluded.last"
                                + " where known.times = :timesBefore and known.last = :lastBefore")
                        .bind("person", person.value())
                        .bind("times", after.times())
                        .bind("last", Timestamp.from(after.last()))
                        .bind("timesBefore", before.times())
                        .bind("lastBefore", Timestamp.from(before.last()))
                        .execute()
                == 1;
    }

    /// Forgets the guesses and opens a session, which a crash within half a second may forget; the person's
    /// oldest one goes when there are too many.
    ///
    /// @return how many guesses there were, the one that was proven with them
    int proven(PersonId person, Digest token, Instant until) {
        return rows.createQuery("with lightly as (select set_config('synchronous_commit', 'off', true)),"
                        + " gone as (delete from password_guess where person = :person returning times),"
                        + " crowded as (delete from session where token in (select token from session"
                        + " where person = :person order by until desc offset :most)),"
                        + " opened as (insert into session (token, person, until) values (:token, :person, :until))"
                        + " select coalesce((select times from gone), 0) from lightly")
                .bind("person", person.value())
                .bind("token", token.hex())
                .bind("until", Timestamp.from(until))
                .bind("most", MOST_SESSIONS - 1)
                .mapTo(Integer.class)
                .one();
    }

    void forgetGuesses(PersonId person) {
        rows.createUpdate("delete from password_guess where person = :person")
                .bind("person", person.value())
                .execute();
    }

    void forget(Instant before) {
        rows.createUpdate("delete from password_guess where last < :before")
                .bind("before", Timestamp.from(before))
                .execute();
    }
}
