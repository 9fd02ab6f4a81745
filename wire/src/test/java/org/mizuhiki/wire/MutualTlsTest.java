package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.tls.TlsContexts;

/// Who gets in, and as whom.
class MutualTlsTest {
    public record Name(String name) {}

    @TempDir
    Path folder;

    private TestRegion region;
    private HttpServer server;

    private static Reply who(Call call) {
        return new Reply.Json(new Name(Callers.name(call.caller())));
    }

    private static Route open(String path, Access access) {
        return Route.get(path, "who calls", access, Name.class, MutualTlsTest::who);
    }

    @BeforeEach
    void start() {
        region = new TestRegion(folder);
        server = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withPlainPort(0),
                List.of(
                        open("/anyone", Access.ANYONE),
                        open("/member", Access.MEMBER),
                        open("/person", Access.ANY_PERSON),
                        open("/professional", Access.PROFESSIONAL),
                        open("/institution", Access.INSTITUTION),
                        open("/server", Access.SERVER),
                        open("/both", Access.SERVER).alsoFor(Access.INSTITUTION),
                        open("/crl", Access.ANYONE).alsoPlain()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String ask(Identity identity, String path) {
        return region.peer(server, identity).get(path, Name.class).name();
    }

    private static String refused(Executable call) {
        return assertThrows(Refusal.class, call).code();
    }

    @Test
    void everyKindOfCallerIsKnownByItsCertificate() {
        assertEquals("anyone", ask(region.nobody(), "/anyone"));
        assertEquals("person:" + TestRegion.PATIENT, ask(region.patient(), "/person"));
        assertEquals("person:" + TestRegion.DOCTOR, ask(region.doctor(), "/professional"));
        assertEquals("institution:" + TestRegion.INSTITUTION, ask(region.institution(), "/institution"));
        assertEquals("server:keys", ask(region.server(), "/server"));
        assertEquals("person:" + TestRegion.DOCTOR, ask(region.doctor(), "/person"));
        assertEquals("server:keys", ask(region.server(), "/member"));
        assertEquals("institution:" + TestRegion.INSTITUTION, ask(region.institution(), "/both"));
    }

    @Test
    void whoeverIsOfAnotherKindIsRefused() {
        for (var path : List.of("/member", "/person", "/professional", "/institution", "/server", "/both")) {
            assertEquals("certificate-required", refused(() -> ask(region.nobody(), path)), path);
        }
        var patient = region.patient();
        for (var path : List.of("/professional", "/institution", "/server", "/both")) {
            assertEquals("access-denied", refused(() -> ask(patient, path)), path);
        }
        var doctor = region.doctor();
        for (var path : List.of("/institution", "/server")) {
            assertEquals("access-denied", refused(() -> ask(doctor, path)), path);
        }
        var clinic = region.institution();
        for (var path : List.of("/person", "/professional", "/server")) {
            assertEquals("access-denied", refused(() -> ask(clinic, path)), path);
        }
        for (var path : List.of("/person", "/professional", "/institution")) {
            assertEquals("access-denied", refused(() -> ask(region.server(), path)), path);
        }
    }

    @Test
    void aRevokedCertificateIsRefusedOnAConnectionThatStandsAlready() {
        var patient = region.patient();
        var peer = region.peer(server, patient);
        assertEquals(
                "person:" + TestRegion.PATIENT, peer.get("/member", Name.class).name());
        region.revoke(patient);
        assertEquals("certificate-revoked", refused(() -> peer.get("/member", Name.class)));
        assertEquals("certificate-revoked", refused(() -> peer.get("/anyone", Name.class)));
    }

    @Test
    void aCertificateOfAnUnknownRootIsRefused() {
        region.root("stranger");
        region.issue("fake", "stranger", "/OU=Server/serialNumber=keys/CN=localhost", "serverAuth,clientAuth");
        assertEquals("peer-untrusted", refused(() -> ask(region.identity("fake"), "/anyone")));
    }

    @Test
    void aServerOfAnUnknownRootIsNotBelieved() {
        region.root("stranger");
        region.issue("fake", "stranger", "/OU=Server/serialNumber=keys/CN=localhost", "serverAuth,clientAuth");
        assertEquals("peer-untrusted", refused(() -> ask(region.identity("keys", "stranger"), "/anyone")));
    }

    @Test
    void aServerCertificateForAnotherHostIsNotBelieved() {
        var elsewhere = URI.create("https://127.0.0.2:" + server.port());
        try (var other = region.start(ServerConfig.of("keys", "127.0.0.2", 0), List.of())) {
            var peer = Peers.connect(other.uri(), region::nobody, Patience.once(), TestRegion.DIE);
            assertEquals("peer-untrusted", refused(() -> peer.getBytes("/health")));
            assertEquals("127.0.0.2", elsewhere.getHost());
        }
    }

    @Test
    void aServersCertificateCannotBeStolenByAClientOnlyOne() {
        var patient = region.patient();
        try (var other = HttpServer.start(
                ServerConfig.of("keys", "127.0.0.1", 0),
                patient,
                region.standing(),
                List.of(),
                Surroundings.of(TestRegion.CLOCK, TestRegion.DIE))) {
            assertEquals(
                    "peer-untrusted",
                    refused(() -> region.peer(other, region.nobody()).getBytes("/health")));
        }
    }

    @Test
    void subjectsOfNoFormOfOursAreRefused() {
        var subjects = List.of(
                "/OU=Person/serialNumber=P-AAAA-AAAA-AAAB/CN=x",
                "/OU=Person/OU=Server/serialNumber=keys/CN=x",
                "/OU=Server/OU=Person/serialNumber=" + TestRegion.PATIENT + "/CN=x",
                "/OU=Server/CN=keys",
                "/OU=Operator/serialNumber=keys/CN=x",
                "/OU=Server/serialNumber=KEYS/CN=x",
                "/CN=x");
        for (int i = 0; i < subjects.size(); i++) {
            var odd = region.issue("odd" + i, "root", subjects.get(i), "clientAuth");
            assertEquals("caller-unfit", refused(() -> ask(odd, "/member")), subjects.get(i));
        }
    }

    @Test
    void tls12IsRefused() throws Exception {
        var nobody = region.nobody();
        var context = TlsContexts.of(nobody.key(), nobody.chain(), nobody.roots());
        var old = javax.net.ssl.SSLContext.getInstance("TLSv1.2");
        var trust = javax.net.ssl.TrustManagerFactory.getInstance("PKIX");
        var store = java.security.KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("root", region.certificate("root"));
        trust.init(store);
        old.init(null, trust.getTrustManagers(), null);
        try (var socket = (SSLSocket) old.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            assertThrows(SSLHandshakeException.class, socket::startHandshake);
        }
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.startHandshake();
            assertEquals("TLSv1.3", socket.getSession().getProtocol());
        }
    }

    @Test
    void bothHttpVersionsAreSpoken() throws Exception {
        var nobody = region.nobody();
        var context = TlsContexts.of(nobody.key(), nobody.chain(), nobody.roots());
        for (var version : HttpClient.Version.values()) {
            if (version.name().equals("HTTP_3")) {
                continue;
            }
            try (var client =
                    HttpClient.newBuilder().sslContext(context).version(version).build()) {
                var reply = client.send(
                        HttpRequest.newBuilder(server.uri().resolve("/anyone")).build(), BodyHandlers.ofString());
                assertEquals(200, reply.statusCode());
                assertEquals(version, reply.version());
            }
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        var before = serial();
        var renewed =
                region.issue("keys2", "root", "/OU=Server/serialNumber=keys/CN=localhost", "serverAuth,clientAuth");
        server.renew(renewed);
        assertEquals(renewed.chain().getFirst().getSerialNumber(), serial());
        assertTrue(!before.equals(serial()));
    }

    private java.math.BigInteger serial() throws Exception {
        var nobody = region.nobody();
        var context = TlsContexts.of(nobody.key(), nobody.chain(), nobody.roots());
        try (var socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port())) {
            socket.startHandshake();
            return ((java.security.cert.X509Certificate) socket.getSession().getPeerCertificates()[0])
                    .getSerialNumber();
        }
    }

    @Test
    void aPeerShowsARenewedCertificateWithoutARestart() {
        var shown = new AtomicReference<>(region.patient());
        var peer = Peers.connect(server.uri(), shown::get, Patience.once(), TestRegion.DIE);
        assertEquals(
                "person:" + TestRegion.PATIENT, peer.get("/member", Name.class).name());
        shown.set(region.doctor());
        assertEquals(
                "person:" + TestRegion.DOCTOR, peer.get("/member", Name.class).name());
    }

    @Test
    void withoutTlsOnlyMarkedRoutesExist() throws Exception {
        try (var client = HttpClient.newHttpClient()) {
            var base = "http://127.0.0.1:" + server.plainPort().orElseThrow();
            assertEquals(200, status(client, base + "/crl"));
            assertEquals(200, status(client, base + "/health"));
            for (var path : List.of("/anyone", "/member", "/server", "/metrics", "/openapi.json")) {
                assertEquals(404, status(client, base + path), path);
            }
        }
    }

    private static int status(HttpClient client, String uri) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create(uri)).build(), BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aTakenPortIsSaidPlainly() {
        assertEquals(
                "port-taken",
                refused(() -> region.start(ServerConfig.of("keys", "127.0.0.1", server.port()), List.of())));
    }

    @Test
    void anIdentityPrintsNoKey() {
        assertTrue(region.patient().toString().length() < 100);
        assertEquals("Identity[none]", region.nobody().toString());
        assertEquals(Bytes.of(), Bytes.of(new byte[0]));
    }
}
