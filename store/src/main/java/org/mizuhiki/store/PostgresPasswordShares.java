package org.mizuhiki.store;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Guesses;
import org.mizuhiki.oprf.KeyShare;

/// Shares in this store's database. The limit here holds against everybody, a key server in wrong hands
/// too.
public final class PostgresPasswordShares implements PasswordShares, OwnShares {
    private static final Guesses.Limit LIMIT = Guesses.Limit.OF_ALL;

    /// A log-in that began with an epoch that is over by now must not fail.
    private static final Duration STILL_GOOD = Duration.ofMinutes(2);

    /// In which a password that is being set comes to count; the key server gives it ten minutes.
    private static final Duration BEING_SET = Duration.ofMinutes(15);

    /// Passwords of one person that are being set at the same time.
    private static final int MOST_CANDIDATES = 8;

    private final Database database;
    private final Clock clock;
    private final SecureRandom die;
    private final Secret seed;

    private PostgresPasswordShares(Database database, Clock clock, SecureRandom die, Secret seed) {
        this.database = database;
        this.clock = clock;
        this.die = die;
        this.seed = seed;
    }

    /// @param database opened with [PostgresStore#MIGRATIONS]; stays the caller's to close
    public static PostgresPasswordShares open(Database database, Clock clock, SecureRandom die) {
        var fresh = new byte[KeyShare.SEED_BYTES];
        die.nextBytes(fresh);
        var seed = database.inTransaction(tx -> new PasswordRows(tx).seed(fresh));
        return new PostgresPasswordShares(database, clock, die, Secret.taking(seed));
    }

    @Override
    public Bytes begin(PersonId person, Digest epoch, Bytes element) {
        var asked = element.sha256();
        try (var fresh = KeyShare.random(die);
                var secret = fresh.toSecret();
                var kept = KeyShare.of(Secret.taking(
                        secret.lend(bytes -> database.inTransaction(tx -> begun(tx, person, epoch, bytes, asked)))))) {
            return kept.evaluate(element);
        }
    }

    private byte[] begun(Handle tx, PersonId person, Digest epoch, byte[] fresh, Digest asked) {
        var rows = new PasswordRows(tx);
        if (rows.begin(person, epoch, fresh, asked, clock.instant())) {
            rows.crowdCandidates(person, MOST_CANDIDATES);
            return fresh.clone();
        }
        return rows.begun(person, epoch, asked).orElseThrow(PostgresPasswordShares::epochTaken);
    }

    @Override
    public void shift(PersonId person, Digest from, Digest to, Bytes shift) {
        try (var taken = KeyShare.of(Secret.taking(shift.toArray()))) {
            var old = database.inTransaction(tx -> new PasswordRows(tx).share(person, from))
                    .orElseThrow(PostgresPasswordShares::epochUnknown);
            try (var share = KeyShare.of(Secret.taking(old));
                    var next = share.minus(taken)) {
                add(person, to, next);
            }
        }
    }

    private void add(PersonId person, Digest epoch, KeyShare share) {
        try (var secret = share.toSecret()) {
            secret.lend(bytes -> database.inTransaction(tx -> {
                new PasswordRows(tx).add(person, epoch, bytes, clock.instant());
                return true;
            }));
        }
    }

    @Override
    public void keep(PersonId person, Digest epoch) {
        var now = clock.instant();
        boolean known =
                database.inTransaction(tx -> new PasswordRows(tx).keepOnly(person, epoch, now, now.minus(BEING_SET)));
        if (!known) {
            throw epochUnknown();
        }
    }

    /// {@inheritDoc}
    ///
    /// The share of nobody is derived for all, so that known IDs take no less time.
    @Override
    public List<Evaluation> evaluate(List<Blinded> all) {
        var persons = all.stream().map(Blinded::person).toList();
        if (Set.copyOf(persons).size() < persons.size()) {
            throw Refusal.of("person-repeated", "同じIDが二度あります", "The same ID stands here twice");
        }
        var counted = counted(all, persons);
        return all.stream().map(one -> evaluation(counted, one)).toList();
    }

    private record Counted(Set<PersonId> persons, Map<PersonId, Secret> shares) {}

    private Counted counted(List<Blinded> all, List<PersonId> persons) {
        return database.inTransaction(tx -> {
            var rows = new PasswordRows(tx);
            var counts = new GuessCounts(tx).tried(LIMIT, persons, clock.instant());
            counts.forEach((person, guesses) -> {
                if (guesses.justLocked(LIMIT)) {
                    rows.tell(person, guesses);
                }
            });
            return new Counted(Set.copyOf(counts.keySet()), rows.shares(all));
        });
    }

    private Evaluation evaluation(Counted counted, Blinded one) {
        if (!counted.persons().contains(one.person())) {
            return Evaluation.TOO_EARLY;
        }
        var kept = Optional.ofNullable(counted.shares().get(one.person()));
        try (var nobodys = KeyShare.ofId(seed, Bytes.utf8(one.person().value()));
                var share = kept.map(KeyShare::of).orElse(nobodys)) {
            return new Evaluation(Optional.of(share.evaluate(one.element())));
        }
    }

    @Override
    public List<Guessed> notices(PersonId person) {
        return database.inTransaction(tx -> new PasswordRows(tx).notices(person));
    }

    /// Forgets shares that are over and counts that say nothing any more; to be called every minute.
    ///
    /// @return how many shares and counts went
    public int sweep() {
        var now = clock.instant();
        var counts = now.minus(LIMIT.forgivenAfter().multipliedBy(LIMIT.lockedFrom() + 1L));
        return database.inTransaction(tx -> {
            var rows = new PasswordRows(tx);
            return rows.dropOver(now.minus(STILL_GOOD)) + new GuessCounts(tx).forget(counts);
        });
    }

    private static Refusal epochTaken() {
        return Refusal.of(
                "epoch-taken",
                "この世代の鍵の分割はすでに使われています。パスワードの設定を最初からやり直してください",
                "This epoch's share was made for something else; set the password from the beginning");
    }

    private static Refusal epochUnknown() {
        return Refusal.of("epoch-unknown", "このIDと世代の鍵の分割はありません", "There is no share of this ID and epoch here");
    }
}
