package org.mizuhiki.bridge;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.mail.EdgeTls;
import org.mizuhiki.mail.Mailbox;
import org.mizuhiki.mail.Part;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

/// Takes mail of the owner's mail program over TLS, against a token, and sends it signed and closed, to
/// each recipient an
/// own envelope: nobody learns from one who else got it.
final class Submission implements AutoCloseable {
    private static final int MOST_RECIPIENTS = 30;

    private final Correspondence correspondence;
    private final PocketShelves shelves;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final SMTPServer server;

    Submission(
            InetAddress host,
            int port,
            SSLContext tls,
            Correspondence correspondence,
            PocketShelves shelves,
            Tokens tokens) {
        this.correspondence = correspondence;
        this.shelves = shelves;
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
                        if (tokens.enter(name, token).isEmpty()) {
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

    /// One mail of the owner's.
    private final class Taking implements MessageHandler {
        private final List<String> recipients = new ArrayList<>();

        @Override
        public void from(String address) throws RejectException {
            if (!address.equalsIgnoreCase(correspondence.address())) {
                throw new RejectException(553, "5.7.1 Write as " + correspondence.address());
            }
        }

        @Override
        public void recipient(String address) {
            recipients.add(address);
        }

        @Override
        public @Nullable String data(InputStream data) throws RejectException, IOException {
            var mail = read(data);
            try {
                var part = Part.read(mail);
                var subject = part.headers().shown("Subject");
                var entity = entity(part);
                for (var recipient : recipients) {
                    correspondence.send(correspondence.newId(), recipient, subject, entity);
                }
                shelves.keepSent(mail);
                return "2.0.0 Signed, closed, and on its way";
            } catch (Refusal refusal) {
                throw new RejectException(554, "5.7.0 " + refusal.english() + " (" + refusal.code() + ")");
            }
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
