package org.mizuhiki.wire.listen;

import java.net.BindException;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpCompliance;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.tls.TlsContexts;

/// The sockets of one server: TLS 1.3 with HTTP/1.1 and HTTP/2 and, if asked for, one without TLS.
public final class Listener implements AutoCloseable {
    /// Threads that only select and accept; requests run on virtual threads.
    private static final int CARRIERS = 16;

    private static final int STREAMS = 128;

    /// At a close, for what was answered to leave; below [#CLOSE_MS], or idle connections alone would use
    /// that up.
    private static final long FLUSH_MS = 300;

    private static final long CLOSE_MS = 1500;
    private final Server server;
    private final Bounds bounds;
    private final OneContext tls;

    public Listener(String name, Bounds bounds, SSLContext context) {
        this.bounds = bounds;
        this.tls = new OneContext(context);
        var threads = new QueuedThreadPool(CARRIERS, 2);
        threads.setName(name);
        threads.setReservedThreads(0);
        threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
        server = new Server(threads);
        server.setStopTimeout(CLOSE_MS);
        server.addBean(new NetworkConnectionLimit(bounds.connections(), server));
    }

    /// Lets the HTTP engine's classes set themselves up.
    public static void prepare() {
        var engine = new Server(new QueuedThreadPool());
        engine.addConnector(new ServerConnector(
                engine,
                1,
                1,
                new ALPNServerConnectionFactory(),
                new HTTP2ServerConnectionFactory(new HttpConfiguration()),
                new HttpConnectionFactory()));
    }

    /// @return the port bound
    /// @throws Refusal `port-taken`
    public Sockets open(String host, int port, Optional<Integer> plainPort, Handler handler, Request.Handler errors) {
        var http = configuration();
        var encrypted = encrypted(http);
        place(encrypted, host, port);
        var plain = plainPort.map(number -> {
            var connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
            place(connector, host, number);
            return connector;
        });
        server.setErrorHandler(errors);
        server.setHandler(handler);
        try {
            server.start();
        } catch (Exception e) { // Jetty declares no less
            close();
            throw cannotListen(host, port, e);
        }
        return new Sockets(encrypted.getLocalPort(), plain.map(ServerConnector::getLocalPort));
    }

    /// The ports in use.
    public record Sockets(int port, Optional<Integer> plainPort) {}

    private HttpConfiguration configuration() {
        var http = new HttpConfiguration();
        http.setSendServerVersion(false); // says nothing an attacker could look up
        http.setRequestHeaderSize(bounds.headerBytes());
        http.setHttpCompliance(HttpCompliance.STRICT);
        // an encoded slash is a caller's text behind one kind of template, and unknown anywhere else
        http.setUriCompliance(UriCompliance.RFC3986.with("strict", UriCompliance.Violation.AMBIGUOUS_PATH_SEPARATOR));
        http.setIdleTimeout(bounds.idle().toMillis());
        http.addCustomizer(new SecureRequestCustomizer(false));
        http.setOutputBufferSize(64 << 10);
        return http;
    }

    private ServerConnector encrypted(HttpConfiguration http) {
        var h1 = new HttpConnectionFactory(http);
        var h2 = new HTTP2ServerConnectionFactory(http);
        h2.setMaxConcurrentStreams(STREAMS);
        h2.setStreamIdleTimeout(bounds.idle().toMillis());
        h2.setInitialStreamRecvWindow(1 << 20);
        h2.setInitialSessionRecvWindow(4 << 20);
        var alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(h1.getProtocol());
        return new ServerConnector(server, 1, 1, new SslConnectionFactory(tls, alpn.getProtocol()), alpn, h2, h1);
    }

    private void place(ServerConnector connector, String host, int port) {
        connector.setHost(host);
        connector.setPort(port);
        connector.setIdleTimeout(bounds.idle().toMillis());
        connector.setShutdownIdleTimeout(FLUSH_MS);
        connector.addBean(new SlowConnections(connector, bounds.idle()));
        server.addConnector(connector);
    }

    /// New handshakes use this context; sessions of the old one are not resumed.
    public void renew(SSLContext context) {
        tls.replace(context);
    }

    /// New connections are refused from now on; those that stand go on.
    public void stopAccepting() {
        for (var connector : server.getConnectors()) {
            if (connector instanceof ServerConnector socket) {
                socket.close();
            }
        }
    }

    /// Closes all connections at once: requests under way have been waited for before.
    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) { // requests that did not end in time were cut; there is nothing left to do about them
            org.slf4j.LoggerFactory.getLogger(Listener.class).warn("stopped with requests cut off");
        }
    }

    private static Refusal cannotListen(String host, int port, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return Refusal.of(
                        "port-taken",
                        "ポート " + host + ":" + port + " は使用中か、開けません。設定を変えるか、使用中のプログラムを止めてください",
                        "Port " + host + ":" + port
                                + " is in use or may not be opened; choose another or stop what uses it",
                        e);
            }
        }
        return Refusal.of("listen-failed", "サーバーの待ち受けを開始できません（" + host + "）", "The server cannot listen on " + host, e);
    }

    /// Hands a context of ours to Jetty; each handshake takes the one that is current.
    private static final class OneContext extends SslContextFactory.Server {
        private volatile SSLContext context;

        OneContext(SSLContext context) {
            this.context = context;
            setSslContext(context);
        }

        void replace(SSLContext other) {
            context = other;
        }

        @Override
        public SSLEngine newSSLEngine() {
            return prepared(context.createSSLEngine());
        }

        @Override
        public SSLEngine newSSLEngine(String host, int port) {
            return prepared(context.createSSLEngine(host, port));
        }

        @Override
        public SSLEngine newSSLEngine(java.net.InetSocketAddress address) {
            return newSSLEngine(); // no reverse look-ups
        }

        private SSLEngine prepared(SSLEngine engine) {
            var parameters = TlsContexts.parameters(context);
            parameters.setWantClientAuth(true); // routes decide who needs one
            engine.setSSLParameters(parameters);
            return engine;
        }
    }
}
