package org.mizuhiki.keys;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.Account.Notice;
import org.mizuhiki.keys.Account.WrappedKey;

/// The SQL of sessions, slots and notices, within one transaction.
record AccountRows(Handle rows) {
    private static final int MOST_NOTICES = 100;

    Optional<PersonId> owner(Digest token, Instant now) {
        return rows.createQuery("select person from session where token = :token and until > :now")
                .bind("token", token.hex())
                .bind("now", Timestamp.from(now))
                .map((r, _) -> new PersonId(r.getString("person")))
                .findOne();
    }

    boolean end(Digest token) {
        return rows.createUpdate("delete from session where token = :token")
                        .bind("token", token.hex())
                        .execute()
                > 0;
    }

    void endAll(PersonId person) {
        rows.createUpdate("delete from session where person = :person")
                .bind("person", person.value())
                .execute();
    }

    void dropOver(Instant now) {
        rows.createUpdate("delete from session where until <= :now")
                .bind("now", Timestamp.from(now))
                .execute();
    }

    List<WrappedKey> slots(PersonId person) {
        return rows.createQuery("select name, wrapped from account_slot where person = :person order by name")
                .bind("person", person.value())
                .map((r, _) -> new WrappedKey(r.getString("name"), Bytes.of(r.getBytes("wrapped"))))
                .list();
    }

    void put(PersonId person, WrappedKey slot, Instant at) {
        rows.createUpdate("insert into account_slot (person, name, wrapped, at)"
                        + " values (:person, :name, :wrapped, :at) on conflict (person, name) do update"
                        + " set wrapped = excluded.wrapped, at = excluded.at")
                .bind("person", person.value())
                .bind("name", slot.name())
                .bind("wrapped", slot.wrapped().toArray())
                .bind("at", Timestamp.from(at))
                .execute();
    }

    boolean drop(PersonId person, String name) {
        return rows.createUpdate("delete from account_slot where person = :person and name = :name")
                        .bind("person", person.value())
                        .bind("name", name)
                        .execute()
                > 0;
    }

    void tell(PersonId person, String kind, int times, Instant at) {
        rows.createUpdate("insert into account_notice (person, kind, times, at) values (:person, :kind, :times, :at)")
                .bind("person", person.value())
                .bind("kind", kind)
                .bind("times", times)
                .bind("at", Timestamp.from(at))
                .execute();
    }

    List<Notice> notices(PersonId person) {
        return rows.createQuery("select kind, times, at from account_notice where person = :person"
                        + " order by number desc limit :most")
                .bind("person", person.value())
                .bind("most", MOST_NOTICES)
                .map((r, _) -> new Notice(
                        r.getString("kind"),
                        r.getInt("times"),
                        r.getTimestamp("at").toInstant()))
                .list();
    }
}
