package org.mizuhiki.trust.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mizuhiki.house.Bytes;

/// Hosts that the operator named may be taken over, and anybody on the way speaks for them: it is plain
/// HTTP.
class WebTest {
    private static final Bytes PAGE = Bytes.utf8("a list");

    private final CountDownLatch ended = new CountDownLatch(1);

    private HttpServer site() throws IOException {
        var site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        site.createContext("/whole", exchange -> {
            exchange.sendResponseHeaders(200, PAGE.size());
            try (var out = exchange.getResponseBody()) {
                out.write(PAGE.toArray());
            }
        });
        site.createContext("/stops", exchange -> {
            exchange.sendResponseHeaders(200, PAGE.size());
            exchange.getResponseBody().write(PAGE.toArray(), 0, 1);
            exchange.getResponseBody().flush();
            try {
                ended.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            exchange.close();
        });
        site.start();
        return site;
    }

    @Test
    @Timeout(120)
    void anAnswerThatNeverEndsIsNone() throws IOException {
        var site = site();
        try (var web = new Web(Duration.ofSeconds(1))) {
            assertEquals(Optional.empty(), web.get(at(site, "/stops"), 100));
        } finally {
            ended.countDown();
            site.stop(0);
        }
    }

    @Test
    void anAnswerCountsUpToItsLimit() throws IOException {
        var site = site();
        try (var web = new Web()) {
            assertEquals(Optional.of(PAGE), web.get(at(site, "/whole"), PAGE.size()));
            assertEquals(Optional.empty(), web.get(at(site, "/whole"), PAGE.size() - 1));
            assertEquals(Optional.empty(), web.get(at(site, "/absent"), 100));
        } finally {
            site.stop(0);
        }
    }

    @Test
    void aPortThatCannotBeIsNoAnswer() {
        try (var web = new Web()) {
            assertEquals(Optional.empty(), web.get(URI.create("http://127.0.0.1:99999/list"), 100));
        }
    }

    private static URI at(HttpServer site, String path) {
        return URI.create("http://127.0.0.1:" + site.getAddress().getPort() + path);
    }
}
