package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;

/// curl and openssl, unmodified, fetch and renew certificates by EST.
@Tag("V1")
@Tag("V4")
@Tag("V5")
class OrdinaryClientTest {
    private static final Duration LONG_AGO = Duration.ofDays(500);

    @TempDir
    static Path folder;

    private static LiveAuthority authority;
    private static Tools tools;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
        tools = new Tools(folder);
    }

    @AfterAll
    static void close() {
        authority.close();
    }

    private static Tools.Answer ok() {
        return new Tools.Answer(200, "");
    }

    private static String subject(Member.Device device) {
        return "/OU=Device/O=" + device.vendor() + "/serialNumber=" + device.serial() + "/CN=" + device.model();
    }

    private static void authorities() throws Exception {
        assertEquals(ok(), tools.curl(authority.est("cacerts")));
        tools.unpack("authorities");
    }

    @Test
    void theCertificatesOfAllCasAreFetched() throws Exception {
        authorities();
        var all = KeyFiles.readChain(folder.resolve("authorities.pem"));
        assertEquals(6, all.size());
        assertTrue(all.containsAll(KeyFiles.readChain(folder.resolve("root.pem"))));
    }

    @Test
    void aDeviceGetsItsFirstCertificateWithATicketAndTheNextWithThatOne() throws Exception {
        var device = authority.someDevice();
        var der = tools.request("first", "-subj", subject(device));
        assertEquals(ok(), tools.enrol(authority.est("simpleenroll"), authority.ticket(device), der));
        tools.unpack("first");
        authorities();
        assertTrue(tools.openssl("verify", "-CAfile", "root.pem", "-untrusted", "authorities.pem", "first.pem")
                .contains("first.pem: OK"));
        var shown = tools.openssl("x509", "-in", "first.pem", "-noout", "-subject", "-nameopt", "compat");
        assertTrue(shown.contains(subject(device)), shown);
        // with its CA's behind it, the new certificate opens the door for the next one, when it is time
        Files.writeString(
                folder.resolve("first.pem"),
                Files.readString(folder.resolve("first.pem")) + Files.readString(folder.resolve("authorities.pem")));
        assertEquals(
                new Tools.Answer(422, "renewal-too-early"), tools.renew(authority.est("simplereenroll"), "first", der));
    }

    @Test
    void aServerMayWishForItsOwnHost() throws Exception {
        var server = new Member.Server("keys", "keys.example.jp");
        var der = tools.request(
                "server", "-subj", "/CN=keys.example.jp", "-addext", "subjectAltName=DNS:keys.example.jp");
        assertEquals(ok(), tools.enrol(authority.est("simpleenroll"), authority.ticket(server), der));
        tools.unpack("server");
        assertTrue(tools.openssl("x509", "-in", "server.pem", "-noout", "-ext", "subjectAltName")
                .contains("DNS:keys.example.jp"));
    }

    @Test
    void base64WithoutLineEndsIsReadToo() throws Exception {
        var device = authority.someDevice();
        var der = tools.request("oneline", "-subj", "/");
        var ticket = authority.ticket(device);
        assertEquals(ok(), tools.enrol(authority.est("simpleenroll"), ticket, der));
        var first = tools.body();
        Files.writeString(folder.resolve("body"), Base64.getEncoder().encodeToString(der));
        assertEquals(
                ok(),
                tools.curl(
                        authority.est("simpleenroll"),
                        "-H",
                        "Content-Type: application/pkcs10",
                        "--data-binary",
                        "@body",
                        "--netrc-file",
                        "netrc"));
        assertEquals(first, tools.body(), "the same request again gives the same certificate");
    }

    @Test
    void aDeviceRenewsWithANewKeyOrKeepsItsOwn() throws Exception {
        var device = authority.enrolled(folder, "old", LONG_AGO);
        var before = KeyFiles.readChain(folder.resolve("old.pem")).getFirst();
        var url = authority.est("simplereenroll");
        assertEquals(ok(), tools.renew(url, "old", tools.request("new", "-subj", subject(device))));
        tools.unpack("new");
        var after = KeyFiles.readChain(folder.resolve("new.pem")).getFirst();
        assertEquals(before.getSubjectX500Principal(), after.getSubjectX500Principal());
        assertNotEquals(before.getPublicKey(), after.getPublicKey());
        assertTrue(after.getNotAfter().toInstant().isAfter(before.getNotAfter().toInstant()));
        assertEquals(ok(), tools.renew(url, "old", tools.request("old", "-subj", "/")));
        tools.unpack("kept");
        var kept = KeyFiles.readChain(folder.resolve("kept.pem")).getFirst();
        assertEquals(before.getPublicKey(), kept.getPublicKey());
        assertNotEquals(before.getSerialNumber(), kept.getSerialNumber());
    }

    @Test
    void clientsLearnWhichKeyToMake() throws Exception {
        assertEquals(ok(), tools.curl(authority.est("csrattrs")));
        tools.openssl("base64", "-d", "-in", "answer", "-out", "attributes");
        var shown = tools.openssl("asn1parse", "-inform", "DER", "-in", "attributes");
        assertTrue(shown.contains("prime256v1") && shown.contains("ecdsa-with-SHA256"), shown);
    }

    @Test
    void nobodyGetsAKeyMadeByTheServer() throws Exception {
        var device = authority.someDevice();
        int before = authority.issued();
        var refused = tools.enrol(
                authority.est("serverkeygen"), authority.ticket(device), tools.request("lazy", "-subj", "/"));
        assertEquals(new Tools.Answer(403, "server-keys-not-allowed"), refused);
        assertTrue(tools.body().contains("where it is used"));
        assertFalse(tools.body().contains("PRIVATE KEY"));
        assertEquals(before, authority.issued());
    }
}
