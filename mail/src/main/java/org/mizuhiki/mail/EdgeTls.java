package org.mizuhiki.mail;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Identity;

/// TLS towards strangers and mail programs: our certificate is shown, theirs is not asked for. TLS 1.2
/// too, as servers
/// elsewhere still speak it; nothing older.
public final class EdgeTls {
    private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

    private EdgeTls() {}

    /// @throws Refusal `identity-unfit`
    public static SSLContext context(Identity identity, SecureRandom die) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            var password = new char[0];
            store.setKeyEntry("own", identity.key(), password, identity.chain().toArray(Certificate[]::new));
            var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password);
            var context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, die);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw Refusal.of("identity-unfit", "サーバー証明書が使えません", "The server's certificate cannot be used", e);
        }
    }

    /// @param port 0 takes a free one
    /// @throws Refusal `port-taken`
    public static SSLServerSocket listen(SSLContext context, InetAddress host, int port, int backlog) {
        try {
            var socket = unbound(context);
            socket.bind(new InetSocketAddress(host, port), backlog);
            return socket;
        } catch (IOException e) {
            throw Refusal.of(
                    "port-taken",
                    "ポート " + port + " で待ち受けできません。別のプログラムが使っていないか確認してください",
                    "Cannot listen on port " + port + "; another program may use it",
                    e);
        }
    }

    /// For a server that binds by itself.
    public static SSLServerSocket unbound(SSLContext context) throws IOException {
        var socket = (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
        socket.setReuseAddress(true);
        socket.setEnabledProtocols(PROTOCOLS);
        return socket;
    }

    /// A connection that began in the clear goes on under TLS.
    static SSLSocket begun(SSLContext context, java.net.Socket plain) throws IOException {
        var from = (InetSocketAddress) plain.getRemoteSocketAddress();
        var socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, from.getHostString(), plain.getPort(), true);
        socket.setUseClientMode(false);
        socket.setEnabledProtocols(PROTOCOLS);
        return socket;
    }
}
