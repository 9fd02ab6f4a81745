package org.mizuhiki.keys;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.LedgerSettings;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.ledger.TileLog;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// A whole region with nothing pretended: authority, ledger, key server behind mutual TLS, people with
/// devices.
final class Live implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final Clock CLOCK = Clock.systemUTC();
    static final Seals SEALS = new Seals(DIE);
    private static final InstitutionCode CLINIC = new InstitutionCode("1311234567");

    final Accreditation accreditation;
    final StampAuthority stamps;
    final TileLog ledger;
    final Database keysDatabase;
    final SignedStatements statements;
    final PostgresAuthority authority;
    final RevocationList lists;
    private final Database authorityDatabase;
    private final HttpServer server;

    Live(Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        accreditation = Accreditation.found(
                folder.resolve("accreditation"), "みずひき", URI.create("http://127.0.0.1:8080"), CLOCK, DIE);
        stamps = accreditation.stamps(CLOCK, DIE);
        var signer = LogSigner.generate("ledger.example/region", DIE);
        ledger = TileLog.open(
                folder.resolve("ledger"), signer, signer.keys(Map.of(), 0), stamps, List.of(), LedgerSettings.usual());
        authorityDatabase = database(folder.resolve("authority-rows"), PostgresAuthority.MIGRATIONS);
        authority = new PostgresAuthority(accreditation, authorityDatabase, ledger, CLOCK, DIE);
        lists = new RevocationList(authority.published(), accreditation.roots(), CLOCK, Duration.ofHours(24));
        lists.refresh();
        statements = new SignedStatements(SEALS.records(), new PathValidator(accreditation.roots(), lists), CLOCK);
        keysDatabase = database(folder.resolve("keys-rows"), PostgresKeyServer.MIGRATIONS);
        var keys = new PostgresKeyServer(keysDatabase, statements, new RegionStatute(), ledger, CLOCK);
        server = HttpServer.start(
                ServerConfig.of("keys", "127.0.0.1", 0),
                identity("keys"),
                lists,
                new KeyRoutes(keys).routes(),
                Surroundings.of(CLOCK, DIE));
    }

    static Database database(Path folder, String migrations) {
        var binaries = Path.of("target/postgres").toAbsolutePath();
        return Databases.open(DatabaseConfig.embedded(folder, binaries), migrations, DIE);
    }

    /// A certificate of one of the region's servers.
    Identity identity(String role) {
        var operator = authority.enrolment(new Registrar.Operator());
        var ticket = operator.ticket(new Member.Server(role, "localhost"), Duration.ofDays(1));
        var pair = KeyFiles.newKeyPair(DIE);
        var enrolled = operator.enrol(ticket, EnrolmentRequests.server(pair));
        return new Identity(pair.getPrivate(), enrolled.signing(), accreditation.roots());
    }

    Device doctor(String name) {
        return device(new Member.Professional(PersonId.random(DIE), name, CLINIC, "みずひき診療所"));
    }

    Device patient() {
        return device(new Member.Patient(PersonId.random(DIE)));
    }

    private Device device(Member member) {
        var clinic = authority.enrolment(new Registrar.Accredited(CLINIC, "みずひき診療所"));
        var pair = KeyFiles.newKeyPair(DIE);
        var sealing = SEALS.newReaderKey();
        var enrolled = clinic.enrol(
                clinic.ticket(member, Duration.ofDays(1)), EnrolmentRequests.person(pair, sealing.publicKey()));
        var identity = new Identity(pair.getPrivate(), enrolled.signing(), accreditation.roots());
        var peer = Peers.connect(URI.create("https://localhost:" + server.port()), identity, DIE);
        return new Device(
                member, new Author(pair.getPrivate(), enrolled.signing()), sealing, new RemoteKeyServer(peer));
    }

    Identity identity(Device of) {
        return new Identity(of.author().key(), of.author().chain(), accreditation.roots());
    }

    /// Somebody's keys, and the key server as that somebody reaches it.
    record Device(Member member, Author author, Opener.XWing opener, KeyServer keys) {
        PersonId id() {
            return new PersonId(member.identity());
        }

        Reader reader() {
            return new Reader.XWing(opener.publicKey());
        }
    }

    /// The plain request, with an idempotency key of the caller's choice.
    HttpResponse<String> disclose(Device by, Bytes signed, String key) throws Exception {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        var chain = by.author().chain().toArray(X509Certificate[]::new);
        store.setKeyEntry("own", by.author().key(), new char[0], chain);
        store.setCertificateEntry("root", accreditation.roots().getFirst());
        var own = KeyManagerFactory.getInstance("PKIX");
        own.init(store, new char[0]);
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var tls = SSLContext.getInstance("TLSv1.3");
        tls.init(own.getKeyManagers(), trust.getTrustManagers(), DIE);
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/v1/disclosures"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"signed\":\"" + signed.asBase64() + "\"}"))
                .build();
        try (var client = HttpClient.newBuilder().sslContext(tls).build()) {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        }
    }

    Bytes sign(Statement statement, Device signer) {
        return statements.sign(statement, signer.author(), stamps);
    }

    static Instant now() {
        return CLOCK.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    static String nonce() {
        return "%016x%016x".formatted(DIE.nextLong(), DIE.nextLong());
    }

    @Override
    public void close() throws IOException {
        server.close();
        lists.close();
        authority.close();
        ledger.close();
        keysDatabase.close();
        authorityDatabase.close();
    }
}
