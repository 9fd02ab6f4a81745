package org.mizuhiki.wire;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.mizuhiki.wire.json.StrictJson;
import org.mizuhiki.wire.listen.Bounds;
import org.mizuhiki.wire.listen.Listener;
import org.mizuhiki.wire.tls.TlsContexts;
import org.slf4j.LoggerFactory;

/// A running server: mutual TLS 1.3, the routes given and nothing else, bounded, measured, logged without
/// personal data. It also answers `/health`, `/ready`, `/metrics` and `/openapi.json`.
public final class HttpServer implements AutoCloseable {
    private final ServerConfig config;
    private final Dispatcher dispatcher;
    private final SignedCalls signedCalls;
    private final Listener listener;
    private final Listener.Sockets sockets;
    private final ExecutorService aside;

    private HttpServer(
            ServerConfig config,
            Dispatcher dispatcher,
            SignedCalls signedCalls,
            Listener listener,
            Listener.Sockets sockets,
            ExecutorService aside) {
        this.config = config;
        this.dispatcher = dispatcher;
        this.signedCalls = signedCalls;
        this.listener = listener;
        this.sockets = sockets;
        this.aside = aside;
    }

    /// What every server needs before it can listen, a tenth of its start: for who has a core to spare while
    /// something else is waited for.
    public static void prepare() {
        Listener.prepare();
    }

    /// Starts and returns once the server listens.
    ///
    /// @throws org.mizuhiki.house.Refusal `port-taken`, `listen-failed`, `identity-unfit`
    /// @throws IllegalArgumentException when two routes cannot be told apart or a path template is
    /// malformed
    public static HttpServer start(
            ServerConfig config, Identity identity, Standing standing, List<Route> routes, Surroundings surroundings) {
        LoggerFactory.getILoggerFactory(); // set up before there are threads that log
        var context = TlsContexts.of(identity.key(), identity.chain(), identity.roots());
        var aside = Executors.newVirtualThreadPerTaskExecutor();
        aside.execute(StrictJson::mapper); // the first request need not wait for it
        var measures = new Measures(config.name(), aside);
        var all = new OwnRoutes(config.name(), surroundings.checks(), measures, aside).with(routes);
        var signedCalls = new SignedCalls(config.name(), identity.roots(), surroundings.clock());
        var dispatcher = new Dispatcher(config, signedCalls, standing, all, surroundings, measures);
        var limits = config.limits();
        var listener = new Listener(
                config.name(), new Bounds(limits.connections(), limits.headerBytes(), limits.idle()), context);
        var plain =
                config.plainPort().isPresent() ? Optional.of(config.plainPort().getAsInt()) : Optional.<Integer>empty();
        var sockets = listener.open(config.host(), config.port(), plain, dispatcher, dispatcher::engineError);
        return new HttpServer(config, dispatcher, signedCalls, listener, sockets, aside);
    }

    /// The TLS port in use.
    public int port() {
        return sockets.port();
    }

    /// The port without TLS in use, if one was configured.
    public OptionalInt plainPort() {
        return sockets.plainPort().map(OptionalInt::of).orElseGet(OptionalInt::empty);
    }

    /// `https://host:port` without a slash at the end.
    public URI uri() {
        var host = config.host().contains(":") ? "[" + config.host() + "]" : config.host();
        return URI.create("https://" + host + ":" + port());
    }

    /// Shows a renewed certificate, and believes its roots, from the next handshake on; connections stay.
    ///
    /// @throws org.mizuhiki.house.Refusal `identity-unfit`; the old identity stays then
    public void renew(Identity identity) {
        listener.renew(TlsContexts.of(identity.key(), identity.chain(), identity.roots()));
        signedCalls.believe(identity.roots());
    }

    /// Refuses new requests, lets those under way end within the stop time-out, then closes.
    @Override
    public void close() {
        listener.stopAccepting();
        dispatcher.drain(config.stopTimeout());
        listener.close();
        aside.shutdownNow();
    }
}
