package org.mizuhiki.bench;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.mizuhiki.wire.Identity;

/// Clients of an HTTP/1.1 server, each with one connection that stays, one request after the other: as lean
/// as a client can be, since it runs on the machine that is measured.
final class Crowd {
    private final int size;
    private final Connecting connecting;

    private interface Connecting {
        Socket connect() throws IOException;
    }

    private Crowd(int size, Connecting connecting) {
        this.size = size;
        this.connecting = connecting;
    }

    static Crowd plain(int size, int port) {
        return new Crowd(size, () -> new Socket(InetAddress.getLoopbackAddress(), port));
    }

    static Crowd overTls(int size, int port, X509Certificate root) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("root", root);
        return overTls(size, port, store, new KeyManager[0]);
    }

    private static Crowd overTls(int size, int port, KeyStore store, KeyManager... keys) throws Exception {
        var trust = TrustManagerFactory.getInstance("PKIX");
        trust.init(store);
        var context = SSLContext.getInstance("TLSv1.3");
        context.init(keys, trust.getTrustManagers(), null);
        return new Crowd(size, () -> {
            var socket = (SSLSocket) context.getSocketFactory().createSocket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.startHandshake();
            return socket;
        });
    }

    /// Clients who show a certificate.
    static Crowd as(Identity identity, int size, int port) throws Exception {
        var store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("root", identity.roots().getFirst());
        var none = new char[0];
        store.setKeyEntry("own", identity.key(), none, identity.chain().toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance("PKIX");
        keys.init(store, none);
        return overTls(size, port, store, keys.getKeyManagers());
    }

    /// Makes the bytes of request number `number`.
    @FunctionalInterface
    interface Asking {
        byte[] request(long number) throws Exception;
    }

    /// The bytes of a POST.
    static byte[] post(String path, String headers, byte... body) {
        var head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "Content-Length: " + body.length
                + "\r\n\r\n";
        var start = head.getBytes(StandardCharsets.US_ASCII);
        var all = new byte[start.length + body.length];
        System.arraycopy(start, 0, all, 0, start.length);
        System.arraycopy(body, 0, all, start.length, body.length);
        return all;
    }

    /// Everybody asks until the time is over.
    ///
    /// @param next number of the next request; counts on
    /// @return answers a second, all of which were 200
    double rate(long nanos, AtomicLong next, Asking asking) throws Exception {
        var done = new AtomicLong();
        var running = new ArrayList<Future<?>>();
        long begun;
        try (var threads = Executors.newFixedThreadPool(size)) {
            var sockets = new ArrayList<Socket>();
            for (int i = 0; i < size; i++) {
                sockets.add(connecting.connect());
            }
            begun = System.nanoTime();
            for (var socket : sockets) {
                running.add(threads.submit(() -> {
                    try (socket) {
                        var in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
                        while (System.nanoTime() - begun < nanos) {
                            socket.getOutputStream().write(asking.request(next.getAndIncrement()));
                            mustBeAnswered(in);
                            done.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        }
        return done.get() * 1e9 / (System.nanoTime() - begun);
    }

    /// One after the other on one connection; milliseconds each, sorted.
    List<Double> times(int count, AtomicLong next, Asking asking) throws Exception {
        var times = new ArrayList<Double>();
        try (var socket = connecting.connect()) {
            var in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
            for (int i = 0; i < count; i++) {
                var request = asking.request(next.getAndIncrement());
                long begun = System.nanoTime();
                socket.getOutputStream().write(request);
                mustBeAnswered(in);
                times.add((System.nanoTime() - begun) / 1e6);
            }
        }
        return times.stream().sorted().toList();
    }

    /// A connection of one client, the caller's to close.
    Socket connected() throws IOException {
        return connecting.connect();
    }

    /// @return the body of an answer that is 200, or the nothing of one that is 204
    static byte[] mustBeAnswered(InputStream in) throws IOException {
        var status = line(in);
        int length = 0;
        for (var header = line(in); !header.isEmpty(); header = line(in)) {
            if (header.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(header.substring(15).strip());
            }
        }
        var body = in.readNBytes(length);
        if (!status.startsWith("HTTP/1.1 20")) {
            throw new IOException(status + " " + new String(body, StandardCharsets.UTF_8));
        }
        return body;
    }

    private static String line(InputStream in) throws IOException {
        var line = new StringBuilder(80);
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new IOException("the server closed the connection");
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        return line.toString();
    }
}
