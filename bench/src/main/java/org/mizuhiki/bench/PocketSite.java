package org.mizuhiki.bench;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.store.RemoteStore;
import org.mizuhiki.store.Store;
import org.mizuhiki.store.StoreLimits;
import org.mizuhiki.store.StoreRoutes;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Limits;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// A store as it runs in a region, with its own PostgreSQL, over mutual TLS; only the limits of requests a
/// minute are lifted.
final class PocketSite implements AutoCloseable {
    private static final int PLENTY = 1_000_000_000;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final Path folder;
    private final PkiSite site;
    private final SecureRandom die;
    private final HttpServer server;
    final Database database;

    /// Somebody with a certificate.
    record Player(PersonId id, Identity identity) {}

    PocketSite(Path folder, PkiSite site, Clock clock, SecureRandom die) throws IOException {
        this.folder = folder;
        this.site = site;
        this.die = die;
        Files.createDirectories(folder);
        var config = DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin"));
        var connections = new DatabaseConfig(
                config.url(), config.user(), config.passwordFile(), config.folder(), config.binaries(), 8);
        database = opened(Databases.open(connections, PostgresStore.MIGRATIONS, die));
        try {
            var limits = StoreLimits.usual();
            var store = PostgresStore.open(database, folder.resolve("blobs"), limits, clock);
            server = opened(HttpServer.start(
                    ServerConfig.of("store", "127.0.0.1", 0)
                            .withLimits(Limits.usual().withRates(PLENTY, PLENTY, PLENTY)),
                    site.identity("store", die),
                    certificate -> {},
                    StoreRoutes.of(store, limits.blobBytes()),
                    Surroundings.of(clock, die)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    int port() {
        return server.port();
    }

    Player patient() {
        var id = PersonId.random(die);
        return player(id, new Member.Patient(id));
    }

    Player doctor() {
        var id = PersonId.random(die);
        return player(id, new Member.Professional(id, "医師", new InstitutionCode("1311234567"), "診療所"));
    }

    private Player player(PersonId id, Member member) {
        var pair = KeyFiles.newKeyPair(die);
        var sealing = new Seals(die).newReaderKey().publicKey();
        var ticket = site.desk().ticket(member, Duration.ofDays(1));
        var chain = site.desk()
                .enrol(ticket, EnrolmentRequests.person(pair, sealing))
                .signing();
        return new Player(id, new Identity(pair.getPrivate(), chain, site.accreditation.roots()));
    }

    /// As a device reaches the store: connects at the first call.
    Store as(Player player) {
        var peer = Peers.connect(URI.create("https://127.0.0.1:" + port()), player.identity(), die);
        return new RemoteStore(peer, folder.resolve("fetched"));
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
                throw new IOException("something of the store stays open", e);
            }
        }
    }
}
