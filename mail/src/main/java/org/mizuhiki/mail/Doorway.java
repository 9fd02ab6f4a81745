package org.mizuhiki.mail;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where connections come in: counted before a byte of theirs is read or a thread is theirs, then handed
/// over, under TLS with the certificate of this very moment.
final class Doorway extends ServerSocket {
    private static final Logger LOG = LoggerFactory.getLogger(Doorway.class);

    private final Visitors visitors;
    private final Dress dress;

    /// What is laid over a connection.
    interface Dress {
        Socket over(Guest guest) throws IOException;
    }

    Doorway(Visitors visitors, Dress dress) throws IOException {
        this.visitors = visitors;
        this.dress = dress;
        setReuseAddress(true);
    }

    @Override
    public Socket accept() throws IOException {
        while (true) {
            var guest = new Guest(visitors);
            implAccept(guest);
            try {
                if (visitors.enter(guest)) {
                    return dress.over(guest);
                }
            } catch (IOException | RuntimeException e) {
                // one that failed at its beginning ends nobody else's
                LOG.warn("a connection could not be taken", e);
            }
            guest.close();
        }
    }

    /// The connection itself, under whatever TLS lies over it: closing it asks for no lock and waits for
    /// nobody, also while its session is stuck in a write that the other side never reads.
    static final class Guest extends Socket {
        private final Visitors visitors;

        private Guest(Visitors visitors) {
            this.visitors = visitors;
        }

        @Override
        public void close() throws IOException {
            try {
                super.close();
            } finally {
                visitors.leave(this);
            }
        }
    }
}
