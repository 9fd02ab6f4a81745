package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// certbot as Debian ships it, against an authority as an operator runs it.
@Tag("V1")
@Tag("V5")
@Tag("F11")
class CertbotTest {
    private static final SecureRandom DIE = new SecureRandom();

    @TempDir
    static Path folder;

    private static LoneAuthority authority;

    @BeforeAll
    static void found() throws IOException {
        var path = System.getenv().getOrDefault("PATH", "").split(":");
        assumeTrue(
                Stream.of(path).anyMatch(p -> Files.isExecutable(Path.of(p, "certbot"))),
                "certbot (package certbot) is not here: its test is skipped");
        authority = LoneAuthority.found(Files.createDirectory(folder.resolve("region")));
        KeyFiles.writeChain(
                folder.resolve("root.pem"), authority.region().trust().roots());
    }

    @AfterAll
    static void close() {
        if (authority != null) {
            authority.close();
        }
    }

    private record Run(int exit, String output) {}

    private static Run run(Path client, String... arguments) throws Exception {
        var command = Stream.concat(
                        Stream.of(
                                "certbot", "--config", client.resolve("cli.ini").toString()),
                        Stream.of(arguments))
                .toList();
        var builder = new ProcessBuilder(command).redirectErrorStream(true).directory(client.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).endsWith("_proxy"));
        builder.environment()
                .put("REQUESTS_CA_BUNDLE", folder.resolve("root.pem").toString());
        builder.environment().put("HOME", client.toString());
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), output.replaceAll("\\s+", " ")); // certbot breaks lines anywhere
    }

    private static void certbot(Path client, String... arguments) throws Exception {
        var run = run(client, arguments);
        assertEquals(0, run.exit(), run.output());
    }

    /// As docs/flows/enrolment.md tells to.
    private static Path client(String role) throws IOException {
        var client = Files.createDirectory(folder.resolve(role));
        var given = authority.operate("acme-account", Map.of("role", role, "host", "localhost"));
        var ini = Files.createFile(
                client.resolve("cli.ini"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(ini, given + "\n" + """
                config-dir = %1$s/config
                work-dir = %1$s/work
                logs-dir = %1$s/logs
                authenticator = standalone
                agree-tos = true
                register-unsafely-without-email = true
                non-interactive = true
                """.formatted(client));
        return client;
    }

    private static Path live(Path client) {
        return client.resolve("config/live/localhost");
    }

    private static X509Certificate current(Path client) {
        return KeyFiles.readChain(live(client).resolve("cert.pem")).getFirst();
    }

    @Test
    void aServerIsRegisteredCertifiedAndRenewedAndItsCertificateRevoked() throws Exception {
        var client = client("web");
        certbot(client, "certonly", "-d", "localhost");
        var first = current(client);
        assertServes(client);
        certbot(client, "renew", "--force-renewal", "--no-random-sleep-on-renew");
        var second = current(client);
        assertNotEquals(first.getPublicKey(), second.getPublicKey());
        assertServes(client);
        certbot(client, "renew", "--force-renewal", "--no-random-sleep-on-renew", "--reuse-key");
        var third = current(client);
        assertEquals(second.getPublicKey(), third.getPublicKey());
        assertNotEquals(second.getSerialNumber(), third.getSerialNumber());
        var file = live(client).resolve("cert.pem").toString();
        certbot(client, "revoke", "--cert-path", file, "--reason", "keycompromise", "--no-delete-after-revoke");
        assertTrue(standing(client).contains("Reason: keyCompromise"), standing(client));
        // the next one has a key of its own again
        certbot(client, "renew", "--force-renewal", "--no-random-sleep-on-renew", "--new-key");
        assertTrue(standing(client).contains("good"), standing(client));
        certbot(client, "unregister");
    }

    /// What our own client makes of a server with this certificate.
    private static void assertServes(Path client) throws IOException {
        var roots = authority.region().trust().roots();
        var chain = KeyFiles.readChain(live(client).resolve("fullchain.pem"));
        var own = new Identity(KeyFiles.readKey(live(client).resolve("privkey.pem")), chain, roots);
        var surroundings = Surroundings.of(Clock.systemUTC(), DIE);
        try (var server =
                HttpServer.start(ServerConfig.of("web", "127.0.0.1", 0), own, _ -> {}, List.of(), surroundings)) {
            var address = URI.create("https://localhost:" + server.uri().getPort());
            var peer = Peers.connect(address, () -> Identity.anonymous(roots), Patience.once(), DIE);
            assertTrue(peer.getBytes("/health").size() > 0);
        }
    }

    private static String standing(Path client) throws Exception {
        var live = live(client);
        var plain = RoleConfig.read(authority.folder.resolve("config.yaml"))
                .plainConnector()
                .base();
        var process = new ProcessBuilder(
                        "openssl",
                        "ocsp",
                        "-issuer",
                        "chain.pem",
                        "-cert",
                        "cert.pem",
                        "-CAfile",
                        folder.resolve("root.pem").toString(),
                        "-url",
                        plain + "/ocsp")
                .directory(live.toFile())
                .redirectErrorStream(true)
                .start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void aServerIsRenewedAcrossRestartsOfTheAuthorityUntilTheOperatorRevokesIt() throws Exception {
        var client = client("keys");
        authority.close();
        authority.startAgain(); // what the operator handed over is still good
        certbot(client, "certonly", "-d", "localhost");
        var before = current(client);
        refused("argument-malformed", "acme-account", Map.of("role", "kyes", "host", "localhost"));
        refused("argument-malformed", "ticket", Map.of("kind", "server", "role", "kyes", "host", "localhost"));
        var revoked = Map.of("kind", "server", "role", "keys", "host", "localhost", "reason", "superseeded");
        refused("argument-malformed", "revoke", revoked);
        authority.operate("revoke", Map.of("kind", "server", "role", "keys", "host", "localhost"));
        var refused = run(client, "renew", "--force-renewal", "--no-random-sleep-on-renew");
        assertEquals(1, refused.exit(), refused.output());
        assertTrue(refused.output().contains("This account has ended"), refused.output());
        assertEquals(before, current(client));
    }

    /// Debian's certbot 2.1 stumbles over a refused order (it cannot attach a trace to its own exception on
    /// Python 3.11), so what it was told stands in its log only.
    @Test
    void anAccountGetsNothingForAnotherHost() throws Exception {
        var client = client("store");
        assertEquals(1, run(client, "certonly", "-d", "keys.example.jp").exit());
        var log = Files.readString(client.resolve("logs/letsencrypt.log"));
        assertTrue(log.contains("urn:ietf:params:acme:error:rejectedIdentifier"), log);
        assertTrue(log.contains("identifier-not-yours"), log);
    }

    @Test
    void anAccountThatWasNotUsedYetEndsWithItsServerToo() throws Exception {
        var client = client("gateway");
        authority.operate("revoke", Map.of("kind", "server", "role", "gateway", "host", "localhost"));
        var refused = run(client, "certonly", "-d", "localhost");
        assertTrue(refused.output().contains("There is no such external account binding"), refused.output());
        // and a member that nobody knows is told as before
        refused("member-unknown", "revoke", Map.of("kind", "server", "role", "gateway", "host", "nowhere"));
    }

    private static void refused(String code, String operation, Map<String, String> asked) {
        assertEquals(
                code,
                assertThrows(Refusal.class, () -> authority.operate(operation, asked))
                        .code());
    }
}
