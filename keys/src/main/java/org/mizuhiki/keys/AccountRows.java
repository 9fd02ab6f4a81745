package org.mizuhiki.keys;

import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.Account.Guardian;
import org.mizuhiki.keys.Account.Notice;
import org.mizuhiki.keys.Account.State;
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

    void endOthers(PersonId person, Digest but) {
        rows.createUpdate("delete from session where person = :person and token <> :token")
                .bind("person", person.value())
                .bind("token", but.hex())
                .execute();
    }

    /// The person's oldest session goes when there are too many.
    void open(PersonId person, Digest token, Instant until) {
        rows.createUpdate("delete from session where token in (select token from session where person = :person"
                        + " order by until desc offset :most)")
                .bind("person", person.value())
                .bind("most", PasswordRows.MOST_SESSIONS - 1)
                .execute();
        rows.createUpdate("insert into session (token, person, until) values (:token, :person, :until)")
                .bind("token", token.hex())
                .bind("person", person.value())
                .bind("until", Timestamp.from(until))
                .execute();
    }

    Optional<String> released(PersonId person, Digest release) {
        return rows.createQuery("select name from account_slot where person = :person and release = :release")
                .bind("person", person.value())
                .bind("release", release.hex())
                .mapTo(String.class)
                .findOne();
    }

    State state(PersonId person) {
        return rows.createQuery("select number, head from account where person = :person")
                .bind("person", person.value())
                .map((r, _) -> new State(r.getLong("number"), Bytes.of(r.getBytes("head")), slots(person)))
                .findOne()
                .orElseGet(() -> new State(0, Bytes.of(), List.of()));
    }

    /// @return false when another device was first
    boolean advance(PersonId person, long number, Bytes head, Digest access) {
        return rows.createUpdate(
                                number == 1
                                        ? "insert into account (person, number, head, access)"
                                                + " values (:person, :number, :head, :access) on conflict do nothing"
                                        : "update account set number = :number, head = :head, access = :access"
                                                + " where person = :person and number = :number - 1")
                        .bind("access", access.hex())
                        .bind("person", person.value())
                        .bind("number", number)
                        .bind("head", head.toArray())
                        .execute()
                == 1;
    }

    /// SHA-256 of what changes have to show; none before the first state, and of one from before there
    /// were any.
    Optional<Digest> access(PersonId person) {
        return rows.createQuery("select access from account where person = :person and access is not null")
                .bind("person", person.value())
                .map((r, _) -> new Digest(r.getString("access")))
                .findOne();
    }

    private List<WrappedKey> slots(PersonId person) {
        return rows.createQuery("select name, wrapped, release, share from account_slot where person = :person"
                        + " order by name")
                .bind("person", person.value())
                .map((r, _) -> new WrappedKey(
                        r.getString("name"),
                        Bytes.of(r.getBytes("wrapped")),
                        Optional.ofNullable(r.getString("release")).map(Digest::new),
                        Optional.ofNullable(r.getBytes("share")).map(Bytes::of),
                        guardians(person, r.getString("name"))))
                .list();
    }

    private List<Guardian> guardians(PersonId person, String slot) {
        return rows.createQuery("select guardian, share from account_guardian"
                        + " where person = :person and slot = :slot order by position")
                .bind("person", person.value())
                .bind("slot", slot)
                .map((r, _) -> new Guardian(new PersonId(r.getString("guardian")), Bytes.of(r.getBytes("share"))))
                .list();
    }

    /// A slot that was there before stays as old as it is.
    void replace(PersonId person, List<WrappedKey> slots, Instant at) {
        var since = new HashMap<String, Timestamp>();
        rows.createQuery("select name, at from account_slot where person = :person")
                .bind("person", person.value())
                .map((r, _) -> since.put(r.getString("name"), r.getTimestamp("at")))
                .list();
        rows.createUpdate("delete from account_slot where person = :person")
                .bind("person", person.value())
                .execute();
        for (var slot : slots) {
            rows.createUpdate("insert into account_slot (person, name, wrapped, release, share, at)"
                            + " values (:person, :name, :wrapped, :release, :share, :at)")
                    .bind("person", person.value())
                    .bind("name", slot.name())
                    .bind("wrapped", slot.wrapped().toArray())
                    .bind("release", slot.release().map(Digest::hex).orElse(null))
                    .bind("share", slot.share().map(Bytes::toArray).orElse(null))
                    .bind("at", since.getOrDefault(slot.name(), Timestamp.from(at)))
                    .execute();
            for (int i = 0; i < slot.guardians().size(); i++) {
                guard(person, slot.name(), i + 1, slot.guardians().get(i));
            }
        }
    }

    private void guard(PersonId person, String slot, int position, Guardian guardian) {
        rows.createUpdate("insert into account_guardian (person, slot, position, guardian, share)"
                        + " values (:person, :slot, :position, :guardian, :share)")
                .bind("person", person.value())
                .bind("slot", slot)
                .bind("position", position)
                .bind("guardian", guardian.guardian().value())
                .bind("share", guardian.share().toArray())
                .execute();
    }

    /// What strangers can bring about is one notice for as long as no day goes by without it: who asks
    /// again and again buries nothing.
    void tellOnce(PersonId person, String kind, Instant at) {
        int before = rows.createUpdate("update account_notice set times = least(times + 1, 1000000), at = :at"
                        + " where number = (select number from account_notice where person = :person and kind = :kind"
                        + " and at > :since order by number desc limit 1)")
                .bind("person", person.value())
                .bind("kind", kind)
                .bind("at", Timestamp.from(at))
                .bind("since", Timestamp.from(at.minus(Duration.ofDays(1))))
                .execute();
        if (before == 0) {
            tell(person, kind, 1, at);
        }
    }

    void dropNotices(Instant before) {
        rows.createUpdate("delete from account_notice where at <= :before")
                .bind("before", Timestamp.from(before))
                .execute();
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
                        + " order by at desc, number desc limit :most")
                .bind("person", person.value())
                .bind("most", MOST_NOTICES)
                .map((r, _) -> new Notice(
                        r.getString("kind"),
                        r.getInt("times"),
                        r.getTimestamp("at").toInstant()))
                .list();
    }
}
