package org.mizuhiki.keys;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.Together;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.PasswordRows.Opened;
import org.mizuhiki.keys.PasswordRows.Password;
import org.mizuhiki.oprf.Guesses;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.KeyShare;
import org.mizuhiki.oprf.OpaqueServer;
import org.mizuhiki.oprf.RegistrationRecord;
import org.mizuhiki.store.GuessCounts;
import org.mizuhiki.store.PasswordShares;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The client's side of the two servers: this one's shares and records in its database, the store's through
/// `others`. This server says which epoch counts; the store learns of it afterwards ([#settle]), and
/// neither loses a share that counts when the other is away.
public final class PostgresPasswords implements Passwords {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresPasswords.class);
    private static final Guesses.Limit LIMIT = Guesses.Limit.OF_PROVEN;
    private static final Duration REGISTRATION = Duration.ofMinutes(10);
    private static final int BATCH = 500;

    private static final int MOST_TOGETHER = 32;

    /// Transactions under way: with three the batches were so small that a log-in cost half as much again.
    private static final int AT_ONCE = 1;

    /// Guesses before a log-in that its person is told of; fewer are slips of the person's own.
    private static final int WORTH_TELLING = 3;

    private final Database database;
    private final PasswordShares others;
    private final Clock clock;
    private final SecureRandom die;
    private final OpaqueServer opaque;
    private final Secret seed;
    private final PendingLogins pending;
    private final Turns turns = new Turns();
    private final Together<PersonId, Counted> counting =
            new Together<>(MOST_TOGETHER, AT_ONCE, PersonId::value, this::counted);
    private final Together<Opened, Instant> proving =
            new Together<>(MOST_TOGETHER, AT_ONCE, o -> o.person().value(), this::proven);

    private PostgresPasswords(
            Database database, PasswordShares others, Clock clock, SecureRandom die, Secret key, Secret seed) {
        this.database = database;
        this.others = others;
        this.clock = clock;
        this.die = die;
        this.opaque = new OpaqueServer(key, Identities.STOCK, die);
        this.seed = seed;
        this.pending = new PendingLogins(clock);
    }

    /// @param database opened with [PostgresKeyServer#MIGRATIONS]
    /// @param others the store's shares
    public static PostgresPasswords open(Database database, PasswordShares others, Clock clock, SecureRandom die) {
        var freshSeed = new byte[KeyShare.SEED_BYTES];
        die.nextBytes(freshSeed);
        try (var freshKey = OpaqueServer.newKey(die)) {
            return database.inTransaction(tx -> {
                var rows = new PasswordRows(tx);
                var key = freshKey.lend(k -> rows.secret("opaque-key", k));
                var seed = rows.secret("nobodys-seed", freshSeed);
                return new PostgresPasswords(database, others, clock, die, Secret.taking(key), Secret.taking(seed));
            });
        }
    }

    @Override
    public Begun begin(PersonId person, Bytes request) {
        return turns.take(person, () -> {
            settle(person);
            var epoch = drawn();
            try (var share = KeyShare.random(die);
                    var kept = share.toSecret()) {
                var mine = share.evaluate(request);
                kept.lend(s -> database.inTransaction(tx -> {
                    new PasswordRows(tx).propose(person, epoch, s, clock.instant());
                    return true;
                }));
                return new Begun(epoch, opaque.registrationResponse(mine));
            }
        });
    }

    @Override
    public void set(PersonId person, Digest registration, Bytes upload) {
        var record = new RegistrationRecord(upload);
        turns.take(person, () -> {
            var now = clock.instant();
            database.inTransaction(tx -> {
                var rows = new PasswordRows(tx);
                var standing = rows.password(person);
                if (standing.filter(p -> p.epoch().equals(registration)).isPresent()) {
                    return true; // said before
                }
                var share = rows.candidate(person, registration, now.minus(REGISTRATION))
                        .orElseThrow(No::registrationOver);
                rows.set(person, registration, share, record.encoded(), now);
                rows.forgetGuesses(person);
                var account = new AccountRows(tx);
                account.endAll(person);
                account.tell(person, "password-set", 1, now);
                return true;
            });
            settleLater(person);
            return true;
        });
    }

    /// {@inheritDoc}
    ///
    /// Share and record of nobody are made for all, so that known IDs take no less time.
    @Override
    public Answered answer(PersonId person, Bytes ke1) {
        var blinded = OpaqueServer.blinded(ke1);
        var id = Bytes.utf8(person.value());
        // 1. count the guess before anything is computed for it
        var counted = counting.ask(person);
        if (!counted.inTime()) {
            throw Guesses.tooMany();
        }
        var known = counted.password();
        // 2. evaluate with both shares
        var nobody = RegistrationRecord.fake(seed, id);
        var record = known.map(Password::record).map(RegistrationRecord::new).orElse(nobody);
        var epoch = known.map(Password::epoch).orElse(nobody.encoded().sha256());
        try (var nobodys = KeyShare.ofId(seed, id);
                var share = known.map(Password::secretShare).map(KeyShare::of).orElse(nobodys)) {
            var evaluated = KeyShare.sum(share.evaluate(blinded), others.evaluate(person, epoch, blinded));
            // 3. answer as OPAQUE's server
            var answer = opaque.answer(record, ke1, evaluated);
            var login = drawn();
            pending.keep(login, person, answer);
            return new Answered(login, answer.ke2());
        }
    }

    /// @param inTime whether the try was counted; otherwise it came too early
    private record Counted(boolean inTime, Optional<Password> password) {}

    private List<Counted> counted(List<PersonId> persons) {
        var now = clock.instant();
        return database.inTransaction(tx -> {
            var counts = new GuessCounts(tx).tried(LIMIT, persons, now);
            var passwords = new PasswordRows(tx).passwords(persons);
            counts.forEach((person, guesses) -> {
                if (guesses.justLocked(LIMIT) && passwords.containsKey(person)) {
                    new AccountRows(tx).tell(person, "locked", guesses.times(), now);
                }
            });
            return persons.stream()
                    .map(p -> new Counted(counts.containsKey(p), Optional.ofNullable(passwords.get(p))))
                    .toList();
        });
    }

    @Override
    public Session prove(Digest login, Bytes ke3) {
        var begun = pending.take(login).orElseThrow(No::loginFailed);
        try (var answer = begun.answer();
                var key = answer.finish(ke3)) {
            assert key.size() > 0;
        }
        var token = new byte[Digest.of().toArray().length];
        die.nextBytes(token);
        return new Session(Bytes.of(token), proving.ask(new Opened(begun.person(), Digest.of(token))));
    }

    private List<Instant> proven(List<Opened> opened) {
        var now = clock.instant();
        var until = now.plus(PostgresAccount.SESSION);
        database.inTransaction(tx -> {
            new PasswordRows(tx).proven(opened, until).forEach((person, times) -> {
                int others = times - 1;
                if (others >= WORTH_TELLING) {
                    new AccountRows(tx).tell(person, "guessed", others, now);
                }
            });
            return true;
        });
        return Collections.nCopies(opened.size(), until);
    }

    /// Begins another epoch of this person's shares: what was stolen of them before does not fit to what is
    /// stolen afterwards. Log-ins go on.
    ///
    /// @return false when there is no password, or it was set meanwhile
    public boolean refresh(PersonId person) {
        return turns.take(person, () -> {
            settle(person);
            var standing = database.inTransaction(tx -> new PasswordRows(tx).password(person));
            if (standing.isEmpty()) {
                return false;
            }
            var to = drawn();
            try (var shift = KeyShare.random(die);
                    var shiftBytes = shift.toSecret();
                    var old = KeyShare.of(standing.get().secretShare());
                    var next = old.plus(shift);
                    var kept = next.toSecret()) {
                others.shift(person, standing.get().epoch(), to, shiftBytes.lend(Bytes::of));
                boolean done = kept.lend(s -> database.inTransaction(tx ->
                        new PasswordRows(tx).refreshed(person, standing.get().epoch(), to, s, clock.instant())));
                settleLater(person);
                return done;
            }
        });
    }

    /// Refreshes all shares that are older than this, oldest first.
    ///
    /// @return how many were refreshed
    public int refresh(Duration olderThan) {
        var before = clock.instant().minus(olderThan);
        int all = 0;
        while (true) {
            var due = database.inTransaction(tx -> new PasswordRows(tx).olderThan(before, BATCH));
            int done = (int) due.stream().filter(this::refresh).count();
            all += done;
            if (done == 0 || due.size() < BATCH) {
                return all;
            }
        }
    }

    /// Tells the store what it was not told yet, and forgets what is over; to be called every minute.
    public void settle() {
        var now = clock.instant();
        var open = database.inTransaction(tx -> {
            var rows = new PasswordRows(tx);
            new GuessCounts(tx).forget(now.minus(LIMIT.forgivenAfter().multipliedBy(LIMIT.lockedFrom() + 1L)));
            rows.dropCandidates(now.minus(REGISTRATION));
            new AccountRows(tx).dropOver(now);
            return rows.unsettled();
        });
        // one whom the store refuses must not keep the others waiting
        open.forEach(person -> turns.take(person, () -> {
            settleLater(person);
            return true;
        }));
    }

    private void settle(PersonId person) {
        database.inTransaction(tx -> new PasswordRows(tx).password(person))
                .filter(p -> !p.settled())
                .ifPresent(p -> {
                    keep(person, p.epoch());
                    database.inTransaction(tx -> {
                        new PasswordRows(tx).settled(person, p.epoch());
                        return true;
                    });
                });
    }

    /// A device that never asked the store made a password that opens nothing; it must not hold up the
    /// next one.
    private void keep(PersonId person, Digest epoch) {
        try {
            others.keep(person, epoch);
        } catch (Refusal refusal) {
            if (!refusal.code().equals("epoch-unknown")) {
                throw refusal;
            }
            LOG.warn("the store has no share of an epoch that was set");
        }
    }

    /// What is done stays done when the store cannot be told at once.
    private void settleLater(PersonId person) {
        try {
            settle(person);
        } catch (Refusal e) {
            LOG.warn("the store was not told of an epoch, it will be within a minute: {}", e.code());
        }
    }

    private Digest drawn() {
        var random = new byte[Digest.of().toArray().length];
        die.nextBytes(random);
        return Digest.ofHash(random);
    }
}
