package org.mizuhiki.account;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.Account;
import org.mizuhiki.keys.Passwords;
import org.mizuhiki.keys.PostgresAccount;
import org.mizuhiki.keys.PostgresKeyServer;
import org.mizuhiki.keys.PostgresPasswords;
import org.mizuhiki.keys.PostgresRecoveries;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.oprf.Stretching;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.store.Keyrings;
import org.mizuhiki.store.OwnShares;
import org.mizuhiki.store.PostgresKeyrings;
import org.mizuhiki.store.PostgresPasswordShares;
import org.mizuhiki.store.PostgresStore;

/// The real servers' insides on databases of their own, devices without Argon2id, and a net that breaks
/// where a test wants it to.
final class BothServers implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final Seals SEALS = new Seals(DIE);
    static final Duration DELAY = Duration.ofDays(3);

    final Hands clock = new Hands();
    final Database keys;
    final Database store;
    final PostgresPasswordShares shares;
    final PostgresPasswords passwords;
    final PostgresRecoveries recoveries;
    final Accounts accounts;
    private final AccountServers servers;

    BothServers(Path folder) throws java.io.IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        keys = database(folder, "keys", PostgresKeyServer.MIGRATIONS);
        store = database(folder, "store", PostgresStore.MIGRATIONS);
        shares = PostgresPasswordShares.open(store, clock, DIE);
        passwords = PostgresPasswords.open(keys, shares, clock, DIE);
        recoveries = new PostgresRecoveries(keys, clock, DELAY, DIE);
        servers = new AccountServers(
                _ -> passwords,
                new PostgresAccount(keys, clock, DIE),
                recoveries,
                new PostgresKeyrings(store, clock),
                _ -> shares);
        accounts = over(servers);
    }

    private static Database database(Path folder, String name, String migrations) {
        var binaries = Path.of("target/postgres").toAbsolutePath();
        return Databases.open(DatabaseConfig.embedded(folder.resolve(name), binaries), migrations, DIE);
    }

    AccountServers servers() {
        return servers;
    }

    Accounts over(AccountServers through) {
        var client = new OpaqueClient(Stretching.insecureIdentity(), Identities.STOCK, DIE);
        return new Accounts(through, client, SEALS, clock);
    }

    static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }

    static String text(PersonAccount account) {
        return account.keyring(k -> k.lend(b -> new String(b, StandardCharsets.UTF_8)));
    }

    /// A person with an account whose keyring holds these words.
    PersonAccount made(PersonId person, String password, String keyring) {
        return accounts.create(person, secret(password), secret(keyring), false);
    }

    String opened(PersonId person, String password) {
        clock.forward(Duration.ofHours(2));
        try (var in = accounts.logIn(person, secret(password), Seen.NOTHING)) {
            return text(in);
        }
    }

    /// The same servers behind a net that breaks at its n-th changing call, before or after it is done.
    final class Breaking {
        private int left;
        private final boolean done;

        Breaking(int call, boolean done) {
            this.left = call;
            this.done = done;
        }

        Accounts accounts() {
            return over(new AccountServers(
                    token -> broken(Passwords.class, servers.passwords().apply(token), "set"),
                    broken(Account.class, servers.account(), "replace"),
                    servers.recoveries(),
                    broken(Keyrings.class, servers.keyrings(), "keep"),
                    token -> broken(OwnShares.class, servers.shares().apply(token), "begin")));
        }

        private <T> T broken(Class<T> door, T real, String changing) {
            return door.cast(Proxy.newProxyInstance(
                    door.getClassLoader(), new Class<?>[] {door}, (_, method, given) -> {
                        boolean now = method.getName().startsWith(changing) && --left == 0;
                        if (now && !done) {
                            throw away();
                        }
                        Object answer;
                        try {
                            answer = method.invoke(real, given);
                        } catch (InvocationTargetException e) {
                            throw Optional.ofNullable(e.getCause()).orElse(e);
                        }
                        if (now) {
                            throw away();
                        }
                        return answer;
                    }));
        }

        boolean broke() {
            return left <= 0;
        }
    }

    private static Refusal away() {
        return Refusal.of("peer-unreachable", "応答なし", "nobody answers");
    }

    @Override
    public void close() {
        keys.close();
        store.close();
    }

    /// Moves when told to.
    static final class Hands extends Clock {
        private Instant now = Instant.parse("2026-11-23T09:00:00Z");

        void forward(Duration by) {
            now = now.plus(by);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("UTC only");
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
