package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.wire.tls.TlsContexts;

/// The door for pages: which origins, which routes, and whose signature.
@Tag("V4")
class SignedCallsTest {
    public record Words(String words) {}

    private static final String PORTAL = "https://portal.example";

    @TempDir
    Path folder;

    private TestRegion region;
    private HttpServer server;

    private static Reply who(Call call) {
        return new Reply.Json(new Words(Callers.name(call.caller())));
    }

    /// Reads to the end, then answers how much it was.
    private static Reply keep(Call call) throws IOException {
        try (var content = call.stream()) {
            return new Reply.Json(new Words(Long.toString(content.transferTo(OutputStream.nullOutputStream()))));
        }
    }

    @BeforeEach
    void start() {
        region = new TestRegion(folder);
        server = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withOrigins(List.of(PORTAL)),
                List.of(
                        Route.get("/own", "who", Access.ANY_PERSON, Words.class, SignedCallsTest::who)
                                .forBrowsers(),
                        Route.post(
                                        "/say",
                                        "says",
                                        Access.ANY_PERSON,
                                        Words.class,
                                        Words.class,
                                        call -> new Reply.Json(call.body(Words.class)))
                                .forBrowsers(),
                        Route.put("/blobs", "keeps", Access.ANY_PERSON, byte[].class, Void.class, SignedCallsTest::keep)
                                .upTo(1 << 20)
                                .forBrowsersInParts(),
                        Route.get("/public", "all", Access.ANYONE, Words.class, SignedCallsTest::who)
                                .forBrowsers(),
                        Route.get("/devices", "who", Access.ANY_PERSON, Words.class, SignedCallsTest::who)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /// A request as the portal's worker signs it, with what a test wants otherwise.
    private Map<String, String> signed(
            Identity by, String method, String path, String query, String body, UnaryOperator<String> parameters)
            throws Exception {
        var digest = "sha-256=:"
                + Base64.getEncoder().encodeToString(Bytes.utf8(body).sha256().toArray()) + ":";
        var chain = Base64.getEncoder().encodeToString(certificate(by).getEncoded());
        var nonce = new byte[16];
        TestRegion.DIE.nextBytes(nonce);
        var shown = parameters.apply("(\"@method\" \"@path\" \"@query\" \"content-digest\" \"mizuhiki-chain\");created="
                + Instant.now().getEpochSecond() + ";nonce=\"" + HexFormat.of().formatHex(nonce)
                + "\";alg=\"ecdsa-p256-sha256\";tag=\"mizuhiki-browser-1 keys\"");
        var base = "\"@method\": " + method + "\n\"@path\": " + path + "\n\"@query\": ?" + query
                + "\n\"content-digest\": " + digest + "\n\"mizuhiki-chain\": " + chain
                + "\n\"@signature-params\": " + shown;
        var signer = Signature.getInstance("SHA256withECDSAinP1363Format");
        signer.initSign(by.key());
        signer.update(Bytes.utf8(base).toArray());
        var headers = new LinkedHashMap<String, String>();
        headers.put("Content-Digest", digest);
        headers.put("Mizuhiki-Chain", chain);
        headers.put("Signature-Input", "mizuhiki=" + shown);
        headers.put("Signature", "mizuhiki=:" + Base64.getEncoder().encodeToString(signer.sign()) + ":");
        return headers;
    }

    private static X509Certificate certificate(Identity identity) {
        return identity.chain().getFirst();
    }

    private Map<String, String> signed(Identity by, String path) throws Exception {
        return signed(by, "GET", path, "", "", UnaryOperator.identity());
    }

    private HttpResponse<String> ask(Identity tls, HttpRequest.Builder request, Map<String, String> headers)
            throws Exception {
        headers.forEach(request::header);
        var context = TlsContexts.of(tls.key(), tls.chain(), tls.roots());
        try (var client = HttpClient.newBuilder().sslContext(context).build()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private HttpResponse<String> get(String path, Map<String, String> headers) throws Exception {
        return ask(region.nobody(), HttpRequest.newBuilder(uri(path)), headers);
    }

    private URI uri(String path) {
        return server.uri().resolve(path);
    }

    private static String code(HttpResponse<String> answer) {
        var body = answer.body();
        int at = body.indexOf("\"code\":\"");
        return at < 0 ? "done" : body.substring(at + 8, body.indexOf('"', at + 8));
    }

    @Test
    void aSignatureProvesWhatMutualTlsProves() throws Exception {
        var answer = get("/own", signed(region.patient(), "/own"));

        assertEquals(200, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains("person:" + TestRegion.PATIENT));
    }

    @Test
    void aRouteThatDoesNotSaySoTakesNoSignature() throws Exception {
        assertEquals("certificate-required", code(get("/devices", signed(region.patient(), "/devices"))));
    }

    @Test
    void aRequestCountsOnceForItsPathQueryAndServer() throws Exception {
        var patient = region.patient();
        var once = signed(patient, "/own");

        assertEquals("done", code(get("/own", once)));
        assertEquals("signature-replayed", code(get("/own", once)));
        assertEquals("signature-wrong", code(get("/public", signed(patient, "/own"))));
        assertEquals("signature-wrong", code(get("/own?limit=1", signed(patient, "/own"))));
        var elsewhere = signed(patient, "GET", "/own", "", "", p -> p.replace("1 keys", "1 store"));
        assertEquals("signature-malformed", code(get("/own", elsewhere)));
    }

    @Test
    void anotherBodyThanTheSignedOneIsRefused() throws Exception {
        var patient = region.patient();
        var body = "{\"words\":\"yes\"}";
        var headers = signed(patient, "POST", "/say", "", body, UnaryOperator.identity());
        var request = HttpRequest.newBuilder(uri("/say")).header("Content-Type", "application/json");

        var other = ask(region.nobody(), request.copy().POST(BodyPublishers.ofString("{\"words\":\"no!\"}")), headers);
        assertEquals("signature-wrong", code(other));
        var again = signed(patient, "POST", "/say", "", body, UnaryOperator.identity());
        assertEquals(
                body,
                ask(region.nobody(), request.copy().POST(BodyPublishers.ofString(body)), again)
                        .body());
    }

    @Test
    void aLargeBodyIsComparedAtItsEndAndAnotherOneHasNone() throws Exception {
        var patient = region.patient();
        var body = "sealed ".repeat(100_000);
        var request = HttpRequest.newBuilder(uri("/blobs")).header("Content-Type", "application/octet-stream");

        var whole = signed(patient, "PUT", "/blobs", "", body, UnaryOperator.identity());
        var kept = ask(region.nobody(), request.copy().PUT(BodyPublishers.ofString(body)), whole);
        assertTrue(kept.body().contains(Integer.toString(body.length())), kept.body());
        for (var other : List.of("", body + "x", body.replaceFirst("s", "S"), body.substring(1))) {
            var headers = signed(patient, "PUT", "/blobs", "", body, UnaryOperator.identity());
            var refused = ask(region.nobody(), request.copy().PUT(BodyPublishers.ofString(other)), headers);
            assertEquals("signature-wrong", code(refused));
        }
        var nobody = ask(region.nobody(), request.copy().PUT(BodyPublishers.ofString(body)), Map.of());
        assertEquals("certificate-required", code(nobody));
    }

    @Test
    void anOldRequestOrAnotherTimeIsRefused() throws Exception {
        var patient = region.patient();
        var old = Instant.now().minus(SignedCalls.WINDOW).minusSeconds(60).getEpochSecond();

        var late = signed(patient, "GET", "/own", "", "", p -> p.replaceAll("created=[0-9]+", "created=" + old));
        assertEquals("signature-time", code(get("/own", late)));
    }

    @Test
    void aStrangersOrRevokedCertificateOrAServersIsRefused() throws Exception {
        var patient = region.patient();
        region.root("other");
        var stranger = region.issue(
                "stranger", "other", "/OU=Person/serialNumber=" + TestRegion.PATIENT + "/CN=x", "clientAuth");

        assertEquals("certificate-untrusted", code(get("/own", signed(stranger, "/own"))));
        assertEquals("caller-not-a-person", code(get("/own", signed(region.institution(), "/own"))));
        region.revoke(patient);
        assertEquals("certificate-revoked", code(get("/own", signed(patient, "/own"))));
    }

    @Test
    void everyBentBitOfASignatureIsRefused() throws Exception {
        var patient = region.patient();
        for (int at = 0; at < 64; at += 3) {
            var headers = signed(patient, "/own");
            var shown = Objects.requireNonNull(headers.get("Signature"));
            var value = Base64.getDecoder().decode(shown.substring(10, 98));
            value[at] ^= (byte) (1 << (at % 8));
            headers.put("Signature", "mizuhiki=:" + Base64.getEncoder().encodeToString(value) + ":");
            assertEquals("signature-wrong", code(get("/own", headers)));
        }
    }

    @Test
    void aPageOfAnotherOriginReachesNothingWhateverItShows() throws Exception {
        var foreign = Map.of("Origin", "https://evil.example");
        assertEquals("origin-denied", code(get("/public", foreign)));
        var both = signed(region.patient(), "/own");
        both.putAll(foreign);
        assertEquals("origin-denied", code(get("/own", both)));
    }

    @Test
    void aPageOfThePortalReachesOpenRoutesOnlyAndNotByTheBrowsersOwnCertificate() throws Exception {
        var portal = Map.of("Origin", PORTAL);
        var patient = region.patient();

        var answer = get("/public", portal);
        assertEquals(200, answer.statusCode());
        assertEquals(
                PORTAL,
                answer.headers().firstValue("Access-Control-Allow-Origin").orElse(""));
        assertTrue(
                answer.headers().firstValue("Access-Control-Allow-Credentials").isEmpty());
        assertEquals("origin-denied", code(get("/devices", portal)));
        assertEquals("origin-denied", code(get("/health", portal)));
        var ambient = ask(patient, HttpRequest.newBuilder(uri("/own")), portal);
        assertEquals("certificate-required", code(ambient));
    }

    @Test
    void aBrowserIsToldBeforehandWhatAPageMayAsk() throws Exception {
        var asked = HttpRequest.newBuilder(uri("/say")).method("OPTIONS", BodyPublishers.noBody());
        var allowed =
                ask(region.nobody(), asked.copy(), Map.of("Origin", PORTAL, "Access-Control-Request-Method", "POST"));
        assertEquals(204, allowed.statusCode());
        assertEquals(
                "POST",
                allowed.headers().firstValue("Access-Control-Allow-Methods").orElse(""));
        var other =
                ask(region.nobody(), asked.copy(), Map.of("Origin", PORTAL, "Access-Control-Request-Method", "DELETE"));
        assertEquals("origin-denied", code(other));
        var foreign = ask(
                region.nobody(),
                asked.copy(),
                Map.of("Origin", "https://evil.example", "Access-Control-Request-Method", "POST"));
        assertEquals("origin-denied", code(foreign));
        assertTrue(foreign.headers().firstValue("Access-Control-Allow-Origin").isEmpty());
    }
}
