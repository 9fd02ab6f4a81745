package org.mizuhiki.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import org.mizuhiki.wire.tls.TlsContexts;

/// Speaks HTTP/1.1 byte by byte, as no decent client would.
final class RawClient implements AutoCloseable {
    private final SSLSocket socket;

    RawClient(HttpServer server, Identity identity) throws IOException {
        var context = TlsContexts.of(identity.key(), identity.chain(), identity.roots());
        socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", server.port());
        socket.setSoTimeout(20_000);
        socket.startHandshake();
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
        return this;
    }

    InputStream in() throws IOException {
        return socket.getInputStream();
    }

    /// Everything until the server closes.
    String rest() throws IOException {
        var all = new StringBuilder();
        try {
            for (int b = in().read(); b >= 0; b = in().read()) {
                all.append((char) b);
            }
        } catch (javax.net.ssl.SSLException | java.net.SocketException e) {
            all.append("<cut>");
        }
        return new String(all.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    /// One request whose answer ends the connection.
    static String ask(HttpServer server, Identity identity, String request) throws IOException {
        try (var client = new RawClient(server, identity)) {
            return client.send(request).rest();
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
