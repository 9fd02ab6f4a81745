package org.mizuhiki.wire;

import java.net.URI;
import java.util.List;
import java.util.OptionalInt;

/// A running server: mutual TLS 1.3, the routes given and nothing else, bounded, measured, logged without
/// personal
/// data.
@SuppressWarnings("DoNotCallSuggester")
public final class HttpServer implements AutoCloseable {
    private HttpServer() {}

    /// Starts and returns once the server listens.
    ///
    /// @throws org.mizuhiki.house.Refusal `port-taken`, `identity-unfit`
    public static HttpServer start(
            ServerConfig config, Identity identity, Standing standing, List<Route> routes, Surroundings surroundings) {
        throw new IllegalStateException("being built");
    }

    /// The TLS port in use.
    public int port() {
        throw new IllegalStateException("being built");
    }

    /// The port without TLS in use, if one was configured.
    public OptionalInt plainPort() {
        throw new IllegalStateException("being built");
    }

    /// `https://host:port` without a slash at the end.
    public URI uri() {
        throw new IllegalStateException("being built");
    }

    /// Shows a renewed certificate from the next handshake on, without a restart.
    public void renew(Identity identity) {
        throw new IllegalStateException("being built");
    }

    /// Refuses new requests, lets those under way end within the stop time-out, then closes.
    @Override
    public void close() {
        throw new IllegalStateException("being built");
    }
}
