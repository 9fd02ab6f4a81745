package org.mizuhiki.bridge.imap;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Clock;
import java.time.Duration;
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
    private static final Duration SILENCE = Duration.ofMinutes(30); // RFC 3501, 5.4

    private final ServerSocket listening;
    private final Shelves shelves;
    private final Gate gate;
    private final Clock clock;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

    private ImapServer(ServerSocket listening, Shelves shelves, Gate gate, Clock clock) {
        this.listening = listening;
        this.shelves = shelves;
        this.gate = gate;
        this.clock = clock;
    }

    /// @param listening with TLS; closed with this
    public static ImapServer start(ServerSocket listening, Shelves shelves, Gate gate, Clock clock) {
        var server = new ImapServer(listening, shelves, gate, clock);
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
                    socket.close();
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
        try (socket) {
            socket.setSoTimeout(Math.toIntExact(SILENCE.toMillis()));
            new ImapSession(socket, shelves, gate, clock).run();
        } catch (IOException gone) {
            LOG.debug("a mail program left", gone);
        } catch (RuntimeException e) {
            LOG.error("a mail program's session broke", e);
        } finally {
            open.remove(socket);
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
