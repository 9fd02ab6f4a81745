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
import org.mizuhiki.store.OwnShares.Guessed;
import org.mizuhiki.store.PasswordShares.Blinded;

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

    /// A candidate that its person's device asked for.
    ///
    /// @return false when the epoch is here already
    boolean begin(PersonId person, Digest epoch, byte[] share, Digest asked, Instant at) {
        return rows.createUpdate("insert into password_share (person, epoch, share, state, at, asked)"
                                + " values (:person, :epoch, :share, 'candidate', :at, :asked) on conflict do nothing")
                        .bind("person", person.value())
                        .bind("epoch", epoch.hex())
                        .bind("share", share)
                        .bind("at", Timestamp.from(at))
                        .bind("asked", asked.hex())
                        .execute()
                == 1;
    }

    /// The candidate that was made for the same question.
    Optional<byte[]> begun(PersonId person, Digest epoch, Digest asked) {
        return rows.createQuery("select share from password_share where person = :person and epoch = :epoch"
                        + " and asked = :asked and state = 'candidate'")
                .bind("person", person.value())
                .bind("epoch", epoch.hex())
                .bind("asked", asked.hex())
                .mapTo(byte[].class)
                .findOne();
    }

    /// The oldest go: which of them counts is told soon, and only their person makes any.
    void crowdCandidates(PersonId person, int most) {
        rows.createUpdate("delete from password_share where person = :person and epoch in (select epoch from"
                        + " password_share where person = :person and state = 'candidate' and asked is not null"
                        + " order by at desc offset :most)")
                .bind("person", person.value())
                .bind("most", most)
                .execute();
    }

    /// What the person's device began after `since` may still come to count, and stays.
    private void dropCandidates(PersonId person, Digest but, Instant since) {
        rows.createUpdate("delete from password_share where person = :person and epoch <> :epoch"
                        + " and state = 'candidate' and (asked is null or at < :since)")
                .bind("person", person.value())
                .bind("epoch", but.hex())
                .bind("since", Timestamp.from(since))
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

    /// @param since candidates begun before it go
    /// @return false when there is no such epoch; nothing was done then
    boolean keepOnly(PersonId person, Digest epoch, Instant at, Instant since) {
        boolean known =
                rows.createUpdate("update password_share set state = 'kept' where person = :person and epoch = :epoch")
                                .bind("person", person.value())
                                .bind("epoch", epoch.hex())
                                .execute()
                        == 1;
        if (known) {
            dropCandidates(person, epoch, since);
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
