package org.mizuhiki.mail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Temporary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.DropConnectionException;
import org.subethamail.smtp.MessageContext;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/// Where mail of strangers arrives: SMTP with TLS from the first byte, and for servers that know no
/// better with STARTTLS,
/// before which nothing is taken. Relays for nobody. What it says 250 to is on disk, closed.
public final class Edge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Edge.class);

    private final PostOffice office;
    private final Visitors visitors;
    private final Semaphore inMemory;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<SMTPServer> servers = new ArrayList<>();

    /// What strangers may ask of it.
    ///
    /// @param sessionsOfOne of one address at a time
    /// @param mailsOfOne of one address in a minute
    /// @param inMemory mails that are read at the same time, [Mailbox#MAX_MAIL] bytes each
    /// @param silence after which a connection ends
    /// @param longest time of a session in all
    public record Bounds(
            int sessions,
            int sessionsOfOne,
            int mailsOfOne,
            int recipients,
            int inMemory,
            Duration silence,
            Duration longest) {
        public static Bounds usual() {
            return new Bounds(100, 10, 60, 20, 2, Duration.ofSeconds(60), Duration.ofMinutes(10));
        }
    }

    /// @param port for TLS from the first byte; `startTls` for STARTTLS; 0 takes a free one
    public record Listen(String name, InetAddress host, int port, int startTls) {}

    private Edge(PostOffice office, Bounds bounds, Clock clock) {
        this.office = office;
        this.visitors = new Visitors(bounds.sessionsOfOne(), bounds.mailsOfOne(), bounds.longest(), clock);
        this.inMemory = new Semaphore(bounds.inMemory());
    }

    /// @param tls asked at every connection, so that a renewed certificate is shown from then on
    /// @throws Refusal `port-taken`
    public static Edge open(Listen listen, PostOffice office, Bounds bounds, Supplier<SSLContext> tls, Clock clock) {
        var edge = new Edge(office, bounds, clock);
        try {
            edge.start(edge.usual(listen, bounds)
                    .port(listen.port())
                    .serverSocketFactory(() -> EdgeTls.unbound(tls.get()))
                    .build());
            edge.start(edge.usual(listen, bounds)
                    .port(listen.startTls())
                    .enableTLS()
                    .requireTLS()
                    .startTlsSocketFactory(socket -> EdgeTls.begun(tls.get(), socket))
                    .build());
            return edge;
        } catch (RuntimeException e) {
            edge.close();
            throw e;
        }
    }

    private SMTPServer.Builder usual(Listen listen, Bounds bounds) {
        return new SMTPServer.Builder()
                .bindAddress(listen.host())
                .hostName(listen.name())
                .softwareName("Mizuhiki")
                .insertReceivedHeaders(false)
                .maxConnections(bounds.sessions())
                .maxRecipients(bounds.recipients())
                .maxMessageSize(Mailbox.MAX_MAIL)
                .connectionTimeoutMs(Math.toIntExact(bounds.silence().toMillis()))
                .executorService(threads)
                .sessionHandler(visitors)
                .messageHandlerFactory(Taking::new);
    }

    private void start(SMTPServer server) {
        server.start();
        servers.add(server);
    }

    /// Where it listens with TLS from the first byte.
    public int port() {
        return servers.getFirst().getPortAllocated();
    }

    /// Where it listens for STARTTLS.
    public int startTlsPort() {
        return servers.getLast().getPortAllocated();
    }

    @Override
    public void close() {
        servers.forEach(SMTPServer::stop);
        threads.close();
        visitors.close();
    }

    /// One mail on its way in.
    private final class Taking implements MessageHandler {
        private final MessageContext from;
        private final List<String> recipients = new ArrayList<>();

        Taking(MessageContext from) {
            this.from = from;
        }

        @Override
        public void from(String address) throws RejectException {
            if (!visitors.mayWrite(((InetSocketAddress) from.getRemoteAddress()).getAddress())) {
                throw new RejectException(450, "4.7.1 Too many mails from your address in a minute; try again later");
            }
            if (!address.isEmpty() && !Headers.isPlain(address)) {
                throw new RejectException(553, "5.1.7 The sender's address is malformed");
            }
        }

        @Override
        public void recipient(String address) throws RejectException {
            try {
                if (Headers.isPlain(address) && office.takes(address)) {
                    recipients.add(address);
                    return;
                }
            } catch (Refusal refusal) {
                throw rejected(refusal);
            }
            throw new RejectException(550, "5.1.1 No mailbox of this address here");
        }

        @Override
        public @Nullable String data(InputStream data) throws RejectException, IOException {
            if (!inMemory.tryAcquire()) {
                throw new DropConnectionException(421, "4.3.2 Busy; try again in a minute");
            }
            try {
                office.deliver(recipients, read(data));
                return "2.0.0 Kept, closed for its reader";
            } catch (Refusal refusal) {
                throw rejected(refusal);
            } finally {
                inMemory.release();
            }
        }

        private Bytes read(InputStream data) throws IOException, DropConnectionException {
            var mail = new ByteArrayOutputStream();
            var buffer = new byte[32 << 10];
            for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
                if (mail.size() + n > Mailbox.MAX_MAIL) {
                    // what follows would be read for nothing
                    throw new DropConnectionException(552, "5.3.4 Over " + Mailbox.MAX_MAIL + " bytes");
                }
                mail.write(buffer, 0, n);
            }
            return Bytes.of(mail.toByteArray());
        }

        @Override
        public void done() {
            recipients.clear();
        }
    }

    /// The sender's server says it to its people; the code is for programs.
    private static RejectException rejected(Refusal refusal) {
        if (Temporary.is(refusal) || refusal.code().equals("mailbox-full")) {
            LOG.warn("mail not taken for now: {}", refusal.code());
            return new RejectException(
                    refusal.code().equals("mailbox-full") ? 452 : 451,
                    "4.3.0 " + refusal.english() + " (" + refusal.code() + ")");
        }
        return new RejectException(554, "5.6.0 " + refusal.english() + " (" + refusal.code() + ")");
    }
}
