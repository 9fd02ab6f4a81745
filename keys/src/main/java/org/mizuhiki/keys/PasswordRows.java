package org.mizuhiki.keys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;

/// The SQL of [PostgresPasswords], within one transaction.
record PasswordRows(Handle rows) {
    static final int MOST_SESSIONS = 20;

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

    /// The passwords that are here, of as many IDs as are asked for.
    Map<PersonId, Password> passwords(List<PersonId> persons) {
        var passwords = new HashMap<PersonId, Password>();
        rows.createQuery("select person, epoch, share, record, settled from password where person = any(:persons)")
                .bindArray("persons", String.class, names(persons))
                .map((r, _) -> passwords.put(new PersonId(r.getString("person")), read(r)))
                .list();
        return passwords;
    }

    /// A session that begins.
    record Opened(PersonId person, Digest token) {}

    /// Forgets the guesses and opens sessions, which a crash within half a second may forget; a person's
    /// oldest one goes when there are too many.
    ///
    /// @param opened each of another person
    /// @return how many guesses there were of each, the one that was proven with them
    Map<PersonId, Integer> proven(List<Opened> opened, Instant until) {
        var guesses = new HashMap<PersonId, Integer>();
        rows.createQuery("""
                        with gone as (delete from password_guess where person in
                                (select person from password_guess where person = any(:persons)
                                 and set_config('synchronous_commit', 'off', true) = 'off'
                                 order by person for update) returning person, times),
                            crowded as (delete from session where token in (select token from
                                (select token, row_number() over (partition by person order by until desc) as place
                                 from session where person = any(:persons)) as placed where place > :most)),
                            opened as (insert into session (token, person, until)
                                select token, person, :until from unnest(:tokens, :persons) as o (token, person))
                        select person, times from gone""")
                .bindArray(
                        "persons",
                        String.class,
                        names(opened.stream().map(Opened::person).toList()))
                .bindArray(
                        "tokens",
                        String.class,
                        opened.stream().map(o -> o.token().hex()).toList())
                .bind("until", Timestamp.from(until))
                .bind("most", MOST_SESSIONS - 1)
                .map((r, _) -> guesses.put(new PersonId(r.getString("person")), r.getInt("times")))
                .list();
        return guesses;
    }

    private static List<String> names(List<PersonId> persons) {
        return persons.stream().map(PersonId::value).toList();
    }

    void forgetGuesses(PersonId person) {
        rows.createUpdate("delete from password_guess where person = :person")
                .bind("person", person.value())
                .execute();
    }
}
