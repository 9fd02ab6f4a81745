package org.mizuhiki.store;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Guesses;
import org.mizuhiki.store.PasswordShares.Blinded;
import org.mizuhiki.store.PasswordShares.Guessed;

/// The SQL of [PostgresPasswordShares], within one transaction.
record PasswordRows(Handle rows) {
    private static final int MOST_NOTICES = 100;

    /// @return the seed that was there first
    byte[] seed(byte[] fresh) {
        rows.createUpdate("insert into password_seed (seed) values (:seed) on conflict do nothing")
                .bind("seed", fresh)
                .execute();
        return rows.createQuery("select seed from password_seed")
                .mapTo(byte[].class)
                .one();
    }

    void dropCandidates(PersonId person, Digest but) {
        rows.createUpdate("delete from password_share"
                        + " where person = :person and epoch <> :epoch and state = 'candidate'")
                .bind("person", person.value())
                .bind("epoch", but.hex())
                .execute();
    }

    /// An epoch that is there already stays as it is.
    void add(PersonId person, Digest epoch, byte[] share, Instant at) {
        rows.createUpdate("insert into password_share (person, epoch, share, state, at)"
                        + " values (:person, :epoch, :share, 'candidate', :at) on conflict do nothing")
                .bind("person", person.value())
                .bind("epoch", epoch.hex())
                .bind("share", share)
                .bind("at", Timestamp.from(at))
                .execute();
    }

    Optional<byte[]> share(PersonId person, Digest epoch) {
        return rows.createQuery("select share from password_share where person = :person and epoch = :epoch")
                .bind("person", person.value())
                .bind("epoch", epoch.hex())
                .mapTo(byte[].class)
                .findOne();
    }

    /// @return false when there is no such epoch; nothing was done then
    boolean keepOnly(PersonId person, Digest epoch, Instant at) {
        boolean known =
                rows.createUpdate("update password_share set state = 'kept' where person = :person and epoch = :epoch")
                                .bind("person", person.value())
                                .bind("epoch", epoch.hex())
                                .execute()
                        == 1;
        if (known) {
            dropCandidates(person, epoch);
            rows.createUpdate("update password_share set state = 'over', at = :at"
                            + " where person = :person and epoch <> :epoch and state = 'kept'")
                    .bind("person", person.value())
                    .bind("epoch", epoch.hex())
                    .bind("at", Timestamp.from(at))
                    .execute();
        }
        return known;
    }

    int dropOver(Instant before) {
        return rows.createUpdate("delete from password_share where state = 'over' and at < :before")
                .bind("before", Timestamp.from(before))
                .execute();
    }

    /// The shares that are here, of as many IDs as are asked for.
    Map<PersonId, Secret> shares(List<Blinded> asked) {
        var shares = new HashMap<PersonId, Secret>();
        rows.createQuery("""
                        select s.person, s.share from password_share s
                        join unnest(:persons, :epochs) as asked (person, epoch)
                        on s.person = asked.person and s.epoch = asked.epoch""")
                .bindArray(
                        "persons",
                        String.class,
                        asked.stream().map(a -> a.person().value()).toList())
                .bindArray(
                        "epochs",
                        String.class,
                        asked.stream().map(a -> a.epoch().hex()).toList())
                .map((r, _) -> shares.put(new PersonId(r.getString("person")), Secret.taking(r.getBytes("share"))))
                .list();
        return shares;
    }

    void tell(PersonId person, Guesses guesses) {
        rows.createUpdate("insert into password_notice (person, times, at) values (:person, :times, :at)")
                .bind("person", person.value())
                .bind("times", guesses.times())
                .bind("at", Timestamp.from(guesses.last()))
                .execute();
    }

    List<Guessed> notices(PersonId person) {
        return rows.createQuery(
                        "select times, at from password_notice where person = :person order by number desc limit :most")
                .bind("person", person.value())
                .bind("most", MOST_NOTICES)
                .map((r, _) ->
                        new Guessed(r.getInt("times"), r.getTimestamp("at").toInstant()))
                .list();
    }
}
