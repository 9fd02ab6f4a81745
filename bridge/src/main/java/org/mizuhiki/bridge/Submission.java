package org.mizuhiki.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.bridge.imap.Gate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.mail.EdgeTls;
import org.mizuhiki.mail.Mailbox;
import org.mizuhiki.mail.Part;
import org.mizuhiki.wire.Temporary;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/// Takes mail of the owner's mail program over TLS, against a token, and sends it signed and closed, to each
/// recipient an own envelope: nobody learns from one who else got it.
final class Submission implements AutoCloseable {
    private static final int MOST_RECIPIENTS = 30;
    private static final int MOST_KEPT = 500;
    private static final int ORDER_DIGITS = 32;
    private static final int LONGEST_ANSWER = 480; // RFC 5321, 4.5.3.1.5

    private final Outbox outbox;
    /// Makes orders' numbers that the mail server cannot test guessed texts with.
    private final byte[] unguessable = new byte[32];

    private final Map<Digest, Boolean> kept = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Boolean> eldest) {
            return size() > MOST_KEPT;
        }
    };
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SMTPServer server;

    Submission(InetAddress host, int port, SSLContext tls, Outbox outbox, Gate gate, SecureRandom die) {
        this.outbox = outbox;
        die.nextBytes(unguessable);
        this.server = new SMTPServer.Builder()
                .bindAddress(host)
                .port(port)
                .hostName("localhost")
                .softwareName("Mizuhiki")
                .insertReceivedHeaders(false)
                .maxConnections(16)
                .maxRecipients(MOST_RECIPIENTS)
                .maxMessageSize(Mailbox.MAX_MAIL)
                .connectionTimeoutMs(60_000)
                .executorService(threads)
                .requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((name, password, _) -> {
                    try (var token = Secret.taking(password.getBytes(StandardCharsets.UTF_8))) {
                        if (gate.enter(name, token).isEmpty()) {
                            throw new LoginFailedException();
                        }
                    }
                }))
                .serverSocketFactory(() -> EdgeTls.unbound(tls))
                .messageHandlerFactory(_ -> new Taking())
                .build();
        server.start();
    }

    int port() {
        return server.getPortAllocated();
    }

    @Override
    public void close() {
        server.stop();
        threads.close();
    }

    private String order(Digest mail, String recipient) {
        var to = recipient.toLowerCase(Locale.ROOT);
        var text = new String(unguessable, StandardCharsets.ISO_8859_1) + mail.hex() + to;
        return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex().substring(0, ORDER_DIGITS);
    }

    private synchronized boolean isNew(Digest mail) {
        return kept.put(mail, true) == null;
    }

    /// One mail of the owner's.
    private final class Taking implements MessageHandler {
        private final List<String> recipients = new ArrayList<>();

        @Override
        public void from(String address) throws RejectException {
            if (!address.equalsIgnoreCase(outbox.address())) {
                throw new RejectException(553, "5.7.1 Write as " + outbox.address());
            }
        }

        /// Who cannot be reached is refused here, one by one, before anything was sent: mail programs name
        /// them and keep the mail.
        @Override
        public void recipient(String address) throws RejectException {
            try {
                outbox.mustReach(address);
            } catch (Refusal refusal) {
                throw new RejectException(Temporary.is(refusal) ? 451 : 550, "5.7.0 " + said(refusal));
            }
            if (recipients.stream().noneMatch(address::equalsIgnoreCase)) {
                recipients.add(address);
            }
        }

        @Override
        public @Nullable String data(InputStream data) throws RejectException, IOException {
            var mail = read(data);
            var name = mail.sha256();
            var missed = new LinkedHashMap<String, Refusal>();
            try {
                var part = Part.read(mail);
                var subject = part.headers().shown("Subject");
                var entity = entity(part);
                for (var recipient : recipients) {
                    handOver(name, recipient, subject, entity).ifPresent(r -> missed.put(recipient, r));
                }
            } catch (Refusal refusal) {
                throw new RejectException(554, "5.7.0 " + said(refusal));
            }
            if (missed.size() < recipients.size() && isNew(name)) {
                outbox.keepSent(mail);
            }
            if (!missed.isEmpty()) {
                throw partly(missed);
            }
            return "2.0.0 Signed, closed, and on its way";
        }

        /// The order's number is this mail's for this recipient: sent again, as programs do after a refusal
        /// or a lost answer, it is refused as known, and that is success.
        private Optional<Refusal> handOver(Digest name, String recipient, String subject, Bytes entity) {
            try {
                outbox.send(order(name, recipient), recipient, subject, entity);
                return Optional.empty();
            } catch (Refusal refusal) {
                return refusal.code().equals("mail-order-differs") ? Optional.empty() : Optional.of(refusal);
            }
        }

        /// SMTP has one answer for all recipients: so it names who did not get it, and says that nobody else
        /// gets it twice.
        private RejectException partly(Map<String, Refusal> missed) {
            var reached =
                    recipients.stream().filter(r -> !missed.containsKey(r)).toList();
            boolean later = missed.values().stream().allMatch(Temporary::is);
            var first = missed.values().iterator().next();
            var text = "Not sent to " + String.join(", ", missed.keySet()) + ": " + said(first)
                    + (reached.isEmpty() ? "" : ". Sent to " + reached.size() + " others: do not write to them again");
            var line = text.replaceAll("[^ -~]", "?");
            return new RejectException(later ? 451 : 554, (later ? "4.3.0 " : "5.7.0 ") + cut(line));
        }

        private static String cut(String line) {
            return line.length() > LONGEST_ANSWER ? line.substring(0, LONGEST_ANSWER) + " ..." : line;
        }

        private static String said(Refusal refusal) {
            return refusal.english() + " (" + refusal.code() + ")";
        }

        private static Bytes read(InputStream data) throws IOException, DropConnectionException {
            var mail = new ByteArrayOutputStream();
            var buffer = new byte[32 << 10];
            for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
                if (mail.size() + n > Mailbox.MAX_MAIL) {
                    throw new DropConnectionException(552, "5.3.4 Too large");
                }
                mail.write(buffer, 0, n);
            }
            return Bytes.of(mail.toByteArray());
        }

        /// What the program wrote: the fields that describe content, and the body; what else it told of
        /// itself stays
        /// here.
        private static Bytes entity(Part part) {
            var out = new ByteArrayOutputStream();
            boolean keep = false;
            boolean typed = false;
            var header = new String(part.headerBlock().toArray(), StandardCharsets.ISO_8859_1);
            for (var line : header.split("\r?\n")) {
                if (line.isEmpty()) {
                    continue;
                }
                if (line.charAt(0) != ' ' && line.charAt(0) != '\t') {
                    keep = line.toLowerCase(Locale.ROOT).startsWith("content-");
                    typed |= line.toLowerCase(Locale.ROOT).startsWith("content-type:");
                }
                if (keep) {
                    out.writeBytes((line + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
                }
            }
            var type = typed ? "" : "Content-Type: text/plain; charset=utf-8\r\n";
            out.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(part.bodyBlock().toArray());
            var whole = new ByteArrayOutputStream();
            whole.writeBytes(type.getBytes(StandardCharsets.US_ASCII));
            whole.writeBytes(out.toByteArray());
            return Bytes.of(whole.toByteArray());
        }

        @Override
        public void done() {
            recipients.clear();
        }
    }
}
