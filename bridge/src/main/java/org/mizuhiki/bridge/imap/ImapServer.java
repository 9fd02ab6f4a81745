package org.mizuhiki.bridge.imap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Accepts mail programs, each on a virtual thread of its own.
public final class ImapServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ImapServer.class);
    private static final int MOST = 64;
    /// Of them, such as have shown no token yet; when another comes, the first of them goes. So whoever only
    /// holds connections keeps nobody out who logs in at once, as programs do.
    private static final int MOST_STRANGERS = 16;

    private static final int MOST_STRANGERS_OF_ONE = 8;
    private static final Duration TO_LOG_IN = Duration.ofSeconds(60);
    private static final Duration SILENCE = Duration.ofMinutes(30); // RFC 3501, 5.4

    private final ServerSocket listening;
    private final Shelves shelves;
    private final Gate gate;
    private final Clock clock;
    private final Duration toLogIn;
    private final Set<Stranger> strangers = new LinkedHashSet<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    /// One who has not logged in. Interrupting its virtual thread closes its connection, wherever it waits.
    private record Stranger(InetAddress from, Thread thread) {}

    private ImapServer(ServerSocket listening, Shelves shelves, Gate gate, Clock clock, Duration toLogIn) {
        this.listening = listening;
        this.shelves = shelves;
        this.gate = gate;
        this.clock = clock;
        this.toLogIn = toLogIn;
    }

    /// @param listening with TLS; closed with this
    public static ImapServer start(ServerSocket listening, Shelves shelves, Gate gate, Clock clock) {
        return start(listening, shelves, gate, clock, TO_LOG_IN);
    }

    /// @param toLogIn how long a connection may take for that
    static ImapServer start(ServerSocket listening, Shelves shelves, Gate gate, Clock clock, Duration toLogIn) {
        var server = new ImapServer(listening, shelves, gate, clock, toLogIn);
        server.threads.execute(server::accept);
        return server;
    }

    public int port() {
        return listening.getLocalPort();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                var socket = listening.accept();
                if (open.size() >= MOST) {
                    // the end of TLS is written: to one who does not read, and the door does not wait for that
                    threads.execute(() -> shut(socket));
                    continue;
                }
                open.add(socket);
                threads.execute(() -> serve(socket));
            } catch (IOException e) {
                if (!listening.isClosed()) {
                    LOG.warn("a connection failed at its beginning", e);
                }
            }
        }
    }

    private void serve(Socket socket) {
        var stranger = new Stranger(socket.getInetAddress(), Thread.currentThread());
        admit(stranger);
        var limit = Thread.startVirtualThread(() -> sendAwayLater(stranger));
        try (socket) {
            socket.setSoTimeout(Math.toIntExact(SILENCE.toMillis()));
            new ImapSession(socket, shelves, gate, clock, () -> entered(stranger, limit)).run();
        } catch (IOException gone) {
            LOG.debug("a mail program left", gone);
        } catch (RuntimeException e) {
            LOG.error("a mail program's session broke", e);
        } finally {
            entered(stranger, limit);
            open.remove(socket);
        }
    }

    private synchronized void admit(Stranger one) {
        var same = strangers.stream().filter(s -> s.from().equals(one.from())).toList();
        if (same.size() >= MOST_STRANGERS_OF_ONE) {
            sendAway(same.getFirst());
        } else if (strangers.size() >= MOST_STRANGERS) {
            sendAway(strangers.iterator().next());
        }
        strangers.add(one);
    }

    private synchronized void sendAway(Stranger one) {
        if (strangers.remove(one)) {
            one.thread().interrupt();
        }
    }

    private void sendAwayLater(Stranger one) {
        try {
            Thread.sleep(toLogIn);
            sendAway(one);
        } catch (InterruptedException e) {
            LOG.trace("logged in, or gone");
        }
    }

    private synchronized void entered(Stranger one, Thread limit) {
        strangers.remove(one);
        limit.interrupt();
    }

    private static void shut(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing", e);
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            LOG.debug("closing", e);
        }
        threads.close();
    }
}
