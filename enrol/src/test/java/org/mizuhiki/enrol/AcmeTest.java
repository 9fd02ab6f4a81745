package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.PublicJsonWebKey;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// A server's life by ACME: account, certificates, renewals, what ends them.
@Tag("V1")
@Tag("D5")
@Tag("F11")
class AcmeTest {
    @TempDir
    static Path folder;

    private static LiveAuthority authority;
    private static Tools tools;
    private static int servers;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
        tools = new Tools(folder);
    }

    @AfterAll
    static void close() {
        authority.close();
    }

    private static Member.Server someServer() {
        return new Member.Server("web", "web" + ++servers + ".example.jp");
    }

    private static AcmeCaller registered(Member.Server server) throws Exception {
        var given = authority.acme().bind(server, Duration.ofDays(1));
        var client = new AcmeCaller(given.directory(), authority.roots);
        assertEquals(201, client.register(client.binding(given)).status());
        return client;
    }

    private static byte[] request(String key, Member.Server server) throws Exception {
        return tools.request(key, "-subj", "/", "-addext", "subjectAltName=DNS:" + server.host());
    }

    private static byte[] fresh(Member.Server server) throws Exception {
        Files.deleteIfExists(folder.resolve("fresh.key"));
        return request("fresh", server);
    }

    @Test
    void anOrderForTheAccountsOwnHostIsReadyAtOnceAndItsAuthorisationSaysWhy() throws Exception {
        var server = someServer();
        var client = registered(server);
        var order = client.order(server.host());
        assertEquals(201, order.status());
        assertEquals("ready", order.said("status"));
        var authorization = client.post(order.first("authorizations"), null);
        assertEquals("valid", authorization.said("status"));
        assertEquals(
                Map.of("type", "dns", "value", server.host()),
                authorization.body().get("identifier"));
        var challenge = (Map<?, ?>)
                ((List<?>) Objects.requireNonNull(authorization.body().get("challenges"))).getFirst();
        assertEquals("mizuhiki-binding-01", challenge.get("type"));
        var asked = client.post((String) Objects.requireNonNull(challenge.get("url")), Map.of());
        assertEquals("valid", asked.said("status"));
        assertEquals(order.body(), client.post(order.location(), null).body());
        var listed = client.post(client.account + "/orders", null);
        assertEquals(List.of(order.location()), listed.body().get("orders"));
    }

    @Test
    void aHostThatIsAnAddressIsAnIpIdentifier() throws Exception {
        var server = new Member.Server("web", "10.0.0.7");
        var client = registered(server);
        var named = Map.of("identifiers", List.<Object>of(Map.of("type", "ip", "value", "10.0.0.7")));
        var order = client.post(client.at("newOrder"), Map.copyOf(named));
        assertEquals(201, order.status());
        var csr = tools.request("address", "-subj", "/", "-addext", "subjectAltName=IP:10.0.0.7");
        var certificate = client.certificate(client.complete(order, csr));
        assertTrue(certificate.getSubjectAlternativeNames().toString().contains("10.0.0.7"));
        assertEquals("identifier-not-yours", client.order("10.0.0.7").code());
    }

    @Test
    void theCertificateIsTheServersOwnWithItsCaBehindIt() throws Exception {
        var server = someServer();
        var client = registered(server);
        var done = client.complete(client.order(server.host()), fresh(server));
        assertEquals("valid", done.said("status"));
        var chain = client.post(done.said("certificate"), null);
        assertEquals(
                "application/pem-certificate-chain",
                chain.headers().firstValue("Content-Type").orElse(""));
        Files.writeString(folder.resolve("chain.pem"), chain.text());
        assertTrue(tools.openssl("verify", "-CAfile", "root.pem", "-untrusted", "chain.pem", "chain.pem")
                .contains("OK"));
        var read = KeyFiles.readChain(folder.resolve("chain.pem"));
        assertEquals(2, read.size());
        assertEquals(
                server,
                authority.certification().known(read.getFirst()).orElseThrow().member());
    }

    @Test
    void aLostAnswerIsGivenAgainAndAnotherRequestIsNot() throws Exception {
        var server = someServer();
        var client = registered(server);
        var order = client.order(server.host());
        var csr = fresh(server);
        var first = client.complete(order, csr);
        int issued = authority.issued();
        assertEquals(first.body(), client.complete(order, csr).body());
        assertEquals("order-not-ready", client.complete(order, fresh(server)).code());
        assertEquals(issued, authority.issued());
    }

    /// 90 days are a server's whole life: a year is lived through, with new keys and with the old one.
    @Test
    void aServerRenewsThroughAYearWithoutAnybody() throws Exception {
        var server = someServer();
        var lived = new ArrayList<X509Certificate>();
        try {
            authority.setBack(Duration.ofDays(365));
            var client = registered(server);
            lived.add(client.certificate(server.host(), fresh(server)));
            for (int day = 60; day <= 360; day += 60) {
                authority.setBack(Duration.ofDays(365 - day));
                var current = lived.getLast();
                assertTrue(window(client, current).isBefore(authority.now().plus(Duration.ofDays(3))));
                assertTrue(current.getNotAfter().toInstant().isAfter(authority.now()), "overlap");
                var csr = day % 120 == 0 ? fresh(server) : request("kept", server);
                lived.add(client.certificate(server.host(), csr));
            }
        } finally {
            authority.setBack(Duration.ZERO);
        }
        assertEquals(
                7,
                lived.stream().map(X509Certificate::getSerialNumber).distinct().count());
        assertEquals(lived.get(1).getPublicKey(), lived.get(3).getPublicKey());
        assertNotEquals(lived.get(0).getPublicKey(), lived.get(2).getPublicKey());
        assertTrue(lived.getLast().getNotAfter().toInstant().isAfter(Instant.now()));
    }

    private static Instant window(AcmeCaller client, X509Certificate certificate) throws Exception {
        var info = client.get(client.at("renewalInfo") + "/" + renewalName(certificate));
        assertEquals(200, info.status());
        assertEquals("21600", info.headers().firstValue("Retry-After").orElse(""));
        var window = (Map<?, ?>) Objects.requireNonNull(info.body().get("suggestedWindow"));
        return Instant.parse((String) Objects.requireNonNull(window.get("start")));
    }

    /// RFC 9773, 4.1, with the identifier as openssl shows it.
    private static String renewalName(X509Certificate certificate) throws Exception {
        KeyFiles.writeChain(folder.resolve("named.pem"), List.of(certificate));
        var shown = tools.openssl("x509", "-in", "named.pem", "-noout", "-ext", "authorityKeyIdentifier");
        var hex = shown.lines().toList().getLast().strip().replace("keyid:", "").replace(":", "");
        var encoder = java.util.Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(java.util.HexFormat.of().parseHex(hex)) + "."
                + encoder.encodeToString(certificate.getSerialNumber().toByteArray());
    }

    @Test
    void aRevokedCertificateIsToBeRenewedAtOnce() throws Exception {
        var server = someServer();
        var client = registered(server);
        var certificate = client.certificate(server.host(), fresh(server));
        assertTrue(window(client, certificate).isAfter(authority.now().plus(Duration.ofDays(50))));
        assertEquals(200, client.revoke(certificate, 1).status());
        assertTrue(window(client, certificate).isBefore(authority.now()));
        var order = client.order(server.host(), Map.of("replaces", renewalName(certificate)));
        assertEquals(renewalName(certificate), order.said("replaces"));
        assertEquals(200, client.complete(order, fresh(server)).status());
        var again = client.order(server.host(), Map.of("replaces", renewalName(certificate)));
        assertEquals("alreadyReplaced replaced-already", again.type() + " " + again.code());
    }

    @Test
    void aCertificateIsRevokedByItsAccountOrByItsOwnKeyAndOthersStand() throws Exception {
        var server = someServer();
        var client = registered(server);
        var first = client.certificate(server.host(), fresh(server));
        var second = client.certificate(server.host(), request("owner", server));
        assertEquals(200, client.revoke(first, 4).status());
        assertEquals("alreadyRevoked", client.revoke(first, 4).type());
        assertTrue(authority.certification().known(first).orElseThrow().revoked());
        assertEquals(
                false, authority.certification().known(second).orElseThrow().revoked());
        var finder = new AcmeCaller(client.at("newNonce").replace("new-nonce", "directory"), authority.roots);
        var key = PublicJsonWebKey.Factory.newPublicJwk(second.getPublicKey());
        key.setPrivateKey(KeyFiles.readKey(folder.resolve("owner.key")));
        finder.key = key;
        assertEquals("badRevocationReason", finder.revoke(second, 6).type());
        assertEquals(200, finder.revoke(second, 1).status());
        assertTrue(authority.certification().known(second).orElseThrow().revoked());
        // a key that was given up comes into no certificate again
        assertEquals(
                "key-unfit",
                client.complete(client.order(server.host()), request("owner", server))
                        .code());
    }

    @Test
    void anAccountsKeyIsChangedAndTheOldOneOpensNothing() throws Exception {
        var client = registered(someServer());
        var old = client.key;
        var next = AcmeCaller.newKey();
        assertEquals(
                200,
                client.post(client.at("keyChange"), client.change(next, _ -> {}))
                        .status());
        assertEquals("signature-wrong", client.post(client.account, null).code());
        client.key = next;
        assertEquals("valid", client.post(client.account, null).said("status"));
        // back to a key that is free again, but not to one that is another's
        assertEquals(
                200,
                client.post(client.at("keyChange"), client.change(old, _ -> {})).status());
        client.key = old;
        var other = registered(someServer());
        var taken = client.post(client.at("keyChange"), client.change(other.key, _ -> {}));
        assertEquals("409 account-key-taken", taken.status() + " " + taken.code());
    }

    @Test
    void aDeactivatedAccountGetsNothing() throws Exception {
        var server = someServer();
        var client = registered(server);
        assertEquals(
                "deactivated",
                client.post(client.account, Map.of("status", "deactivated")).said("status"));
        assertEquals("account-ended", client.order(server.host()).code());
        var again = new AcmeCaller(client.at("newNonce").replace("new-nonce", "directory"), authority.roots);
        again.key = client.key;
        assertEquals("account-ended", again.register(Map.of()).code());
    }

    @Test
    void aGivenUpAuthorisationEndsItsOrder() throws Exception {
        var server = someServer();
        var client = registered(server);
        var order = client.order(server.host());
        var given = client.post(order.first("authorizations"), Map.of("status", "deactivated"));
        assertEquals("deactivated", given.said("status"));
        assertEquals("invalid", client.post(order.location(), null).said("status"));
        assertEquals("orderNotReady", client.complete(order, fresh(server)).type());
    }

    @Test
    void anAccountWhoseServerTheOperatorRevokedGetsNothingAnyMore() throws Exception {
        var server = someServer();
        var client = registered(server);
        client.certificate(server.host(), fresh(server));
        var waiting = client.order(server.host());
        int issued = authority.issued();
        // trust alone already refuses, even if the account had been forgotten
        authority.revoke(server);
        var refused = client.complete(waiting, fresh(server));
        assertEquals("unauthorized member-revoked", refused.type() + " " + refused.code());
        assertTrue(authority.acme().end(server));
        assertEquals("account-ended", client.complete(waiting, fresh(server)).code());
        assertEquals("account-ended", client.order(server.host()).code());
        assertEquals(issued, authority.issued());
        // whom the operator lets in anew begins anew
        var back = registered(server);
        assertEquals(
                200, back.complete(back.order(server.host()), fresh(server)).status());
    }

    @Test
    void aBindingIsGoodOnceAndInItsTime() throws Exception {
        var server = someServer();
        var given = authority.acme().bind(server, Duration.ofDays(1));
        var first = new AcmeCaller(given.directory(), authority.roots);
        assertEquals(201, first.register(first.binding(given)).status());
        // a lost answer: the same key gets to know its account
        var account = first.account;
        first.account = "";
        var again = first.register(first.binding(given));
        assertEquals("200 " + account, again.status() + " " + again.location());
        assertEquals(
                200,
                first.post(first.at("newAccount"), Map.of("onlyReturnExisting", true))
                        .status());
        var second = new AcmeCaller(given.directory(), authority.roots);
        assertEquals("binding-used", second.register(second.binding(given)).code());
        try {
            authority.setBack(Duration.ofDays(2));
            var old = authority.acme().bind(server, Duration.ofDays(1));
            authority.setBack(Duration.ZERO);
            assertEquals("binding-expired", second.register(second.binding(old)).code());
        } finally {
            authority.setBack(Duration.ZERO);
        }
    }

    @Test
    void whatTheOperatorHandsOverIsAConfigurationForCertbot() {
        var given = authority.acme().bind(someServer(), Duration.ofDays(1));
        var lines = given.revealed().lines().toList();
        assertEquals("server = " + given.directory(), lines.get(0));
        assertEquals("eab-kid = " + given.kid(), lines.get(1));
        assertTrue(lines.get(2).matches("eab-hmac-key = [A-Za-z0-9_-]{43}"));
        assertTrue(!given.toString().contains(lines.get(2).substring(15)));
    }

    @Test
    void theDirectorySaysThatABindingIsNeeded() throws Exception {
        var client = new AcmeCaller(
                authority.acme().bind(someServer(), Duration.ofDays(1)).directory(), authority.roots);
        assertEquals(Map.of("externalAccountRequired", true), client.directory.get("meta"));
        var nonce = client.get(client.at("newNonce"));
        assertEquals(204, nonce.status());
        assertTrue(nonce.headers().firstValue("Replay-Nonce").isPresent());
        assertEquals("no-store", nonce.headers().firstValue("Cache-Control").orElse(""));
        assertTrue(JsonUtil.toJson(client.directory).contains("renewalInfo"));
    }
}
