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
import java.util.concurrent.TimeUnit;
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
    private static final int TURN_SECONDS = 30;

    private final PostOffice office;
    private final Visitors visitors;
    private final Semaphore atWork;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<SMTPServer> servers = new ArrayList<>();

    /// What strangers may ask of it. "One" is an IPv4 address, or an IPv6 network of 64 bits.
    ///
    /// @param sessionsOfOne at a time
    /// @param mailsOfOne in a minute
    /// @param dayOfOne bytes in a day that one may bring in all; `dayToOne`: to one mailbox
    /// @param atWork mails that are parsed and closed at the same time, after they are here whole
    /// @param memory bytes of all mails that are on their way in; one gets half of it
    /// @param slowest bytes in a second of a mail on its way in, on average after `grace`
    /// @param silence after which a connection ends
    /// @param longest time of a session in all
    public record Bounds(
            int sessions,
            int sessionsOfOne,
            int mailsOfOne,
            long dayOfOne,
            long dayToOne,
            int recipients,
            int atWork,
            long memory,
            int slowest,
            Duration grace,
            Duration silence,
            Duration longest) {
        public static Bounds usual() {
            return new Bounds(
                    100,
                    10,
                    60,
                    2L << 30,
                    256L << 20,
                    20,
                    2,
                    4L * Mailbox.MAX_MAIL,
                    32 << 10,
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(60),
                    Duration.ofMinutes(10));
        }
    }

    /// @param port for TLS from the first byte; `startTls` for STARTTLS; 0 takes a free one
    public record Listen(String name, InetAddress host, int port, int startTls) {}

    private Edge(PostOffice office, Bounds bounds, Clock clock) {
        this.office = office;
        this.visitors = new Visitors(bounds, clock);
        this.atWork = new Semaphore(bounds.atWork());
    }

    /// @param tls asked at every connection, so that a renewed certificate is shown from then on
    /// @throws Refusal `port-taken`
    public static Edge open(Listen listen, PostOffice office, Bounds bounds, Supplier<SSLContext> tls, Clock clock) {
        var edge = new Edge(office, bounds, clock);
        try {
            edge.start(edge.usual(listen, bounds)
                    .port(listen.port())
                    .serverSocketFactory(() -> edge.doorway(guest -> EdgeTls.begun(tls.get(), guest)))
                    .build());
            edge.start(edge.usual(listen, bounds)
                    .port(listen.startTls())
                    .serverSocketFactory(() -> edge.doorway(guest -> guest))
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
                .messageHandlerFactory(Taking::new);
    }

    private Doorway doorway(Doorway.Dress dress) throws IOException {
        return new Doorway(visitors, dress);
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
            if (!visitors.mayWrite(address())) {
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

        private InetSocketAddress address() {
            return (InetSocketAddress) from.getRemoteAddress();
        }

        /// The whole mail is here before it takes one of the few places for work, so that these are never
        /// held by a slow line.
        @Override
        public @Nullable String data(InputStream data) throws RejectException, IOException {
            var reading = visitors.reading(address())
                    .orElseThrow(() -> new DropConnectionException(421, "4.3.2 The connection is gone"));
            try {
                var mail = read(data, reading);
                visitors.intake().complete(reading);
                if (!visitors.mayFill(address(), recipients, mail.size())) {
                    throw new RejectException(
                            452, "4.7.1 Your address has brought its share of a day; try again tomorrow");
                }
                taken(mail);
                return "2.0.0 Kept, closed for its reader";
            } finally {
                visitors.intake().end(reading);
            }
        }

        private void taken(Bytes mail) throws RejectException, DropConnectionException {
            if (!hasTurn()) {
                throw new DropConnectionException(421, "4.3.2 Busy; try again in a minute");
            }
            try {
                office.deliver(recipients, mail);
            } catch (Refusal refusal) {
                throw rejected(refusal);
            } finally {
                atWork.release();
            }
        }

        private boolean hasTurn() {
            try {
                return atWork.tryAcquire(TURN_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        private Bytes read(InputStream data, Intake.Reading reading) throws IOException, DropConnectionException {
            var mail = new ByteArrayOutputStream();
            var buffer = new byte[8 << 10];
            for (int n = data.read(buffer); n >= 0; n = data.read(buffer)) {
                if (mail.size() + n > Mailbox.MAX_MAIL) {
                    // what follows would be read for nothing
                    throw new DropConnectionException(552, "5.3.4 Over " + Mailbox.MAX_MAIL + " bytes");
                }
                if (!visitors.intake().more(reading, n)) {
                    throw new DropConnectionException(421, "4.3.2 Too much on its way at once; try again in a minute");
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
        if (refusal.code().equals("mailbox-full")) {
            return new RejectException(452, "4.2.2 " + refusal.english() + " (mailbox-full)");
        }
        if (Temporary.is(refusal)) {
            LOG.warn("mail not taken for now: {}", refusal.code());
            return new RejectException(451, "4.3.0 " + refusal.english() + " (" + refusal.code() + ")");
        }
        return new RejectException(554, "5.6.0 " + refusal.english() + " (" + refusal.code() + ")");
    }
}
