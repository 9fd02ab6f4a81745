package org.mizuhiki.bridge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mizuhiki.bridge.imap.Gate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.mail.EdgeTls;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.LocalCertificate;
import org.mizuhiki.wire.Identity;

/// A mail program sends, over TLS; what cannot be sent is told, and nothing goes twice.
@Tag("V5")
@Timeout(120)
class SubmissionTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final String MINE = "p-1@mail.demo";
    private static final String MAIL = "From: me\r\nTo: all\r\nDate: Mon, 1 Jan 2026 00:00:00 +0000\r\n"
            + "X-Mailer: Thing 1.0\r\nSubject: hello\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nwords\r\n.";

    private final Sent sent = new Sent();
    private Submission submission;
    private SSLContext believing;

    /// Remembers orders as the mail server does: the same number with other content is refused.
    private static final class Sent implements Outbox {
        final Map<String, String> orders = new HashMap<>();
        final List<String> reached = new ArrayList<>();
        final List<Bytes> entities = new ArrayList<>();
        final List<Bytes> kept = new ArrayList<>();
        final Set<String> down = new HashSet<>();

        @Override
        public String address() {
            return MINE;
        }

        @Override
        public void mustReach(String recipient) {
            if (recipient.startsWith("unknown@")) {
                throw Refusal.of("partner-unknown", "知りません", "This partner's certificate is not known");
            }
        }

        @Override
        public void send(String id, String recipient, String subject, Bytes entity) {
            if (down.contains(recipient)) {
                throw Refusal.of("mail-too-many", "多すぎます", "Too many mails wait");
            }
            if (orders.putIfAbsent(id, recipient) != null) {
                throw Refusal.of("mail-order-differs", "別のメール", "Another mail was sent under this number");
            }
            reached.add(recipient);
            entities.add(entity);
        }

        @Override
        public void keepSent(Bytes mail) {
            kept.add(mail);
        }
    }

    private record OneToken() implements Gate {
        @Override
        public Optional<String> enter(String name, Secret token) {
            return token.lend(t -> new String(t, StandardCharsets.UTF_8)).equals("good")
                    ? Optional.of("laptop")
                    : Optional.empty();
        }

        @Override
        public boolean stands(String pass) {
            return true;
        }
    }

    @BeforeEach
    void open() throws Exception {
        var pair = KeyFiles.newKeyPair(DIE);
        var own = LocalCertificate.make(pair, List.of("localhost"), Clock.systemUTC(), DIE);
        var tls = EdgeTls.context(new Identity(pair.getPrivate(), List.of(own), List.of(own)), DIE);
        submission = new Submission(InetAddress.getLoopbackAddress(), 0, tls, sent, new OneToken(), DIE);
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("own", own);
        var factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        believing = SSLContext.getInstance("TLS");
        believing.init(null, factory.getTrustManagers(), DIE);
    }

    @AfterEach
    void close() {
        submission.close();
    }

    private final class Program implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Program(String token) throws IOException {
            socket = believing.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), submission.port());
            socket.setSoTimeout(60_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            answer();
            say("EHLO x");
            var plain = Base64.getEncoder().encodeToString(("\0me\0" + token).getBytes(StandardCharsets.UTF_8));
            say("AUTH PLAIN " + plain);
        }

        String say(String text) throws IOException {
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
            return answer();
        }

        private String answer() throws IOException {
            var line = in.readLine();
            while (line != null && line.length() > 3 && line.charAt(3) == '-') {
                line = in.readLine();
            }
            return line == null ? "gone" : line;
        }

        String send(String mail, String... to) throws IOException {
            say("RSET");
            say("MAIL FROM:<" + MINE + ">");
            for (var one : to) {
                assertEquals("250", say("RCPT TO:<" + one + ">").substring(0, 3));
            }
            say("DATA");
            return say(mail);
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void withoutATokenNothingIsTakenNorInSomebodyElsesName() throws Exception {
        try (var program = new Program("guessed")) {
            assertEquals("530", program.say("MAIL FROM:<" + MINE + ">").substring(0, 3));
        }
        try (var program = new Program("good")) {
            assertEquals("553", program.say("MAIL FROM:<p-2@mail.demo>").substring(0, 3));
        }
    }

    @Test
    void eachRecipientGetsItsOwnOnceAndNothingTheProgramToldOfItself() throws Exception {
        try (var program = new Program("good")) {
            var said = program.send(MAIL, "a@h.example", "b@h.example", "A@h.example");
            assertTrue(said.startsWith("250"), said);
        }
        assertEquals(List.of("a@h.example", "b@h.example"), sent.reached);
        assertEquals(2, sent.orders.size(), "a number for each");
        assertEquals(1, sent.kept.size());
        var entity = sent.entities.getFirst().asUtf8();
        assertTrue(entity.contains("words") && entity.startsWith("Content-Type: text/plain"), entity);
        assertFalse(entity.contains("X-Mailer"), entity);
    }

    @Test
    void whoCannotBeReachedIsNamedBeforeAnythingIsSent() throws Exception {
        try (var program = new Program("good")) {
            program.say("MAIL FROM:<" + MINE + ">");
            assertTrue(program.say("RCPT TO:<a@h.example>").startsWith("250"));
            var said = program.say("RCPT TO:<unknown@h.example>");
            assertTrue(said.startsWith("550") && said.contains("partner-unknown"), said);
        }
        assertEquals(List.of(), sent.reached);
    }

    @Test
    void whatReachedOnlySomeIsToldAsThatAndSentAgainReachesOnlyTheOthers() throws Exception {
        try (var program = new Program("good")) {
            sent.down.add("b@h.example");
            var to = new String[] {"a@h.example", "b@h.example", "c@h.example"};
            var said = program.send(MAIL, to);
            assertFalse(said.startsWith("250"), said);
            assertTrue(said.contains("b@h.example") && said.contains("mail-too-many"), said);
            assertTrue(said.contains("2 others"), said);
            assertEquals(List.of("a@h.example", "c@h.example"), sent.reached);
            sent.down.clear();
            assertTrue(program.send(MAIL, to).startsWith("250"));
            assertEquals(List.of("a@h.example", "c@h.example", "b@h.example"), sent.reached);
            assertEquals(1, sent.kept.size(), "one copy in Sent");
            assertTrue(program.send(MAIL.replace("words", "other words"), to).startsWith("250"));
            assertEquals(6, sent.reached.size(), "another mail is another");
        }
    }
}
