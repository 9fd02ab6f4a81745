package org.mizuhiki.enrol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Ticket;
import org.slf4j.LoggerFactory;

/// Whatever a client sends that it should not: refused with a stable code, and no certificate comes of it.
@Tag("V1")
class HostileClientTest {
    private static final Duration LONG_AGO = Duration.ofDays(500);
    private static final Duration TOO_LONG_AGO = Duration.ofDays(731 + 10);

    @TempDir
    static Path folder;

    private static LiveAuthority authority;
    private static Tools tools;
    private static byte[] good;

    private int issued;

    @BeforeAll
    static void open() throws Exception {
        authority = new LiveAuthority(folder);
        tools = new Tools(folder);
        good = tools.request("good", "-subj", "/");
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

    /// Also shows that the refusal cost the ticket nothing: it is not used up.
    private void refused(int status, String code, byte[] der) throws Exception {
        var ticket = authority.ticket(authority.someDevice());
        var url = authority.est("simpleenroll");
        assertEquals(new Tools.Answer(status, code), tools.enrol(url, ticket, der));
        var fresh = tools.request("fresh" + issued + code, "-subj", "/");
        Files.delete(folder.resolve("fresh" + issued + code + ".key"));
        assertEquals(200, tools.enrol(url, ticket, fresh).status());
        issued++;
    }

    @Test
    void withoutATicketTheClientIsAskedForOne() throws Exception {
        var url = authority.est("simpleenroll");
        assertEquals(new Tools.Answer(401, "login-required"), tools.post(url, good));
        var headers = folder.resolve("headers");
        tools.post(url, good, "-D", "headers");
        assertTrue(Files.readString(headers).toLowerCase(java.util.Locale.ROOT).contains("www-authenticate: basic"));
    }

    @Test
    void aWrongTicketIsRefusedAndGuessingEndsIt() throws Exception {
        var ticket = authority.ticket(authority.someDevice());
        var guess = new Ticket(ticket.id(), Secret.taking(new byte[16]));
        var url = authority.est("simpleenroll");
        for (int i = 0; i < 10; i++) {
            assertEquals(new Tools.Answer(401, "login-wrong"), tools.enrol(url, guess, good));
        }
        assertEquals(new Tools.Answer(401, "login-wrong"), tools.enrol(url, ticket, good));
        var nobody = new Ticket("0123456789abcdef", Secret.taking(new byte[16]));
        assertEquals(new Tools.Answer(401, "login-wrong"), tools.enrol(url, nobody, good));
        Files.writeString(folder.resolve("netrc"), "machine 127.0.0.1 login root password toor\n");
        assertEquals(new Tools.Answer(401, "login-wrong"), tools.post(url, good, "--netrc-file", "netrc"));
    }

    @Test
    void aTicketStandsInNoLog() throws Exception {
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        var seen = new ListAppender<ILoggingEvent>();
        seen.start();
        root.addAppender(seen);
        try {
            var ticket = authority.ticket(authority.someDevice());
            var secret = ticket.revealed().substring(17);
            var wrong = Arrays.copyOf(good, good.length - 1);
            assertEquals(
                    400,
                    tools.enrol(authority.est("simpleenroll"), ticket, wrong).status());
            for (int i = 0; i < 100 && lines(seen).isEmpty(); i++) { // the line is written after the answer
                Thread.sleep(100);
            }
            assertFalse(lines(seen).isEmpty());
            var text = lines(seen).stream()
                    .map(e -> e.getFormattedMessage() + e.getKeyValuePairs() + e.getThrowableProxy())
                    .toList()
                    .toString();
            assertFalse(text.contains(secret) || text.contains(ticket.id()), text);
        } finally {
            root.detachAppender(seen);
        }
    }

    private static List<ILoggingEvent> lines(ListAppender<ILoggingEvent> seen) {
        return List.copyOf(seen.list);
    }

    @Test
    void aUsedTicketEnrolsNothingElse() throws Exception {
        var ticket = authority.ticket(authority.someDevice());
        var url = authority.est("simpleenroll");
        assertEquals(
                200,
                tools.enrol(url, ticket, tools.request("used", "-subj", "/")).status());
        issued++;
        var other = tools.request("other", "-subj", "/");
        assertEquals(new Tools.Answer(422, "ticket-used"), tools.enrol(url, ticket, other));
    }

    @Test
    void aTicketForAnotherNameIsRefused() throws Exception {
        refused(422, "name-not-yours", tools.request("good", "-subj", "/OU=Server/serialNumber=keys/CN=keys"));
        refused(422, "name-not-yours", tools.request("good", "-subj", "/OU=Device/O=acme/serialNumber=x/CN=router-1"));
        refused(422, "name-not-yours", tools.request("good", "-subj", "/", "-addext", "subjectAltName=DNS:keys"));
    }

    @Test
    void aPersonsTicketIsForTheirApp() throws Exception {
        var ticket = authority.ticket(new Member.Patient(PersonId.random(LiveAuthority.DIE)));
        assertEquals(
                new Tools.Answer(422, "person-not-here"), tools.enrol(authority.est("simpleenroll"), ticket, good));
    }

    @Test
    void aForgedProofOfPossessionIsRefused() throws Exception {
        var victim = tools.request("victim", "-subj", "/");
        int at = pointIn(good);
        var forged = good.clone();
        System.arraycopy(victim, at, forged, at, 65);
        refused(422, "possession-unproven", forged);
    }

    /// The uncompressed point: bit string of 66 bytes, no unused bits, 04.
    private static int pointIn(byte[] der) {
        for (int i = 3; i < der.length - 65; i++) {
            if (der[i - 3] == 0x03 && der[i - 2] == 0x42 && der[i - 1] == 0 && der[i] == 4) {
                return i;
            }
        }
        throw new AssertionError("no point in the request");
    }

    @Test
    void aHugeSubjectIsRefusedUnread() throws Exception {
        refused(413, "body-too-large", new byte[1 << 20]);
        refused(
                400,
                "request-malformed",
                tools.request("good", "-subj", "/OU=Xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx".repeat(100)));
    }

    @Test
    void doubledExtensionsAreRefused() throws Exception {
        var both = tools.request("good", "-subj", "/", "-addext", "1.2.3.4=ASN1:NULL", "-addext", "1.2.3.5=ASN1:NULL");
        for (int i = 0; i < both.length - 4; i++) {
            if (both[i] == 0x06 && both[i + 1] == 3 && both[i + 2] == 0x2a && both[i + 4] == 5) {
                both[i + 4] = 4;
            }
        }
        refused(400, "request-malformed", both);
    }

    @Test
    void asn1BombsAreRefused() throws Exception {
        var open = new byte[4000];
        for (int i = 0; i < open.length; i += 2) {
            open[i] = 0x30;
            open[i + 1] = (byte) 0x80; // indefinite length, never closed
        }
        refused(400, "request-malformed", open);
        refused(400, "request-malformed", new byte[] {0x30, (byte) 0x84, 0x7f, -1, -1, -1});
        refused(400, "request-malformed", new byte[4096]);
    }

    @Test
    void whatIsNoBase64OfARequestIsRefused() throws Exception {
        var url = authority.est("simpleenroll");
        tools.enrol(url, authority.ticket(authority.someDevice()), new byte[] {1}); // writes the login
        for (var body : List.of("", "\r\n", "-----BEGIN CERTIFICATE REQUEST-----", "Zg=", "Zg==Zg==", "z z!")) {
            Files.writeString(folder.resolve("body"), body);
            var refused = tools.curl(
                    url, "-H", "Content-Type: application/pkcs10", "--data-binary", "@body", "--netrc-file", "netrc");
            assertEquals(new Tools.Answer(400, "request-malformed"), refused, body);
        }
        Files.writeString(folder.resolve("body"), Base64.getEncoder().encodeToString(good));
        assertEquals(
                new Tools.Answer(415, "media-type-unsupported"),
                tools.curl(url, "--data-binary", "@body", "--netrc-file", "netrc"));
    }

    @Test
    void nobodyRenewsWithoutACertificate() throws Exception {
        assertEquals(new Tools.Answer(401, "certificate-required"), tools.post(authority.est("simplereenroll"), good));
    }

    @Test
    void nobodyRenewsForAnother() throws Exception {
        authority.enrolled(folder, "mine", LONG_AGO);
        var other = authority.enrolled(folder, "theirs", LONG_AGO);
        issued += 2;
        var der = tools.request(
                "greedy", "-subj", "/OU=Device/O=acme/serialNumber=" + other.serial() + "/CN=" + other.model());
        assertEquals(
                new Tools.Answer(422, "name-not-yours"), tools.renew(authority.est("simplereenroll"), "mine", der));
    }

    @Test
    void aRevokedCertificateRenewsNothing() throws Exception {
        var device = authority.enrolled(folder, "revoked", LONG_AGO);
        issued++;
        authority.revoke(device);
        assertEquals(
                new Tools.Answer(403, "certificate-revoked"),
                tools.renew(authority.est("simplereenroll"), "revoked", good));
    }

    @Test
    void anExpiredCertificateRenewsNothing() throws Exception {
        authority.enrolled(folder, "expired", TOO_LONG_AGO);
        issued++;
        var answer = tools.renew(authority.est("simplereenroll"), "expired", good);
        assertNotEquals(200, answer.status());
        assertTrue(answer.status() == 0 || answer.code().equals("certificate-expired"), answer.toString());
    }
}
