package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Member;

/// Whatever an ACME client sends that it should not: refused with a stable code, and no certificate comes of
/// it.
@Tag("V1")
class HostileAcmeTest {
    private static final Member.Server MINE = new Member.Server("web", "mine.example.jp");
    private static final Member.Server YOURS = new Member.Server("web", "yours.example.jp");

    @TempDir
    static Path folder;

    private static LiveAuthority authority;
    private static Tools tools;
    private static AcmeCaller client;
    private static AcmeCaller other;

    private int issued;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
        tools = new Tools(folder);
        client = registered(MINE);
        other = registered(YOURS);
    }

    @AfterAll
    static void close() {
        authority.close();
    }

    @BeforeEach
    void count() {
        issued = authority.issued();
    }

    @AfterEach
    void nothingIsHalfIssued() {
        assertEquals(issued, authority.issued());
    }

    private static Acme.Binding given() {
        return authority.acme().bind(MINE, Duration.ofDays(1));
    }

    private static AcmeCaller stranger() throws Exception {
        return new AcmeCaller(given().directory(), authority.roots);
    }

    private static AcmeCaller registered(Member.Server server) throws Exception {
        var given = authority.acme().bind(server, Duration.ofDays(1));
        var made = new AcmeCaller(given.directory(), authority.roots);
        assertEquals(201, made.register(made.binding(given)).status());
        return made;
    }

    private static void refused(String type, String code, AcmeCaller.Answer answer) {
        assertEquals(type + " " + code, answer.type() + " " + answer.code(), answer.toString());
        assertTrue(answer.status() >= 400 && answer.status() < 500);
        assertFalse(answer.text().contains("Exception"));
    }

    @Test
    void withoutABindingThereIsNoAccount() throws Exception {
        var stranger = stranger();
        refused("externalAccountRequired", "binding-required", stranger.post(stranger.at("newAccount"), Map.of()));
        var asks = Map.<String, Object>of("onlyReturnExisting", true);
        refused("accountDoesNotExist", "account-unknown", stranger.post(stranger.at("newAccount"), asks));
    }

    @Test
    void aForgedBindingIsRefusedAndGuessingEndsIt() throws Exception {
        var given = given();
        var key = given.key().lend(byte[]::clone);
        var stranger = stranger();
        refused("unauthorized", "binding-wrong", stranger.register(stranger.binding("nobody", key, _ -> {})));
        Consumer<JsonWebSignature> elsewhere = jws -> jws.setHeader("url", "https://elsewhere/acme/new-account");
        refused("unauthorized", "url-wrong", stranger.register(stranger.binding(given.kid(), key, elsewhere)));
        var anothers = other.binding(given.kid(), key, _ -> {}); // taken from another's request
        refused("unauthorized", "binding-wrong", stranger.register(anothers));
        Consumer<JsonWebSignature> twice = jws -> jws.setHeader("nonce", "x");
        refused("unauthorized", "binding-wrong", stranger.register(stranger.binding(given.kid(), key, twice)));
        for (int i = 0; i < 10; i++) {
            refused(
                    "unauthorized",
                    "binding-wrong",
                    stranger.register(stranger.binding(given.kid(), new byte[32], _ -> {})));
        }
        refused("unauthorized", "binding-wrong", stranger.register(stranger.binding(given)));
    }

    /// PostgreSQL takes no NUL in a text: it must not get that far.
    @Test
    void aNameWithNulIsRefusedBeforeAnybodyLooksForIt() throws Exception {
        var who = stranger();
        refused("malformed", "jws-malformed", who.register(who.binding("\0", new byte[32], _ -> {})));
        Consumer<JsonWebSignature> odd = jws -> jws.setHeader("kid", client.account + "\0");
        refused("malformed", "jws-malformed", client.post(client.account, null, odd));
    }

    @Test
    void aBindingThatIsSignedInsteadOfSealedIsRefused() throws Exception {
        var stranger = stranger();
        var given = given();
        Consumer<JsonWebSignature> signed = jws -> {
            jws.setAlgorithmHeaderValue("ES256");
            jws.setKey(stranger.privateKey());
        };
        refused(
                "badSignatureAlgorithm",
                "algorithm-unfit",
                stranger.register(stranger.binding(given.kid(), new byte[32], signed)));
    }

    @Test
    void aRequestForAnotherAddressIsRefused() throws Exception {
        var order = client.order(MINE.host());
        var signed = client.signed(order.location(), null, _ -> {});
        refused("unauthorized", "url-wrong", client.sent(order.first("authorizations"), signed));
        refused(
                "unauthorized",
                "url-wrong",
                client.post(order.location(), null, jws -> jws.setHeader("url", order.location() + "?")));
    }

    @Test
    void aNonceIsGoodOnceAndOnlyIfItIsOurs() throws Exception {
        var url = client.account;
        var body = client.signed(url, null, _ -> {});
        assertEquals(200, client.sent(url, body).status());
        var replayed = client.sent(url, body);
        refused("badNonce", "nonce-wrong", replayed);
        var fresh = replayed.headers().firstValue("Replay-Nonce").orElseThrow();
        assertEquals(
                200,
                client.post(url, null, jws -> jws.setHeader("nonce", fresh)).status());
        for (var nonce : List.of("", "x", "A".repeat(32), fresh, "!" + fresh, fresh + "AA")) {
            refused("badNonce", "nonce-wrong", client.post(url, null, jws -> jws.setHeader("nonce", nonce)));
        }
        refused(
                "badNonce",
                "nonce-wrong",
                client.post(url, null, jws -> jws.getHeaders().setObjectHeaderValue("nonce", null)));
    }

    @Test
    void noAlgorithmIsTakenButTheKeysOwn() throws Exception {
        var url = client.account;
        Consumer<JsonWebSignature> none = jws -> {
            jws.setAlgorithmConstraints(AlgorithmConstraints.NO_CONSTRAINTS);
            jws.setAlgorithmHeaderValue("none");
            jws.setKey(null);
        };
        var refused = client.post(url, null, none);
        refused("badSignatureAlgorithm", "algorithm-unfit", refused);
        assertEquals(List.of("ES256", "ES384", "EdDSA", "RS256"), refused.body().get("algorithms"));
        // the public key as a shared secret
        Consumer<JsonWebSignature> mac = jws -> {
            jws.setAlgorithmHeaderValue("HS256");
            jws.setKey(new HmacKey(client.key.getPublicKey().getEncoded()));
        };
        refused("badSignatureAlgorithm", "algorithm-unfit", client.post(url, null, mac));
        var anothers = AcmeCaller.newKey();
        refused("unauthorized", "signature-wrong", client.post(url, null, jws -> jws.setKey(anothers.getPrivateKey())));
    }

    @Test
    void aWeakKeyOpensNoAccount() throws Exception {
        var stranger = stranger();
        stranger.key = RsaJwkGenerator.generateJwk(1024);
        Consumer<JsonWebSignature> rsa = jws -> {
            jws.setAlgorithmHeaderValue("RS256");
            jws.setDoKeyValidation(false);
        };
        refused("badPublicKey", "account-key-unfit", stranger.post(stranger.at("newAccount"), Map.of(), rsa));
        var shared = AcmeCaller.newKey();
        stranger.key = shared;
        Consumer<JsonWebSignature> withSecret = jws -> jws.getHeaders()
                .setObjectHeaderValue("jwk", shared.toParams(JsonWebKey.OutputControlLevel.INCLUDE_PRIVATE));
        refused("badPublicKey", "account-key-unfit", stranger.post(stranger.at("newAccount"), Map.of(), withSecret));
    }

    @Test
    void theSignerIsNamedInTheOneWayThatFits() throws Exception {
        Consumer<JsonWebSignature> both = jws -> jws.setJwkHeader(client.key);
        refused("malformed", "jws-malformed", client.post(client.account, null, both));
        refused("malformed", "key-not-here", client.post(client.at("newAccount"), Map.of()));
        var stranger = stranger();
        refused("malformed", "key-not-here", stranger.post(client.at("newOrder"), Map.of()));
        stranger.account = client.account + "0";
        refused("accountDoesNotExist", "account-unknown", stranger.order(MINE.host()));
        stranger.account = "https://elsewhere/acme/account/1";
        refused("accountDoesNotExist", "account-unknown", stranger.order(MINE.host()));
        stranger.account = client.account;
        refused("unauthorized", "signature-wrong", stranger.order(MINE.host()));
    }

    @Test
    void anotherAccountsThingsAreNotThere() throws Exception {
        var order = client.order(MINE.host());
        refused("malformed", "order-unknown", other.post(order.location(), null));
        refused(
                "malformed",
                "order-unknown",
                other.post(order.first("authorizations"), Map.of("status", "deactivated")));
        refused("malformed", "order-unknown", other.complete(order, request("thief")));
        refused("malformed", "order-unknown", other.post(order.location().replace("/order/", "/certificate/"), null));
        refused("unauthorized", "not-your-account", other.post(client.account, null));
        refused("unauthorized", "not-your-account", other.post(client.account + "/orders", null));
        assertEquals("ready", client.post(order.location(), null).said("status"));
    }

    private static byte[] request(String name, String... more) throws Exception {
        var all = more.length == 0 ? new String[] {"-subj", "/"} : more;
        return tools.request(name, all);
    }

    @Test
    void namesOfOthersAreRejected() throws Exception {
        for (var host :
                List.of(YOURS.host(), "*.example.jp", "example.jp", "mine.example.jp.", "localhost", "", "みずひき")) {
            refused("rejectedIdentifier", "identifier-not-yours", client.order(host));
        }
        var both = Map.<String, Object>of(
                "identifiers",
                List.of(Map.of("type", "dns", "value", MINE.host()), Map.of("type", "dns", "value", YOURS.host())));
        refused("rejectedIdentifier", "identifier-not-yours", client.post(client.at("newOrder"), both));
        var mail = Map.<String, Object>of("identifiers", List.of(Map.of("type", "email", "value", "a@b.jp")));
        refused("unsupportedIdentifier", "identifier-unsupported", client.post(client.at("newOrder"), mail));
        refused(
                "malformed",
                "validity-not-chosen",
                client.order(MINE.host(), Map.of("notAfter", "2099-01-01T00:00:00Z")));
    }

    @Test
    void aRequestForMoreThanTheOrderIsRefused() throws Exception {
        var order = client.order(MINE.host());
        var names = "subjectAltName=DNS:" + MINE.host() + ",DNS:" + YOURS.host();
        refused("badCSR", "name-not-yours", client.complete(order, request("more", "-subj", "/", "-addext", names)));
        refused("badCSR", "name-not-yours", client.complete(order, request("more", "-subj", "/CN=" + YOURS.host())));
        refused("badCSR", "request-malformed", client.complete(order, new byte[4000]));
        refused("badCSR", "request-malformed", client.complete(order, new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1
        }));
        var long1 = request("more", "-subj", "/OU=Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".repeat(100));
        refused("badCSR", "request-malformed", client.complete(order, long1));
        var doubled = request("more", "-subj", "/", "-addext", "1.2.3.4=ASN1:NULL", "-addext", "1.2.3.5=ASN1:NULL");
        for (int i = 0; i < doubled.length - 4; i++) {
            if (doubled[i] == 0x06 && doubled[i + 1] == 3 && doubled[i + 2] == 0x2a && doubled[i + 4] == 5) {
                doubled[i + 4] = 4;
            }
        }
        refused("badCSR", "request-malformed", client.complete(order, doubled));
        var forged = request("more");
        forged[forged.length - 1] ^= 1;
        var unproven = client.complete(order, forged);
        assertEquals("badCSR", unproven.type());
        var pem = request("more", "-subj", "/", "-outform", "PEM");
        refused("badCSR", "request-malformed", client.complete(order, pem));
        assertEquals("ready", client.post(order.location(), null).said("status"), "nothing was lost by all that");
    }

    @Test
    void theAccountsKeyIsNoServersKey() throws Exception {
        org.mizuhiki.trust.KeyFiles.writeKey(folder.resolve("account.key"), client.key.getPrivateKey());
        var csr = request("account");
        refused("badCSR", "key-is-the-accounts", client.complete(client.order(MINE.host()), csr));
    }

    @Test
    void hugeBodiesAreRefusedUnread() throws Exception {
        var url = client.at("newOrder");
        var named = List.of(Map.of("type", "dns", "value", "x".repeat(1 << 20)));
        for (var body : List.of("x".repeat(1 << 20), client.signed(url, Map.of("identifiers", named), _ -> {}))) {
            assertEquals(new Tools.Answer(413, "body-too-large"), curled(url, "application/jose+json", body));
        }
    }

    /// Refused unread: an answer that the JDK's client may lose while it still sends.
    private Tools.Answer curled(String url, String mediaType, String body) throws Exception {
        Files.writeString(folder.resolve("body"), body);
        return tools.curl(url, "-H", "Content-Type: " + mediaType, "--data-binary", "@body");
    }

    @Test
    void whatIsNoFlattenedJwsIsRefused() throws Exception {
        var url = client.account;
        var good = JsonUtil.parseJson(client.signed(url, null, _ -> {}));
        for (var body : List.of("", "{", "null", "[]", "\"x\"", "{}", "{\"protected\":1}", "[".repeat(16_000))) {
            refused("malformed", "jws-malformed", client.sent(url, body));
        }
        var unsigned = new HashMap<>(good);
        unsigned.put("header", Map.of("kid", other.account));
        refused("malformed", "jws-malformed", client.sent(url, JsonUtil.toJson(unsigned)));
        var many = new HashMap<>(good);
        many.put("signatures", List.of(good));
        refused("malformed", "jws-malformed", client.sent(url, JsonUtil.toJson(many)));
        var padded = new HashMap<>(good);
        padded.put("signature", good.get("signature") + "==");
        refused("malformed", "jws-malformed", client.sent(url, JsonUtil.toJson(padded)));
        Consumer<JsonWebSignature> critical = jws -> jws.setHeader("b64", true);
        refused("malformed", "jws-malformed", client.post(url, null, critical));
        var text = JsonUtil.toJson(good);
        assertEquals(new Tools.Answer(415, "media-type-unsupported"), curled(url, "application/json", text));
        var twice = text.replaceFirst("\\{", "{\"payload\":\"\",");
        refused("malformed", "jws-malformed", client.sent(url, twice));
    }

    @Test
    void anothersCertificateIsNotRevoked() throws Exception {
        var certificate = other.certificate(YOURS.host(), request("theirs"));
        issued++;
        refused("unauthorized", "certificate-not-yours", client.revoke(certificate, 1));
        refused("unauthorized", "certificate-not-yours", stranger().revoke(certificate, 1));
        refused("malformed", "certificate-unknown", client.revoke(authority.roots.getFirst(), 1));
        var junk = Map.<String, Object>of(
                "certificate", Base64.getUrlEncoder().withoutPadding().encodeToString(new byte[500]));
        refused("malformed", "certificate-malformed", client.post(client.at("revokeCert"), junk));
        assertFalse(authority.certification().known(certificate).orElseThrow().revoked());
    }

    @Test
    void aKeyIsNotChangedByWhoHasOnlyOneOfTheTwo() throws Exception {
        var next = AcmeCaller.newKey();
        var third = AcmeCaller.newKey();
        var url = client.at("keyChange");
        Consumer<JsonWebSignature> unproven = jws -> jws.setKey(third.getPrivateKey());
        refused("unauthorized", "signature-wrong", client.post(url, client.change(next, unproven)));
        Consumer<JsonWebSignature> elsewhere = jws -> jws.setHeader("url", client.at("newOrder"));
        refused("unauthorized", "url-wrong", client.post(url, client.change(next, elsewhere)));
        refused("malformed", "jws-malformed", client.post(url, other.change(next, _ -> {})));
        assertEquals(200, client.post(client.account, null).status());
    }

    @Test
    void anAccountThatOrdersWithoutEndIsSlowedDown() throws Exception {
        var greedy = registered(new Member.Server("web", "greedy.example.jp"));
        AcmeCaller.Answer answer = greedy.order("greedy.example.jp");
        for (int i = 0; i < 20 && answer.status() == 201; i++) {
            answer = greedy.order("greedy.example.jp");
        }
        refused("rateLimited", "order-rate-exceeded", answer);
        assertEquals("600", answer.headers().firstValue("Retry-After").orElse(""));
    }

    @Test
    void aServerGetsABoundedNumberOfCertificates() throws Exception {
        var server = new Member.Server("web", "loop.example.jp");
        var first = registered(server);
        for (int i = 0; i < 10; i++) {
            first.certificate(server.host(), request("loop")); // the same key: it is the number that counts
            issued++;
        }
        refused("rateLimited", "certificate-rate-exceeded", first.order(server.host()));
        refused("rateLimited", "certificate-rate-exceeded", registered(server).order(server.host()));
    }

    @Test
    void aBindingsKeyIsNowhereInTheRows() throws Exception {
        var given = given();
        var key = given.revealed().substring(given.revealed().lastIndexOf(' ') + 1);
        var guess = new Acme.Binding(given.directory(), given.kid(), Secret.taking(new byte[32]));
        assertFalse(guess.revealed().contains(key));
        assertFalse(authority.dump("acme_binding").contains(key));
        assertFalse(authority
                .dump("acme_binding")
                .contains(java.util.HexFormat.of().formatHex(given.key().lend(byte[]::clone))));
    }
}
