package org.mizuhiki.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.PasswordRoutes;
import org.mizuhiki.keys.PostgresAccount;
import org.mizuhiki.keys.PostgresKeyServer;
import org.mizuhiki.keys.PostgresPasswords;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.oprf.Stretching;
import org.mizuhiki.store.OwnShares;
import org.mizuhiki.store.PasswordShareRoutes;
import org.mizuhiki.store.PostgresKeyrings;
import org.mizuhiki.store.PostgresPasswordShares;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.store.RemotePasswordShares;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Limits;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.Route;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// Key server and store as they run in a region, each with its own PostgreSQL, mutual TLS between them, and
/// people with passwords; only the limits of requests a minute are lifted.
final class PasswordSite implements AutoCloseable {
    static final String PASSWORD = "正しい馬 battery staple";
    private static final int PLENTY = 1_000_000_000;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Path folder;
    private final PkiSite site;
    private final Clock clock;
    private final SecureRandom die;
    final HttpServer keys;
    final List<PersonId> people = new ArrayList<>();

    PasswordSite(Path folder, PkiSite site, int population, Clock clock, SecureRandom die) throws IOException {
        this.folder = folder;
        this.site = site;
        this.clock = clock;
        this.die = die;
        try {
            var storeRows = rows("store", PostgresStore.MIGRATIONS);
            var shares = PostgresPasswordShares.open(storeRows, clock, die);
            var keyrings = new PostgresKeyrings(storeRows, clock);
            var store = serve("store", new PasswordShareRoutes(shares, shares, keyrings).routes());
            var toStore =
                    Peers.connect(URI.create("https://127.0.0.1:" + store.port()), site.identity("keys", die), die);
            var keysRows = rows("keys", PostgresKeyServer.MIGRATIONS);
            var passwords = PostgresPasswords.open(keysRows, new RemotePasswordShares(toStore), clock, die);
            keys = serve("keys", new PasswordRoutes(passwords, new PostgresAccount(keysRows, clock, die)).routes());
            for (int i = 0; i < population; i++) {
                people.add(person(passwords, shares));
            }
        } catch (RuntimeException | IOException e) {
            close();
            throw e;
        }
    }

    /// Without Argon2id: that is the devices' work.
    OpaqueClient client() {
        return new OpaqueClient(Stretching.insecureIdentity(), Identities.STOCK, die);
    }

    static Secret password() {
        return Secret.taking(PASSWORD.getBytes(StandardCharsets.UTF_8));
    }

    private PersonId person(PostgresPasswords passwords, OwnShares shares) {
        var id = PersonId.random(die);
        try (var registration = client().register(password())) {
            var begun = passwords.begin(id, registration.request());
            var others = shares.begin(id, begun.registration(), registration.request());
            try (var registered = registration.finish(begun.response(), others)) {
                passwords.set(id, begun.registration(), registered.upload());
            }
        }
        return id;
    }

    private Database rows(String name, String migrations) throws IOException {
        Files.createDirectories(folder);
        var config = DatabaseConfig.embedded(folder.resolve(name), folder.resolve("bin"));
        var connections = new DatabaseConfig(
                config.url(), config.user(), config.passwordFile(), config.folder(), config.binaries(), 8);
        return opened(Databases.open(connections, migrations, die));
    }

    private HttpServer serve(String role, List<Route> routes) {
        return opened(HttpServer.start(
                ServerConfig.of(role, "127.0.0.1", 0).withLimits(Limits.usual().withRates(PLENTY, PLENTY, PLENTY)),
                site.identity(role, die),
                certificate -> {},
                routes,
                Surroundings.of(clock, die)));
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(one);
        return one;
    }

    @Override
    public void close() throws IOException {
        for (var one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception e) { // AutoCloseable declares no less
                throw new IOException("something of the servers stays open", e);
            }
        }
    }
}
