package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// What callers get from a peer, in good and in bad times.
class PeerTest {
    public record Count(int value) {}

    @TempDir
    Path folder;

    private TestRegion region;
    private HttpServer server;
    private Path big;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicBoolean cutNext = new AtomicBoolean();

    @BeforeEach
    void start() throws IOException {
        region = new TestRegion(folder);
        big = folder.resolve("big");
        var content = new byte[3_000_000];
        new java.util.Random(1).nextBytes(content);
        Files.write(big, content);
        server = region.start(ServerConfig.of("keys", "127.0.0.1", 0).withStopTimeout(Duration.ofSeconds(1)), routes());
    }

    private List<Route> routes() {
        return List.of(
                Route.post("/add", "adds", Access.MEMBER, Count.class, Count.class, call -> {
                    done.addAndGet(call.body(Count.class).value());
                    if (failures.getAndDecrement() > 0) {
                        throw Refusal.of("database-away", "一時的に使えません", "Away for now");
                    }
                    return new Reply.Json(new Count(done.get()));
                }),
                Route.post("/refuse", "refuses", Access.MEMBER, Count.class, Void.class, call -> {
                    done.incrementAndGet();
                    throw Refusal.of("letter-unknown", "その手紙はありません", "There is no such letter");
                }),
                Route.put("/done", "says nothing", Access.MEMBER, Count.class, Void.class, call -> new Reply.Done()),
                Route.delete("/done", "says nothing", Access.MEMBER, call -> new Reply.Done()),
                Route.post(
                        "/echo",
                        "echoes",
                        Access.MEMBER,
                        byte[].class,
                        byte[].class,
                        call -> new Reply.Raw("application/octet-stream", call.bytes())),
                Route.put("/upload", "takes", Access.MEMBER, byte[].class, Count.class, call -> {
                            var hash = Digest.sha256();
                            try (var in = call.stream()) {
                                in.transferTo(new java.security.DigestOutputStream(
                                        java.io.OutputStream.nullOutputStream(), hash));
                            }
                            done.set(Digest.ofHash(hash.digest()).hashCode());
                            return new Reply.Json(new Count(done.get()));
                        })
                        .upTo(10_000_000),
                Route.get("/file", "gives", Access.MEMBER, byte[].class, call -> new Reply.File("image/x", big)),
                Route.get("/cut", "breaks in the middle", Access.MEMBER, byte[].class, call -> {
                    if (cutNext.getAndSet(false)) {
                        var half = Files.readAllBytes(big);
                        return new Reply.Stream("image/x", out -> {
                            out.write(half, 0, half.length / 2);
                            out.flush();
                            throw new IOException("the disk died");
                        });
                    }
                    return new Reply.File("image/x", big);
                }));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private Peer patient(int attempts) {
        var identity = region.patient();
        return Peers.connect(
                server.uri(),
                () -> identity,
                new Patience(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(20),
                        attempts,
                        Duration.ofMillis(20),
                        Duration.ofSeconds(30)),
                TestRegion.DIE);
    }

    private static Refusal refused(Executable call) {
        return assertThrows(Refusal.class, call);
    }

    @Test
    void refusalsCrossTheWireAsTheyWere() {
        var refusal = refused(() -> patient(3).post("/refuse", new Count(1), Void.class));
        assertEquals("letter-unknown", refusal.code());
        assertEquals("その手紙はありません", refusal.japanese());
        assertEquals("There is no such letter", refusal.english());
        assertEquals(1, done.get(), "a clear no is not asked again");
    }

    @Test
    void whatIsAwayForNowIsTriedAgain() {
        failures.set(1);
        assertEquals(2, patient(3).post("/add", new Count(1), Count.class).value());
        failures.set(9);
        assertEquals(
                "database-away",
                refused(() -> patient(2).post("/add", new Count(1), Count.class))
                        .code());
    }

    @Test
    void aServerThatIsNotThereIsNamed() throws IOException {
        int free;
        try (var socket = new ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        var identity = region.patient();
        var patience = new Patience(
                Duration.ofSeconds(2), Duration.ofSeconds(2), 3, Duration.ofMillis(10), Duration.ofSeconds(5));
        var peer = Peers.connect(URI.create("https://127.0.0.1:" + free), () -> identity, patience, TestRegion.DIE);
        var refusal = refused(() -> peer.getBytes("/health"));
        assertEquals("peer-unreachable", refusal.code());
        assertTrue(refusal.english().contains("127.0.0.1:" + free), refusal.english());
        assertTrue(refusal.japanese().contains("127.0.0.1:" + free), refusal.japanese());
    }

    @Test
    void aServerThatNeverAnswersIsGivenUp() throws IOException {
        try (var silent = new ServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress())) {
            var patience = new Patience(
                    Duration.ofMillis(300), Duration.ofMillis(300), 2, Duration.ofMillis(10), Duration.ofSeconds(5));
            var peer = Peers.connect(
                    URI.create("https://127.0.0.1:" + silent.getLocalPort()), region::nobody, patience, TestRegion.DIE);
            assertEquals(
                    "peer-unreachable", refused(() -> peer.getBytes("/health")).code());
        }
    }

    @Test
    void onlyHttpsIsSpoken() {
        for (var uri : List.of("http://127.0.0.1:1", "https:///x", "https://h/path")) {
            assertEquals(
                    "config-invalid",
                    refused(() -> Peers.connect(URI.create(uri), region.nobody(), TestRegion.DIE))
                            .code());
        }
    }

    @Test
    void bytesAndEmptyAnswersTravel() {
        var peer = patient(1);
        assertEquals(Bytes.utf8("医"), peer.postBytes("/echo", "text/plain", Bytes.utf8("医")));
        assertNull(peer.put("/done", new Count(1), Void.class));
        peer.delete("/done");
    }

    @Test
    void filesGoUpAndComeDownWhole() throws IOException {
        var peer = patient(1);
        peer.upload("/upload", big);
        assertEquals(Digest.of(Files.readAllBytes(big)).hashCode(), done.get());
        var copy = folder.resolve("copy");
        peer.download("/file", copy);
        assertEquals(-1, Files.mismatch(big, copy));
        Files.write(big, new byte[0]);
        peer.download("/file", copy);
        assertEquals(0, Files.size(copy));
    }

    @Test
    void anUploadOverTheLimitIsRefused() throws IOException {
        Files.write(big, new byte[10_000_001]);
        assertEquals(
                "body-too-large",
                refused(() -> patient(1).upload("/upload", big)).code());
    }

    @Test
    void anInterruptedDownloadIsNeverTakenForWhole() throws IOException {
        cutNext.set(true);
        var copy = folder.resolve("copy");
        patient(3).download("/cut", copy);
        assertEquals(-1, Files.mismatch(big, copy));
    }

    @Test
    void aDownloadThatIsRefusedLeavesNoFile() {
        var copy = folder.resolve("copy");
        assertEquals(
                "path-unknown",
                refused(() -> patient(1).download("/nothing", copy)).code());
        assertFalse(Files.exists(copy));
    }

    @Test
    void anInterruptedCallerStopsWaiting() throws InterruptedException {
        var peer = patient(20);
        failures.set(1000);
        var code = new java.util.concurrent.CompletableFuture<String>();
        var caller = Thread.startVirtualThread(() -> {
            try {
                peer.post("/add", new Count(1), Count.class);
            } catch (Refusal e) {
                code.complete(e.code() + Thread.currentThread().isInterrupted());
            }
        });
        while (done.get() == 0) {
            Thread.sleep(5);
        }
        caller.interrupt();
        assertEquals("peer-unreachabletrue", code.join());
    }
}
