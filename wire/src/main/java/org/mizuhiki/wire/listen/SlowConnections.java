package org.mizuhiki.wire.listen;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NegotiatingServerConnection;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/// Closes connections that drip: the idle time-out alone is satisfied by one byte of a header, or of a
/// handshake, now and then (slow-loris).
final class SlowConnections extends AbstractLifeCycle implements Connection.Listener {
    private record Seen(long requests, long bytes) {}

    private final Map<Connection, Seen> open = new ConcurrentHashMap<>();
    private final Connector connector;
    private final Duration patience;

    SlowConnections(Connector connector, Duration patience) {
        this.connector = connector;
        this.patience = patience;
    }

    @Override
    protected void doStart() {
        next();
    }

    @Override
    public void onOpened(Connection connection) {
        if (connection instanceof HttpConnection || connection instanceof NegotiatingServerConnection) {
            open.put(connection, new Seen(connection.getMessagesIn(), connection.getBytesIn()));
        }
    }

    @Override
    public void onClosed(Connection connection) {
        open.remove(connection);
    }

    private void next() {
        Scheduler scheduler = connector.getScheduler();
        if (isRunning() || isStarting()) {
            scheduler.schedule(this::sweep, patience.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        open.replaceAll((connection, before) -> {
            var now = new Seen(connection.getMessagesIn(), connection.getBytesIn());
            boolean unfinished = connection.getMessagesIn() == connection.getMessagesOut();
            if (unfinished && now.requests() == before.requests() && now.bytes() > before.bytes()) {
                connection.getEndPoint().close(new java.io.IOException("headers came too slowly"));
            }
            return now;
        });
        next();
    }
}
