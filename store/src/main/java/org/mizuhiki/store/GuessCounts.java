package org.mizuhiki.store;

import static java.util.stream.Collectors.toMap;

import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.oprf.Guesses;

/// How often the passwords of IDs were tried, in a table `password_guess` that each server has for itself;
/// for many IDs in one transaction.
public record GuessCounts(Handle rows) {
    /// An ID whose row is this transaction's.
    ///
    /// @param fresh whether the row was made by this try, and counts it already
    private record Claimed(PersonId person, Guesses guesses, boolean fresh) {
        /// @return the count with this try, none when it comes too early
        Optional<Claimed> tried(Guesses.Limit limit, Instant now) {
            try {
                return Optional.of(fresh ? this : new Claimed(person, guesses.tried(limit, now), false));
            } catch (Refusal tooEarly) {
                return Optional.empty();
            }
        }
    }

    /// Counts one try each. The rows are this transaction's until it ends, so that no try is lost.
    ///
    /// The transaction may be forgotten by a crash within its first half second: counting must not wait for
    /// the disk, and nobody can make the server crash at will.
    ///
    /// @param persons each once
    /// @return the counts; who is not among them tried too early, and nothing was counted
    public Map<PersonId, Guesses> tried(Guesses.Limit limit, List<PersonId> persons, Instant now) {
        var counted = claim(persons, now).stream()
                .flatMap(c -> c.tried(limit, now).stream())
                .toList();
        write(counted.stream().filter(c -> !c.fresh()).toList(), now);
        return counted.stream().collect(toMap(Claimed::person, Claimed::guesses));
    }

    /// Always in the same order, or two transactions would wait for each other.
    private List<Claimed> claim(List<PersonId> persons, Instant now) {
        return rows.createQuery("""
                        insert into password_guess as known (person, times, last)
                        select person, 1, :now from unnest(:persons) as asked (person)
                        where set_config('synchronous_commit', 'off', true) = 'off' order by person
                        on conflict (person) do update set times = known.times
                        returning person, times, last, xmax = 0 as fresh""")
                .bind("now", Timestamp.from(now))
                .bindArray("persons", String.class, names(persons))
                .map((r, _) -> new Claimed(
                        new PersonId(r.getString("person")),
                        new Guesses(r.getInt("times"), r.getTimestamp("last").toInstant()),
                        r.getBoolean("fresh")))
                .list();
    }

    private void write(List<Claimed> counted, Instant now) {
        if (counted.isEmpty()) {
            return;
        }
        rows.createUpdate("""
                        update password_guess g set times = n.times, last = :last
                        from unnest(:persons, :times) as n (person, times) where g.person = n.person""")
                .bind("last", Timestamp.from(now))
                .bindArray(
                        "persons",
                        String.class,
                        names(counted.stream().map(Claimed::person).toList()))
                .bindArray(
                        "times",
                        Integer.class,
                        counted.stream().map(c -> c.guesses().times()).toList())
                .execute();
    }

    /// Drops counts that say nothing any more.
    public int forget(Instant before) {
        return rows.createUpdate("delete from password_guess where last < :before")
                .bind("before", Timestamp.from(before))
                .execute();
    }

    private static List<String> names(List<PersonId> persons) {
        return persons.stream().map(PersonId::value).toList();
    }
}
