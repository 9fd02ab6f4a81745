package org.mizuhiki.bench;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.devices.Makers;
import org.mizuhiki.devices.Origins;
import org.mizuhiki.enrol.EstRoutes;
import org.mizuhiki.ledger.LedgerSettings;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.ledger.TileLog;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.AuthorityRoutes;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Limits;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// A whole authority as it runs in a region: real TLS, real PostgreSQL with its usual settings, every
/// request logged; only the limits of requests a minute are lifted.
final class PkiSite implements AutoCloseable {
    private static final Registrar OPERATOR = new Registrar.Operator();
    private static final int PLENTY = 1_000_000_000;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final PrintStream stderr = System.err;
    final Accreditation accreditation;
    final Database database;
    final TileLog ledger;
    final PostgresAuthority authority;
    final HttpServer server;

    /// @param folder empty; PostgreSQL's user gets in
    PkiSite(Path folder, Clock clock, SecureRandom die) throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        System.setErr(
                new PrintStream(new FileOutputStream(folder.resolve("log").toFile()), false, StandardCharsets.UTF_8));
        try {
            var config = DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin"));
            var connections = new DatabaseConfig(
                    config.url(), config.user(), config.passwordFile(), config.folder(), config.binaries(), 8);
            database = opened(Databases.open(connections, PostgresAuthority.MIGRATIONS, die));
            // the devices of the crowd have no e-Key
            new Makers(database, clock).accept(new Makers.Maker("acme", Optional.empty()));
            accreditation =
                    Accreditation.found(folder.resolve("ca"), "bench", URI.create("http://127.0.0.1:1"), clock, die);
            var stamps = accreditation.stamps(clock, die);
            var signer = LogSigner.generate("bench", die);
            ledger = opened(TileLog.open(
                    folder.resolve("ledger"),
                    signer,
                    signer.keys(Map.of(), 0),
                    stamps,
                    List.of(),
                    LedgerSettings.usual()));
            authority = opened(new PostgresAuthority(accreditation, database, ledger, clock, die));
            var lists = opened(
                    new RevocationList(authority.published(), accreditation.roots(), clock, Duration.ofHours(24)));
            lists.refresh();
            var routes = new ArrayList<>(AuthorityRoutes.of(authority, stamps));
            routes.addAll(EstRoutes.of(
                    desk(), authority.certification(OPERATOR), authority.published(), new Origins(clock, die)));
            server = opened(HttpServer.start(
                    ServerConfig.of("authority", "127.0.0.1", 0)
                            .withPlainPort(0)
                            .withLimits(Limits.usual().withRates(PLENTY, PLENTY, PLENTY)),
                    identity("authority", die),
                    lists,
                    routes,
                    Surroundings.of(clock, die)));
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    private <T extends AutoCloseable> T opened(T one) {
        opened.add(one);
        return one;
    }

    Enrolment desk() {
        return authority.enrolment(OPERATOR);
    }

    /// A certificate of one of the region's servers.
    Identity identity(String role, SecureRandom die) {
        var pair = KeyFiles.newKeyPair(die);
        var ticket = desk().ticket(new Member.Server(role, "127.0.0.1"), Duration.ofDays(1));
        var chain = desk().enrol(ticket, EnrolmentRequests.server(pair)).signing();
        return new Identity(pair.getPrivate(), chain, accreditation.roots());
    }

    X509Certificate ca(String name) {
        return KeyFiles.certificate(authority.published().certificate(name));
    }

    X509Certificate root() {
        return accreditation.roots().getFirst();
    }

    @Override
    public void close() throws IOException {
        System.setErr(stderr);
        for (var one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception e) { // AutoCloseable declares no less
                throw new IOException("something of the authority stays open", e);
            }
        }
    }
}
