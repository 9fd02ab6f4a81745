package org.mizuhiki.apps.role;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Fetches what is public and known by its digest, from whoever answers: a router that is about to learn its
/// region's roots can check no certificate yet. Nothing secret is sent, and nobody is believed.
final class FromAnyone {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(30);
    private static final int OK = 200;

    private FromAnyone() {}

    /// @param most bytes that are taken
    /// @throws Refusal `first-boot-unreachable`
    static Bytes fetch(URI address, int most, SecureRandom die) {
        try (var client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NEVER)
                .sslContext(unbelieving(die))
                .build()) {
            var request = HttpRequest.newBuilder(address).timeout(ANSWER).build();
            var answer = client.send(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), most));
            if (answer.statusCode() == OK) {
                return Bytes.of(answer.body());
            }
            throw unreachable(address, new IOException("status " + answer.statusCode()));
        } catch (IOException e) {
            throw unreachable(address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(address, e);
        }
    }

    private static Refusal unreachable(URI address, Exception cause) {
        return Refusal.of(
                "first-boot-unreachable",
                "設定を " + address + " から受け取れません。回線がつながっているか確かめてください。つながらない場合はUSBメモリを使えます",
                "The settings cannot be fetched from " + address + "; see whether the line is up, or use the stick",
                cause);
    }

    private static SSLContext unbelieving(SecureRandom die) {
        try {
            var context = SSLContext.getInstance("TLSv1.3");
            context.init(null, new TrustManager[] {new Anyone()}, die);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS 1.3", e);
        }
    }

    /// The digest decides, not who sent it.
    private static final class Anyone extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
