package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// What one caller can take away from the others.
class SharesOfPlacesTest {
    private static final String UNFINISHED =
            "POST /taken HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 10\r\n\r\nx";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private TestRegion region;

    @BeforeEach
    void found() {
        region = new TestRegion(folder);
    }

    private HttpServer start(Limits limits, CountDownLatch entered) {
        var taking = Route.post("/taken", "takes", Access.ANYONE, byte[].class, byte[].class, call -> {
            entered.countDown();
            return new Reply.Raw("text/plain", call.bytes());
        });
        var config = ServerConfig.of("keys", "127.0.0.1", 0).withLimits(limits).withStopTimeout(Duration.ofMillis(500));
        return region.start(config, List.of(taking));
    }

    /// Bodies that come just fast enough would otherwise keep everybody out for as long as one address
    /// likes.
    @Test
    void unfinishedBodiesOfOneAddressLeavePlacesForOthers() throws Exception {
        var entered = new CountDownLatch(2);
        var unfinished = new ArrayList<RawClient>();
        try (var server = start(Limits.usual().withRequestsAtOnce(8), entered)) {
            for (int i = 0; i < 2; i++) {
                unfinished.add(new RawClient(server, region.nobody()).send(UNFINISHED));
            }
            entered.await();
            assertTrue(refused(server, region.nobody()).contains("server-busy"));
            for (var other : List.of(region.patient(), region.server())) {
                assertTrue(region.peer(server, other).getBytes("/health").size() > 0);
            }
            for (var client : unfinished) {
                assertTrue(client.send("yyyyyyyyy").rest().endsWith("xyyyyyyyyy"));
            }
            assertTrue(region.peer(server, region.nobody()).getBytes("/health").size() > 0);
        }
    }

    @Test
    void unfinishedBodiesOfOnePersonLeavePlacesForOthers() throws Exception {
        var entered = new CountDownLatch(2);
        var patient = region.patient();
        try (var server = start(Limits.usual().withRequestsAtOnce(8), entered)) {
            for (int i = 0; i < 2; i++) {
                new RawClient(server, patient).send(UNFINISHED);
            }
            entered.await();
            assertTrue(refused(server, patient).contains("server-busy"));
            assertEquals(
                    Bytes.utf8("mine"),
                    region.peer(server, region.doctor())
                            .postBytes("/taken", "application/octet-stream", Bytes.utf8("mine")));
        }
    }

    private static String refused(HttpServer server, Identity caller) throws IOException {
        return RawClient.ask(server, caller, "GET /health HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    }

    /// A thief of an old device must not be able to keep its owner out with it.
    @Test
    void aRevokedCertificateUsesUpNothingOfItsOwnersNewOne() {
        var subject = "/OU=Person/serialNumber=" + TestRegion.PATIENT + "/CN=" + TestRegion.PATIENT;
        var stolen = region.issue("stolen", "root", subject, "clientAuth");
        var renewed = region.issue("renewed", "root", subject, "clientAuth");
        region.revoke(stolen);
        try (var server = start(Limits.usual().withRates(3, 100, 100), new CountDownLatch(1))) {
            var thief = region.peer(server, stolen);
            for (int i = 0; i < 5; i++) {
                assertThrows(Refusal.class, () -> thief.getBytes("/health"));
            }
            assertTrue(region.peer(server, renewed).getBytes("/health").size() > 0);
        }
    }
}
