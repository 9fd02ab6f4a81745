package org.mizuhiki.keys;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.oprf.Stretching;
import org.mizuhiki.store.OwnShares;
import org.mizuhiki.store.PasswordShares;
import org.mizuhiki.store.PostgresPasswordShares;
import org.mizuhiki.store.PostgresStore;

/// Both halves of the log-in with their own databases, and a store that goes away when a test wants it to.
final class TwoServers implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();

    /// Without Argon2id, which is the device's work and slow.
    static final OpaqueClient CLIENT = new OpaqueClient(Stretching.insecureIdentity(), Identities.STOCK, DIE);

    final Hands clock = new Hands();
    final Database keysRows;
    final Database storeRows;
    final PostgresPasswordShares shares;
    final Leaving leaving;
    final PostgresPasswords passwords;
    final PostgresAccount account;

    TwoServers(Path folder) {
        keysRows = open(folder, "keys", PostgresKeyServer.MIGRATIONS);
        storeRows = open(folder, "store", PostgresStore.MIGRATIONS);
        shares = PostgresPasswordShares.open(storeRows, clock, DIE);
        leaving = new Leaving(shares);
        passwords = PostgresPasswords.open(keysRows, leaving, clock, DIE);
        account = new PostgresAccount(keysRows, clock, DIE);
    }

    static Database open(Path folder, String name, String migrations) {
        try {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        var binaries = Path.of("target/postgres").toAbsolutePath();
        return Databases.open(DatabaseConfig.embedded(folder.resolve(name), binaries), migrations, DIE);
    }

    static Secret password(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @return the export key
    static Secret set(Passwords passwords, OwnShares shares, PersonId person, String password) {
        try (var registration = CLIENT.register(password(password))) {
            var begun = passwords.begin(person, registration.request());
            var others = shares.begin(person, begun.registration(), registration.request());
            var registered = registration.finish(begun.response(), others);
            passwords.set(person, begun.registration(), registered.upload());
            return registered.exportKey();
        }
    }

    /// What a device has after a log-in.
    record In(Secret exportKey, Bytes token) {}

    /// @throws Refusal as client and server refuse
    static In logIn(Passwords passwords, PersonId person, String password) {
        try (var login = CLIENT.login(password(password))) {
            var answered = passwords.answer(person, login.request());
            var in = login.finish(answered.ke2());
            return new In(
                    in.exportKey(), passwords.prove(answered.login(), in.ke3()).token());
        }
    }

    Secret set(PersonId person, String password) {
        return set(passwords, leaving, person, password);
    }

    In logIn(PersonId person, String password) {
        return logIn(passwords, person, password);
    }

    /// Whose session it is; of somebody without an account, which has no key to be shown.
    PersonId owner(Bytes token) {
        return account.holder(new Passwords.Shown(token, Bytes.of()));
    }

    /// Enough time for every count to be forgiven.
    void aWeekLater() {
        clock.forward(Duration.ofDays(7));
    }

    @Override
    public void close() {
        keysRows.close();
        storeRows.close();
    }

    /// The store as seen over a net that breaks before, or after, its n-th call from now.
    static final class Leaving implements PasswordShares, OwnShares {
        private final PostgresPasswordShares real;
        private int left = Integer.MAX_VALUE;
        private boolean done;

        Leaving(PostgresPasswordShares real) {
            this.real = real;
        }

        void failAt(int call, boolean afterwards) {
            left = call;
            done = afterwards;
        }

        void comeBack() {
            left = Integer.MAX_VALUE;
        }

        private void call(Runnable work) {
            left--;
            if (left < 0 || (left == 0 && !done)) {
                throw away();
            }
            work.run();
            if (left == 0) {
                throw away();
            }
        }

        private static Refusal away() {
            return Refusal.of("peer-unreachable", "応答なし", "nobody answers");
        }

        @Override
        public Bytes begin(PersonId person, Digest epoch, Bytes element) {
            var answer = new ArrayList<Bytes>();
            call(() -> answer.add(real.begin(person, epoch, element)));
            return answer.getFirst();
        }

        @Override
        public void shift(PersonId person, Digest from, Digest to, Bytes shift) {
            call(() -> real.shift(person, from, to, shift));
        }

        @Override
        public void keep(PersonId person, Digest epoch) {
            call(() -> real.keep(person, epoch));
        }

        @Override
        public List<Evaluation> evaluate(List<Blinded> all) {
            var answer = new ArrayList<Evaluation>();
            call(() -> answer.addAll(real.evaluate(all)));
            return answer;
        }

        @Override
        public List<Guessed> notices(PersonId person) {
            return real.notices(person);
        }
    }
}
