package org.mizuhiki.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.MailSeals;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.LocalCertificate;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.Identity;
import org.subethamail.smtp.server.SMTPServer;

/// Strangers at the edge, over real TLS and a real database; and the way out.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("V5")
class EdgeTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final SecureRandom DIE = new SecureRandom();
    private static final String DOMAIN = "mail.demo";
    private static final String PARTNER = "hospital.example";

    private final PersonId person = PersonId.random(DIE);
    private final PersonId other = PersonId.random(DIE);
    private final Opener.XWing opener = new Seals(DIE).newReaderKey();
    private final MailSeals mail = new Seals(DIE).mail();
    private final BlockingQueue<Bytes> arrived = new LinkedBlockingQueue<>();

    @TempDir
    static Path folder;

    private Database database;
    private PostOffice office;
    private Edge edge;
    private SMTPServer hospital;
    private SSLContext believing;
    private X509Certificate reader;
    private X509Certificate hospitalOwn;

    @BeforeAll
    void open() throws Exception {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        database = Databases.open(
                DatabaseConfig.embedded(
                        folder.resolve("rows"), Path.of("target/postgres").toAbsolutePath()),
                PostOffice.MIGRATIONS,
                DIE);
        office = new PostOffice(database, Named::new, DOMAIN, PARTNER::equals, CLOCK, DIE);
        var pair = KeyFiles.newKeyPair(DIE);
        var own = LocalCertificate.make(pair, List.of("localhost"), CLOCK, DIE);
        var tls = EdgeTls.context(new Identity(pair.getPrivate(), List.of(own), List.of(own)), DIE);
        believing = new Partner(PARTNER, "localhost", 1, false, List.of(own)).tls(DIE);
        edge = Edge.open(
                new Edge.Listen(DOMAIN, InetAddress.getLoopbackAddress(), 0, 0), office, bounds(), () -> tls, CLOCK);
        hospital = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .serverSocketFactory(() -> EdgeTls.unbound(tls))
                .insertReceivedHeaders(false)
                .messageHandler((_, _, to, content) -> {
                    if (to.startsWith("full@")) {
                        throw new IllegalStateException("never asked for");
                    }
                    arrived.add(Bytes.of(content));
                })
                .build();
        hospital.start();
        hospitalOwn = own;
        reader = certified(person);
        office.open(person, List.of(KeyFiles.encoded(reader)), opener.publicKey());
        office.open(other, List.of(KeyFiles.encoded(certified(other))), opener.publicKey());
    }

    @AfterAll
    void close() {
        hospital.stop();
        edge.close();
        database.close();
    }

    private static Edge.Bounds bounds() {
        long much = 1L << 30;
        var silence = Duration.ofSeconds(20);
        return new Edge.Bounds(20, 8, 1000, much, much, 3, 2, much, 1, silence, silence, Duration.ofSeconds(3));
    }

    /// Brings mail to a server that listens at this port and shows this certificate.
    private Delivery delivering(int port, X509Certificate root) {
        var patience = new Delivery.Patience(
                Duration.ofMillis(50), Duration.ofSeconds(1), Duration.ofSeconds(20), Duration.ofMinutes(1));
        var partners = List.of(new Partner(PARTNER, "localhost", port, false, List.of(root)));
        return Delivery.start(office, partners, patience, CLOCK, DIE);
    }

    private static X509Certificate certified(PersonId who) {
        return LocalCertificate.make(KeyFiles.newKeyPair(DIE), List.of(Mailboxes.address(who, DOMAIN)), CLOCK, DIE);
    }

    /// A certificate's path is trust's to check, and is tried there; here whose it is is read off its
    /// address.
    private record Named() implements Validator {
        @Override
        public Member check(List<X509Certificate> chain, Purpose purpose, Instant at) {
            return new Member.Patient(Mailboxes.person(Mailboxes.address(chain.getFirst()), DOMAIN)
                    .orElseThrow());
        }

        @Override
        public Member check(Signature signature) {
            throw new IllegalStateException("nothing here is a record");
        }
    }

    private String address() {
        return Mailboxes.address(person, DOMAIN);
    }

    private Bytes encrypted(String words, X509Certificate forWhom) {
        var cms = mail.close(Bytes.utf8(Hospital.text(words)), List.of(forWhom), MailSeals.Form.EVERYWHERE);
        return Bytes.utf8("From: taro@hospital.example\r\nTo: x\r\nSubject: secret subject\r\nMessage-ID: <"
                + words.hashCode()
                + "@h>\r\nContent-Type: application/pkcs7-mime; smime-type=enveloped-data\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\n" + cms.asBase64().replaceAll("(.{76})", "$1\r\n"));
    }

    private List<Mailbox.Notice> since(long number) {
        return office.notices(person, number, 100);
    }

    private long newest() {
        var all = office.notices(person, 0, 1000);
        return all.isEmpty() ? 0 : all.getLast().number();
    }

    @Test
    void anEncryptedMailIsKeptOnceAndComesBackBitForBit() throws Exception {
        long before = newest();
        var content = encrypted("一度だけ", reader);
        for (int i = 0; i < 3; i++) {
            try (var stranger = new Stranger(believing, edge.port())) {
                var said = stranger.bring(content, address());
                assertTrue(said.startsWith("250"), said);
            }
        }
        var kept = since(before);
        assertEquals(1, kept.size());
        assertFalse(kept.getFirst().clear());
        var closed = office.fetch(person, kept.getFirst().number());
        assertFalse(new String(closed.closed().toArray(), StandardCharsets.ISO_8859_1).contains("secret subject"));
        assertEquals(content, stripped(new AtRest(new Seals(DIE)).open(closed, opener)));
        assertEquals(
                "mail-unknown",
                assertThrows(
                                Refusal.class,
                                () -> office.fetch(other, kept.getFirst().number()))
                        .code());
    }

    /// DATA ends with the line break before the dot.
    private static Bytes stripped(Bytes taken) {
        var text = taken.asUtf8();
        return Bytes.utf8(text.endsWith("\r\n") ? text.substring(0, text.length() - 2) : text);
    }

    @Test
    void aMailInTheClearIsClosedAndMarked() throws Exception {
        long before = newest();
        try (var stranger = new Stranger(believing, edge.port())) {
            var said = stranger.bring(Hospital.mail(Hospital.TARO, Hospital.text("in the clear")), address());
            assertTrue(said.startsWith("250"), said);
        }
        assertTrue(since(before).getFirst().clear());
    }

    @Test
    void whatNobodyHereCouldOpenIsRefusedToItsSender() throws Exception {
        long before = newest();
        try (var stranger = new Stranger(believing, edge.port())) {
            var said = stranger.bring(encrypted("wrong key", certified(other)), address());
            assertTrue(said.startsWith("554") && said.contains("mail-not-for-you"), said);
        }
        try (var stranger = new Stranger(believing, edge.port())) {
            var both = Mailboxes.address(other, DOMAIN);
            var said = stranger.bring(encrypted("for one of two", reader), address(), both);
            assertTrue(said.startsWith("554"), said);
        }
        assertEquals(List.of(), since(before), "all or none");
    }

    @Test
    void itRelaysForNobodyAndKnowsNobodyByName() throws Exception {
        try (var stranger = new Stranger(believing, edge.port())) {
            stranger.say("EHLO x");
            stranger.say("MAIL FROM:<taro@hospital.example>");
            var nobody = stranger.say("RCPT TO:<" + Mailboxes.address(PersonId.random(DIE), DOMAIN) + ">");
            var elsewhere = stranger.say("RCPT TO:<boss@hospital.example>");
            assertTrue(nobody.startsWith("550"), nobody);
            assertEquals(nobody, elsewhere);
            for (int i = 0; i < 3; i++) {
                assertTrue(stranger.say("RCPT TO:<" + address() + ">").startsWith("250"));
            }
            assertFalse(stranger.say("RCPT TO:<" + address() + ">").startsWith("250"), "recipients are bounded");
        }
    }

    /// SMTP smuggling: only CR LF . CR LF ends a mail, so no second one hides in the first.
    @Test
    void aBareLineBreakEndsNoMail() throws Exception {
        long before = newest();
        try (var stranger = new Stranger(believing, edge.port())) {
            stranger.say("EHLO x");
            stranger.say("MAIL FROM:<taro@hospital.example>");
            stranger.say("RCPT TO:<" + address() + ">");
            stranger.say("DATA");
            var said = stranger.say("Subject: one\r\n\r\nx\n.\nMAIL FROM:<boss@hospital.example>\nRCPT TO:<" + address()
                    + ">\nDATA\nSubject: two\n\ny\r\n.");
            assertTrue(said.startsWith("250"), said);
        }
        assertEquals(1, since(before).size());
    }

    @Test
    void whoIsSlowOrTooLongIsCutOff() throws Exception {
        try (var stranger = new Stranger(believing, edge.port())) {
            // a byte now and then keeps no place: the session ends as a whole
            stranger.say("EHLO x");
            assertEquals("gone", goneAfterWaiting(stranger));
        }
        try (var stranger = new Stranger(believing, edge.port())) {
            var said = stranger.say("EHLO " + "x".repeat(5000));
            assertTrue(said.startsWith("5") || said.equals("gone"), said);
        }
    }

    private static String goneAfterWaiting(Stranger stranger) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try {
                var said = stranger.say("NOOP");
                if (said.equals("gone")) {
                    return said;
                }
            } catch (IOException closed) {
                return "gone";
            }
            Thread.sleep(50);
        }
        return "still there";
    }

    @Test
    void beforeStartTlsNothingIsTaken() throws Exception {
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), edge.startTlsPort())) {
            var in = new BufferedReader(new InputStreamReader(plain.getInputStream(), StandardCharsets.US_ASCII));
            in.readLine();
            plain.getOutputStream().write("MAIL FROM:<taro@hospital.example>\r\n".getBytes(StandardCharsets.US_ASCII));
            assertTrue(in.readLine().startsWith("530"));
        }
    }

    private Bytes from(PersonId who) {
        return Bytes.utf8(
                encrypted("out", reader).asUtf8().replace("taro@hospital.example", Mailboxes.address(who, DOMAIN)));
    }

    @Test
    void whatGoesOutIsEncryptedOwnAndForPartnersOnly() {
        var id = NewMail.random(DIE);
        refused("mail-not-encrypted", id, "taro@" + PARTNER, Hospital.mail(address(), Hospital.text("x")));
        refused("mail-not-yours", id, "taro@" + PARTNER, from(other));
        // another program would find a second sender, or words before the envelope
        refused(
                "mail-malformed",
                id,
                "taro@" + PARTNER,
                Bytes.utf8("X: y\rFrom: boss@" + DOMAIN + "\r\n" + from(person).asUtf8()));
        refused(
                "mail-malformed",
                id,
                "taro@" + PARTNER,
                Bytes.utf8("X: y\r\rwords\r\n" + from(person).asUtf8()));
        refused("mail-partner-unknown", id, "taro@elsewhere.example", from(person));
        refused("mail-malformed", id, "taro@" + PARTNER + "\r\nRCPT TO:<x@y>", from(person));
    }

    private void refused(String code, String id, String to, Bytes content) {
        assertEquals(
                code,
                assertThrows(Refusal.class, () -> office.send(person, id, to, content))
                        .code());
    }

    @Test
    void aMailReachesItsPartnerOnceAndTheSameOrderIsTheSame() throws Exception {
        var id = NewMail.random(DIE);
        var content = from(person);
        office.send(person, id, "taro@" + PARTNER, content);
        office.send(person, id, "taro@" + PARTNER, content);
        refused("mail-order-differs", id, "jiro@" + PARTNER, content);
        try (var delivery = delivering(hospital.getPortAllocated(), hospitalOwn)) {
            delivery.wake();
            var came = arrived.poll(60, TimeUnit.SECONDS);
            assertTrue(came != null && Envelopes.isEnvelope(Part.read(came)));
            awaitState(id, "sent");
        }
        assertTrue(arrived.isEmpty());
    }

    private void awaitState(String id, String state) throws InterruptedException {
        var seen = new ArrayList<String>();
        for (int i = 0; i < 1200; i++) {
            var now = office.outgoing(person).stream()
                    .filter(o -> o.id().equals(id))
                    .map(Mailbox.Outgoing::state)
                    .toList();
            if (now.equals(List.of(state))) {
                return;
            }
            seen.addAll(now);
            Thread.sleep(50);
        }
        throw new AssertionError("never " + state + " but " + seen.getLast());
    }

    /// The certificate is for another name: nothing is said to that server, and the sender learns it in
    /// the end.
    @Test
    void aPartnerWhoseCertificateBearsAnotherNameGetsNothingAndTheMailComesBack() throws Exception {
        long before = newest();
        var pair = KeyFiles.newKeyPair(DIE);
        var wrong = LocalCertificate.make(pair, List.of("elsewhere.example"), CLOCK, DIE);
        var tls = EdgeTls.context(new Identity(pair.getPrivate(), List.of(wrong), List.of(wrong)), DIE);
        var id = NewMail.random(DIE);
        var impostor = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .serverSocketFactory(() -> EdgeTls.unbound(tls))
                .messageHandler((_, _, _, content) -> arrived.add(Bytes.of(content)))
                .build();
        impostor.start();
        office.send(person, id, "taro@" + PARTNER, from(person));
        try (var odd = delivering(impostor.getPortAllocated(), wrong)) {
            odd.wake();
            awaitState(id, "failed");
        } finally {
            impostor.stop();
        }
        assertTrue(arrived.isEmpty());
        var bounce = since(before).getLast();
        var text = new AtRest(new Seals(DIE)).open(office.fetch(person, bounce.number()), opener);
        assertTrue(PartView.of(Part.read(text)).text().contains(id), "the bounce names the order");
    }
}
