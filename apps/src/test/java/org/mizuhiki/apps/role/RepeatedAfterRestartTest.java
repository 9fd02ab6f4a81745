package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;

/// The real authority over real HTTP: a repeated request gets the first reply from a server that was
/// restarted between.
class RepeatedAfterRestartTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom DIE = new SecureRandom();
    private static final URI NOWHERE = URI.create("https://localhost:1");

    @Test
    void theFirstReplyComesAgainFromARestartedServer(@TempDir Path folder) throws Exception {
        var config = authority(folder);
        var roots = RegionFile.read(folder.resolve("region.json")).trust().roots();
        var key = "a-key-of-the-callers";
        String body;
        HttpResponse<String> first;
        try (var client = client(roots)) {
            try (var running = Roles.start(config, CLOCK, DIE)) {
                body = enrolment(folder.resolve("authority"));
                first = enrol(client, running, key, body);
            }
            assertEquals(200, first.statusCode(), first.body());
            assertTrue(first.headers().firstValue("Idempotent-Replay").isEmpty());
            try (var running = Roles.start(config, CLOCK, DIE)) {
                var second = enrol(client, running, key, body);
                assertEquals(
                        "true", second.headers().firstValue("Idempotent-Replay").orElse("no"), second.body());
                assertEquals(first.body(), second.body());
                var other = enrol(client, running, key, enrolment(folder.resolve("authority")));
                assertEquals(409, other.statusCode());
                assertTrue(other.body().contains("idempotency-conflict"), other.body());
            }
        }
    }

    private static RoleConfig authority(Path folder) throws Exception {
        var own = folder.resolve("authority");
        var servers = new Founding.Addresses(NOWHERE, NOWHERE, NOWHERE, NOWHERE);
        new Founding(own, "demo", URI.create("http://localhost:1"), Map.of(), servers)
                .hold(CLOCK, DIE)
                .write(folder.resolve("region.json"));
        var file = Files.writeString(own.resolve("config.yaml"), """
                role: authority
                folder: .
                host: 127.0.0.1
                port: 0
                names: [localhost]
                region: ../region.json
                postgres: "%s"
                plain: {port: 0, base: "http://localhost:1"}
                """.formatted(
                        Path.of("target/postgres").toAbsolutePath()));
        return RoleConfig.read(file);
    }

    private static String enrolment(Path authority) {
        var asked = Map.of("kind", "server", "role", "store", "host", "localhost");
        var ticket = Roles.operate(authority, "ticket", asked);
        var request = EnrolmentRequests.server(KeyFiles.newKeyPair(DIE));
        return "{\"ticket\":\"" + ticket + "\",\"signing\":\""
                + request.signing().asBase64() + "\"}";
    }

    private static HttpResponse<String> enrol(HttpClient client, RunningRole authority, String key, String body)
            throws Exception {
        var port = authority.uri().getPort();
        var request = HttpRequest.newBuilder(URI.create("https://localhost:" + port + "/v1/enrolments"))
                .header("Content-Type", "application/json")
                .header("Idempotency-Key", key)
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static HttpClient client(List<X509Certificate> roots) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (var root : roots) {
            store.setCertificateEntry("root-" + store.size(), root);
        }
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var tls = SSLContext.getInstance("TLSv1.3");
        tls.init(null, trust.getTrustManagers(), DIE);
        return HttpClient.newBuilder().sslContext(tls).build();
    }
}
