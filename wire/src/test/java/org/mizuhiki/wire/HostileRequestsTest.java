package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// What a server bears from callers that mean no good.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileRequestsTest {
    public record Note(PersonId about, String text, int count, Instant at, Optional<String> more) {}

    private TestRegion region;
    private HttpServer server;
    private Identity patient;
    private final AtomicInteger handled = new AtomicInteger();
    private final CountDownLatch hold = new CountDownLatch(1);

    @BeforeAll
    void start(@TempDir Path folder) {
        region = new TestRegion(folder);
        patient = region.patient();
        var limits = Limits.usual().withPatience(Duration.ofSeconds(2), 100_000);
        server = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withLimits(limits).withStopTimeout(Duration.ofMillis(500)),
                List.of(
                        Route.post("/notes", "takes", Access.MEMBER, Note.class, Note.class, call -> {
                                    handled.incrementAndGet();
                                    return new Reply.Json(call.body(Note.class));
                                })
                                .upTo(2000),
                        Route.get("/notes/{id}", "gives", Access.ANYONE, Void.class, call -> {
                            handled.incrementAndGet();
                            return new Reply.Raw("text/plain", Bytes.utf8(call.path("id")));
                        }),
                        Route.put("/blobs/{id}", "takes", Access.ANYONE, byte[].class, byte[].class, call -> {
                                    long count = 0;
                                    try (var in = call.stream()) {
                                        for (int n = in.read(new byte[8192]); n >= 0; n = in.read(new byte[8192])) {
                                            count += n;
                                        }
                                    }
                                    return new Reply.Raw("text/plain", Bytes.utf8(Long.toString(count)));
                                })
                                .upTo(1 << 20),
                        Route.get(
                                "/query",
                                "gives",
                                Access.ANYONE,
                                byte[].class,
                                call -> new Reply.Raw(
                                        "text/plain", Bytes.utf8(call.query("a").orElse("none")))),
                        Route.get("/slow", "thinks long", Access.ANYONE, byte[].class, call -> {
                            try {
                                Thread.sleep(3500);
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            return new Reply.Raw("text/plain", Bytes.utf8("thought"));
                        }),
                        Route.get("/broken", "fails", Access.ANYONE, byte[].class, call -> {
                            throw new IllegalStateException("secret of " + TestRegion.PATIENT);
                        })));
    }

    @AfterAll
    void stop() {
        hold.countDown();
        server.close();
    }

    private String ask(String request) throws IOException {
        return RawClient.ask(server, patient, request);
    }

    private String get(String target) throws IOException {
        return ask("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    }

    private String postNote(String body) throws IOException {
        return ask("POST /notes HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: application/json\r\n"
                + "Content-Length: " + body.getBytes(java.nio.charset.StandardCharsets.UTF_8).length + "\r\n\r\n"
                + body);
    }

    private static void assertProblem(int status, String code, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status + " "), answer);
        assertTrue(answer.contains("\"code\":\"" + code + "\""), answer);
        assertTrue(answer.contains("application/problem+json"), answer);
    }

    private static String note(String id, String rest) {
        return "{\"about\":\"" + id + "\",\"text\":\"t\",\"count\":1,\"at\":\"2026-01-01T00:00:00Z\"" + rest + "}";
    }

    @Test
    void aWellFormedBodyIsTaken() throws IOException {
        var answer = postNote(note(TestRegion.PATIENT.value(), ""));
        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertTrue(answer.endsWith(note(TestRegion.PATIENT.value(), "")), answer);
    }

    @Test
    void malformedJsonIsRefusedWithoutQuotingIt() throws IOException {
        var id = TestRegion.PATIENT.value();
        var bodies = List.of(
                "",
                "null",
                "[]",
                "{",
                "\"text\"",
                note(id, ",\"extra\":1"),
                note(id, ",\"text\":\"twice\""),
                note(id, "") + "{}",
                note(id, "").replace("\"count\":1,", ""),
                note(id, "").replace("\"count\":1", "\"count\":null"),
                note(id, "").replace("\"count\":1", "\"count\":1.5"),
                note(id, "").replace("\"count\":1", "\"count\":\"1\""),
                note(id, "").replace("\"count\":1", "\"count\":99999999999"),
                note(id, "").replace("\"text\":\"t\"", "\"text\":null"),
                note(id, "").replace("\"text\":\"t\"", "\"text\":{}"),
                note(id, "").replace("\"text\":\"t\"", "\"text\":7"),
                note(id, "").replace("2026-01-01T00:00:00Z", "tomorrow"),
                "{\"about\":" + "[".repeat(500) + "]".repeat(500) + "}");
        int before = handled.get();
        for (var body : bodies) {
            var answer = postNote(body);
            assertProblem(400, "body-malformed", answer);
            assertFalse(answer.contains(id) || answer.contains("tomorrow") || answer.contains("twice"), answer);
        }
        assertEquals(before + bodies.size(), handled.get());
    }

    @Test
    void aValuesOwnRefusalComesThrough() throws IOException {
        assertProblem(400, "person-id-malformed", postNote(note("P-0000-0000-0001", "")));
    }

    @Test
    void anotherMediaTypeIsRefused() throws IOException {
        assertProblem(
                415,
                "media-type-unsupported",
                ask("POST /notes HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: text/plain\r\n"
                        + "Content-Length: 2\r\n\r\n{}"));
        assertProblem(
                406,
                "not-acceptable",
                ask("POST /notes HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Accept: text/html\r\nContent-Length: 2\r\n\r\n{}"));
    }

    @Test
    void aBodyOverTheLimitIsRefusedHoweverItComes() throws IOException {
        assertProblem(413, "body-too-large", postNote(note(TestRegion.PATIENT.value(), " ".repeat(2000))));
        var chunk = "400\r\n" + " ".repeat(1024) + "\r\n";
        assertProblem(
                413,
                "body-too-large",
                ask("POST /notes HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Transfer-Encoding: chunked\r\n\r\n" + chunk.repeat(3) + "0\r\n\r\n"));
    }

    @Test
    void pathTricksReachNoRoute() throws IOException {
        int before = handled.get();
        for (var path : List.of(
                "/notes/../notes/x",
                "/notes/%2e%2e/x",
                "/notes/.",
                "/notes/%2e",
                "//notes/x",
                "/notes//x",
                "/notes/",
                "/notes/x;a=b",
                "/notes/x%3ba",
                "/notes/a%2fb",
                "/notes/a%5cb",
                "/notes/a\\b",
                "/notes/%00",
                "/notes/%0d%0aX:y",
                "/notes/%c0%ae",
                "/notes/%zz",
                "/notes/%u0041",
                "/notes/a/b",
                "/Notes/x",
                "/no%74es2/x")) {
            var answer = get(path);
            assertTrue(answer.startsWith("HTTP/1.1 404") || answer.startsWith("HTTP/1.1 400"), path + " " + answer);
            assertTrue(answer.contains("\"code\":\""), path + " " + answer);
        }
        assertEquals(before, handled.get());
        assertTrue(get("/notes/a%20b").endsWith("a b"));
        assertTrue(get("/notes/%E5%8C%BB").endsWith("医"));
    }

    @Test
    void methodsNotServedAreSaid() throws IOException {
        var answer = ask("DELETE /notes/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
        assertProblem(405, "method-not-allowed", answer);
        assertTrue(answer.contains("Allow: GET"), answer);
        assertProblem(
                405, "method-not-allowed", ask("TRACE /notes/x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"));
    }

    @Test
    void headersCannotBeInjectedOrSmuggled() throws IOException {
        for (var head : List.of(
                "GET /notes/x HTTP/1.1\r\nHost: h\r\nX: a\nB: c\r\nConnection: close\r\n\r\n",
                "GET /notes/x HTTP/1.1\r\nHost: h\r\n X-Folded: a\r\nConnection: close\r\n\r\n",
                "GET /notes/x HTTP/1.1\r\nHost: h\r\nHost: i\r\nConnection: close\r\n\r\n",
                "GET /notes/x HTTP/1.1\r\nConnection: close\r\n\r\n",
                "POST /notes HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
                "POST /notes HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "GET /notes/x\r\n\r\n")) {
            var answer = ask(head);
            assertTrue(answer.startsWith("HTTP/1.1 400") || answer.equals("<cut>"), head + " -> " + answer);
            assertFalse(answer.contains("at org."), answer);
        }
    }

    @Test
    void targetsThatAreNoPathReachNothing() throws IOException {
        for (var head : List.of(
                "OPTIONS * HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
                "CONNECT h:443 HTTP/1.1\r\nHost: h:443\r\nConnection: close\r\n\r\n",
                "GET http://other/notes/../x HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")) {
            var answer = ask(head);
            assertTrue(answer.startsWith("HTTP/1.1 40"), head + " -> " + answer);
        }
    }

    @Test
    void longHeadersAndAddressesAreRefused() throws IOException {
        assertProblem(431, "headers-too-large", get("/notes/" + "a".repeat(20_000)));
        var answer = ask("GET /notes/x HTTP/1.1\r\nHost: h\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");
        assertProblem(431, "headers-too-large", answer);
    }

    @Test
    void aQueryParameterGivenTwiceIsRefused() throws IOException {
        assertTrue(get("/query?a=%E5%8C%BB").endsWith("医"));
        assertTrue(get("/query").endsWith("none"));
        assertProblem(400, "query-malformed", get("/query?a=1&a=2"));
        assertTrue(get("/query?a=%zz").startsWith("HTTP/1.1 400"));
    }

    @Test
    void aFailureShowsNothingOfTheInside() throws IOException {
        var answer = get("/broken");
        assertProblem(500, "internal-error", answer);
        assertFalse(answer.contains("secret") || answer.contains("Exception") || answer.contains("at org"), answer);
    }

    @Test
    void aHandlerMayThinkLongerThanTheIdleTime() throws IOException {
        assertTrue(get("/slow").endsWith("thought"));
        assertEquals("thought", region.peer(server, patient).getBytes("/slow").asUtf8()); // HTTP/2
    }

    @Test
    void headersThatDripAreCutOff() throws Exception {
        try (var client = new RawClient(server, patient)) {
            client.send("GET /notes/x HTTP/1.1\r\nHost: h\r\n");
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 100; i++) {
                    client.send("X" + i + ": y\r\n");
                    Thread.sleep(150);
                }
            });
        }
    }

    @Test
    void aBodyThatStopsIsCutOff() throws Exception {
        try (var client = new RawClient(server, patient)) {
            client.send("PUT /blobs/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\nabc");
            assertProblem(408, "body-too-slow", client.rest());
        }
    }

    @Test
    void aBodyThatDripsIsCutOff() throws Exception {
        try (var client = new RawClient(server, patient)) {
            client.send("PUT /blobs/x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000\r\n\r\n");
            var dripping = Thread.startVirtualThread(() -> {
                try {
                    for (int i = 0; i < 100; i++) {
                        client.send("x");
                        Thread.sleep(100);
                    }
                } catch (IOException | InterruptedException e) {
                    // cut off, as it should be
                }
            });
            var answer = client.rest();
            dripping.interrupt();
            assertTrue(answer.contains("body-too-slow") || answer.equals("<cut>"), answer);
        }
    }

    @Test
    void tooManyRequestsAreHeldBack() {
        var limits = Limits.usual().withRates(3, 5, 2);
        try (var strict = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withLimits(limits).withStopTimeout(Duration.ofMillis(500)),
                List.of())) {
            assertEquals(3, allowed(region.peer(strict, patient)));
            assertEquals(5, allowed(region.peer(strict, region.server())));
            assertEquals(2, allowed(region.peer(strict, region.nobody())));
        }
    }

    private static int allowed(Peer peer) {
        for (int i = 0; i < 10; i++) {
            try {
                peer.getBytes("/health");
            } catch (Refusal e) {
                assertEquals("rate-exceeded", e.code());
                return i;
            }
        }
        return 10;
    }

    @Test
    void aFullServerSaysSo() throws Exception {
        var entered = new CountDownLatch(1);
        var route = Route.get("/held", "waits", Access.ANYONE, byte[].class, call -> {
            entered.countDown();
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return new Reply.Raw("text/plain", Bytes.utf8("held"));
        });
        var config = ServerConfig.of("keys", "127.0.0.1", 0)
                .withLimits(Limits.usual().withRequestsAtOnce(1))
                .withStopTimeout(Duration.ofMillis(500));
        try (var small = region.start(config, List.of(route))) {
            var peer = region.peer(small, region.nobody());
            var first = Thread.startVirtualThread(() -> peer.getBytes("/held"));
            entered.await();
            assertEquals(
                    "server-busy",
                    assertThrows(Refusal.class, () -> peer.getBytes("/health")).code());
            hold.countDown();
            first.join();
        }
    }

    @Test
    void answersCarryHeadersThatKeepBrowsersSafe() throws IOException {
        var answer = get("/notes/x");
        for (var header : List.of(
                "Content-Security-Policy: default-src 'none'",
                "X-Content-Type-Options: nosniff",
                "Referrer-Policy: no-referrer",
                "Strict-Transport-Security: max-age=",
                "Cache-Control: no-store",
                "X-Request-Id: ")) {
            assertTrue(answer.contains(header), header + " in " + answer);
        }
        assertFalse(answer.contains("Server:"), answer);
    }
}
