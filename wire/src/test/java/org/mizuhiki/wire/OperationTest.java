package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.log.LineEncoder;
import org.slf4j.LoggerFactory;

/// What operators see of a server, and how it stops.
class OperationTest {
    public record Note(PersonId about, Digest of, Optional<String> more, List<Integer> counts) {}

    @TempDir
    Path folder;

    private TestRegion region;

    @BeforeEach
    void region() {
        region = new TestRegion(folder);
    }

    private static List<Route> routes() {
        return List.of(
                Route.get("/persons/{id}", "a person", Access.ANYONE, Void.class, c -> new Reply.Done()),
                Route.put(
                                "/persons/{id}",
                                "a person",
                                Access.PROFESSIONAL,
                                Note.class,
                                Void.class,
                                c -> new Reply.Done())
                        .alsoFor(Access.SERVER),
                Route.post("/failing/{id}", "fails", Access.ANYONE, Note.class, Note.class, c -> {
                    throw new IllegalStateException("of " + c.path("id") + " " + c.body(Note.class));
                }));
    }

    private HttpServer start(Surroundings surroundings) {
        return region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withStopTimeout(Duration.ofSeconds(5)), routes(), surroundings);
    }

    private static Surroundings plain() {
        return Surroundings.of(TestRegion.CLOCK, TestRegion.DIE);
    }

    @Test
    void theLogHoldsNoIdentityPathOrBody() {
        var seen = new ListAppender<ILoggingEvent>();
        seen.start();
        var root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(seen);
        var id = TestRegion.PATIENT.value();
        var note = new Note(TestRegion.PATIENT, Digest.of(), Optional.of("marker-body"), List.of(1));
        try (var server = start(plain())) {
            var peer = region.peer(server, region.patient());
            peer.getBytes("/persons/" + id + "?name=marker-query");
            assertThrows(Refusal.class, () -> peer.post("/failing/" + id, note, Note.class));
            assertThrows(Refusal.class, () -> peer.getBytes("/unknown/" + id));
            assertThrows(Refusal.class, () -> peer.put("/persons/" + id, note, Void.class));
            RawClient.ask(server, region.patient(), "GET /persons/" + id + "\u0001 HTTP/1.1\r\n\r\n");
            RawClient.ask(server, region.patient(), id + " / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } finally {
            root.detachAppender(seen);
        }
        var encoder = new LineEncoder();
        var log = new StringBuilder();
        List.copyOf(seen.list).forEach(e -> log.append(new String(encoder.encode(e), StandardCharsets.UTF_8)));
        for (var marker :
                List.of(id, id.substring(2), "marker-", "persons/P", Digest.of().hex())) {
            assertFalse(log.toString().contains(marker), marker + " in " + log);
        }
        assertTrue(log.toString().contains("\"route\":\"/persons/{id}\",\"status\":204"), log.toString());
        assertTrue(log.toString().contains("\"caller\":\"person\""), log.toString());
        assertTrue(log.toString().contains("java.lang.IllegalStateException"), log.toString());
        log.toString().lines().forEach(line -> assertTrue(line.startsWith("{\"ts\":\"") && line.endsWith("}"), line));
    }

    @Test
    void aLogLineCannotBeForged() {
        var seen = new ListAppender<ILoggingEvent>();
        seen.start();
        var logger = (Logger) LoggerFactory.getLogger("forged");
        logger.addAppender(seen);
        logger.setAdditive(false);
        logger.atInfo().addKeyValue("k\"\n", "v\"\n{").log("a\nb\"");
        var line = new String(new LineEncoder().encode(seen.list.getFirst()), StandardCharsets.UTF_8);
        assertEquals(line.length() - 1, line.indexOf('\n'));
        assertTrue(line.contains("a\\nb\\\"") && line.contains("v\\\"\\n{"), line);
    }

    @Test
    void measuresAreThereForServersAndGatewaysOnly() {
        try (var server = start(plain())) {
            region.peer(server, region.patient()).getBytes("/persons/" + TestRegion.PATIENT);
            var text = region.peer(server, region.server()).getBytes("/metrics").asUtf8();
            assertTrue(
                    text.contains("http_server_requests_seconds_count{method=\"GET\",route=\"/persons/{id}\""), text);
            assertTrue(text.contains("jvm_memory_used_bytes"), text);
            assertFalse(text.contains(TestRegion.PATIENT.value()));
            var patient = region.peer(server, region.patient());
            assertEquals(
                    "access-denied",
                    assertThrows(Refusal.class, () -> patient.getBytes("/metrics"))
                            .code());
        }
    }

    @Test
    void readinessNamesWhatIsIll() {
        var well = new AtomicBoolean(true);
        var surroundings = plain().withCheck("database", well::get).withCheck("ledger", () -> {
            if (!well.get()) {
                throw new IllegalStateException("away");
            }
            return true;
        });
        try (var server = start(surroundings)) {
            var peer = region.peer(server, region.nobody());
            assertEquals(
                    "{\"checks\":{\"database\":true,\"ledger\":true}}",
                    peer.getBytes("/ready").asUtf8());
            well.set(false);
            var refusal = assertThrows(Refusal.class, () -> peer.getBytes("/ready"));
            assertEquals("server-unavailable", refusal.code());
            assertTrue(refusal.english().contains("database, ledger"), refusal.english());
            assertEquals("{\"status\":\"up\"}", peer.getBytes("/health").asUtf8());
        }
    }

    @Test
    void theOpenApiDocumentSaysWhatTheRoutesSay() {
        try (var server = start(plain())) {
            var document = region.peer(server, region.nobody()).getBytes("/openapi.json");
            assertEquals(List.of(), OpenApi.differences(document, served(routes())));
            var fewer = routes().subList(0, 2);
            assertEquals(
                    List.of("POST /failing/{id} is described but not served"),
                    OpenApi.differences(document, served(fewer)));
            var wider = List.of(routes().get(0).alsoFor(Access.SERVER), routes().get(1), routes().get(2));
            assertEquals(
                    List.of("GET /persons/{id} is described otherwise than it is served"),
                    OpenApi.differences(document, served(wider)));
            var text = document.asUtf8();
            assertTrue(text.contains("\"person-id\"") && text.contains("\"sha256-hex\""), text);
            assertTrue(text.contains("\"required\":[\"about\",\"counts\",\"of\"]"), text);
            assertTrue(text.contains("x-access\":[\"PROFESSIONAL\",\"SERVER\"]"), text);
        }
    }

    private static List<Route> served(List<Route> routes) {
        return new OwnRoutes("keys", Map.of(), new Measures("keys", Runnable::run), Runnable::run).with(routes);
    }

    @Test
    void requestsUnderWayEndBeforeTheServerStopsAndNewOnesAreRefused() throws Exception {
        var entered = new CountDownLatch(1);
        var stopping = new CountDownLatch(1);
        var route = Route.get("/held", "waits", Access.ANYONE, byte[].class, c -> {
            entered.countDown();
            try {
                stopping.await();
                Thread.sleep(700); // longer than idle connections are given at a stop
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return new Reply.Raw("text/plain", Bytes.utf8("held"));
        });
        var server = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withStopTimeout(Duration.ofSeconds(5)), List.of(route));
        var peer = region.peer(server, region.nobody());
        var answer = CompletableFuture.supplyAsync(() -> peer.getBytes("/held").asUtf8());
        entered.await();
        var stopped = CompletableFuture.runAsync(() -> {
            stopping.countDown();
            server.close();
        });
        assertEquals("held", answer.get(10, TimeUnit.SECONDS));
        stopped.get(10, TimeUnit.SECONDS);
        var late = assertThrows(
                Refusal.class, () -> region.peer(server, region.nobody()).getBytes("/health"));
        assertEquals("peer-unreachable", late.code());
    }

    @Test
    void aStopIsBoundedEvenIfAHandlerHangs() throws Exception {
        var entered = new CountDownLatch(1);
        var never = new CountDownLatch(1);
        var route = Route.get("/hangs", "hangs", Access.ANYONE, byte[].class, c -> {
            entered.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return new Reply.Done();
        });
        var server = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withStopTimeout(Duration.ofMillis(400)), List.of(route));
        var peer = region.peer(server, region.nobody());
        var answer = CompletableFuture.supplyAsync(() -> {
            try {
                return peer.getBytes("/hangs").asUtf8();
            } catch (Refusal e) {
                return e.code();
            }
        });
        entered.await();
        CompletableFuture.runAsync(server::close).get(20, TimeUnit.SECONDS);
        assertEquals("peer-unreachable", answer.get(20, TimeUnit.SECONDS));
        never.countDown();
    }

    @Test
    void curlSpeaksWithTheServer() throws Exception {
        region.doctor();
        try (var server = start(plain())) {
            var note = Json.write(new Note(TestRegion.PATIENT, Digest.of(), Optional.empty(), List.of()));
            assertEquals(
                    "204",
                    curl(
                            "--cert",
                            region.file("doctor.pem").toString(),
                            "--key",
                            region.file("doctor.key").toString(),
                            "-X",
                            "PUT",
                            "-H",
                            "Content-Type: application/json",
                            "-d",
                            note.asUtf8(),
                            server.uri() + "/persons/x"));
            assertEquals("401", curl("-X", "PUT", "-d", "{}", server.uri() + "/persons/x"));
            assertEquals("200", curl(server.uri() + "/health"));
        }
    }

    private String curl(String... arguments) throws Exception {
        var command = new java.util.ArrayList<>(List.of(
                "curl",
                "-s",
                "-o",
                region.file("out").toString(),
                "-w",
                "%{http_code}",
                "--cacert",
                region.file("root.pem").toString()));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).start();
            var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said;
        } catch (IOException e) {
            Assumptions.abort("curl is not installed here");
            return "";
        }
    }
}
