package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.ReplyJournal.Claim;
import org.mizuhiki.wire.ReplyJournal.Kept;

/// A request that is repeated is done once.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RepeatedPostsTest {
    public record Count(int value) {}

    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean refuse = new AtomicBoolean();
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch hold = new CountDownLatch(1);
    private TestRegion region;
    private HttpServer server;
    private Identity patient;

    @BeforeAll
    void start(@TempDir Path folder) {
        region = new TestRegion(folder);
        patient = region.patient();
        server = region.start(
                ServerConfig.of("keys", "127.0.0.1", 0).withStopTimeout(Duration.ofSeconds(1)),
                List.of(
                        Route.post("/add", "adds", Access.ANYONE, Count.class, Count.class, call -> {
                            var more = call.body(Count.class).value();
                            if (refuse.get()) {
                                throw Refusal.of("letter-unknown", "なし", "none");
                            }
                            return new Reply.Json(new Count(done.addAndGet(more)));
                        }),
                        Route.post("/held", "waits", Access.ANYONE, byte[].class, byte[].class, call -> {
                            entered.countDown();
                            try {
                                hold.await();
                            } catch (InterruptedException e) {
                                throw new IOException(e);
                            }
                            return new Reply.Raw("text/plain", Bytes.utf8("held"));
                        })));
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private String add(Identity caller, String key, int value) throws IOException {
        var body = "{\"value\":" + value + "}";
        return RawClient.ask(
                server,
                caller,
                "POST /add HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Type: application/json\r\n"
                        + "Idempotency-Key: " + key + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
    }

    @Test
    void theSameRequestGetsTheSameReply() throws IOException {
        int before = done.get();
        var first = add(patient, "a-key-of-16-chars-1", 5);
        var second = add(patient, "a-key-of-16-chars-1", 5);
        assertTrue(first.endsWith("{\"value\":" + (before + 5) + "}"), first);
        assertTrue(second.endsWith("{\"value\":" + (before + 5) + "}"), second);
        assertTrue(second.contains("Idempotent-Replay: true"), second);
        assertEquals(before + 5, done.get());
    }

    @Test
    void anotherContentUnderTheSameKeyIsRefused() throws IOException {
        add(patient, "a-key-of-16-chars-2", 1);
        var answer = add(patient, "a-key-of-16-chars-2", 2);
        assertTrue(answer.startsWith("HTTP/1.1 409") && answer.contains("idempotency-conflict"), answer);
    }

    @Test
    void keysOfDifferentCallersNeverMeet() throws IOException {
        int before = done.get();
        add(patient, "a-key-of-16-chars-3", 1);
        add(region.server(), "a-key-of-16-chars-3", 1);
        add(region.nobody(), "a-key-of-16-chars-3", 1);
        assertEquals(before + 3, done.get());
    }

    @Test
    void aRefusedRequestMayBeTriedAgain() throws IOException {
        int before = done.get();
        refuse.set(true);
        assertTrue(add(patient, "a-key-of-16-chars-4", 1).contains("letter-unknown"));
        refuse.set(false);
        assertTrue(add(patient, "a-key-of-16-chars-4", 1).startsWith("HTTP/1.1 200"));
        assertEquals(before + 1, done.get());
    }

    @Test
    void weakKeysAreRefused() throws IOException {
        for (var key : List.of("short", "with space in the key", "x".repeat(129))) {
            assertTrue(add(patient, key, 1).contains("idempotency-key-malformed"), key);
        }
    }

    @Test
    void aTwinOfARequestUnderWayIsAskedToComeAgain() throws Exception {
        var head = "POST /held HTTP/1.1\r\nHost: h\r\nConnection: close\r\nIdempotency-Key: a-key-of-16-chars-5\r\n"
                + "Content-Length: 1\r\n\r\nx";
        try (var first = new RawClient(server, patient)) {
            first.send(head);
            entered.await();
            var second = RawClient.ask(server, patient, head);
            assertTrue(second.contains("request-under-way") && second.contains("Retry-After"), second);
            hold.countDown();
            assertTrue(first.rest().endsWith("held"));
        }
    }

    /// Doing it unremembered could do it twice.
    @Test
    void withoutItsMemoryNothingIsDone() throws IOException {
        var times = new AtomicInteger();
        var counting = Route.post("/count", "counts", Access.ANYONE, byte[].class, Count.class, call -> {
            call.bytes();
            return new Reply.Json(new Count(times.incrementAndGet()));
        });
        var brief = Route.post("/brief", "counts", Access.ANYONE, byte[].class, Count.class, counting.handler())
                .remembersBriefly();
        var surroundings = Surroundings.of(TestRegion.CLOCK, TestRegion.DIE).withJournal(new Forgetful());
        var config = ServerConfig.of("keys", "127.0.0.1", 0);
        try (var forgetful = region.start(config, List.of(counting, brief), surroundings)) {
            var refused = RawClient.ask(forgetful, patient, bare("/count"));
            assertTrue(refused.startsWith("HTTP/1.1 503") && refused.contains("database-away"), refused);
            assertEquals(0, times.get());
            for (int i = 0; i < 2; i++) {
                var answer = RawClient.ask(forgetful, patient, bare("/brief"));
                assertTrue(answer.endsWith("{\"value\":1}"), answer);
            }
        }
    }

    /// What was allowed once may be forbidden by now.
    @Test
    void whatIsNotToBeRememberedIsJudgedAnew() throws IOException {
        var times = new AtomicInteger();
        var anew = Route.post("/anew", "counts", Access.ANYONE, byte[].class, Count.class, call -> {
                    call.bytes();
                    return new Reply.Json(new Count(times.incrementAndGet()));
                })
                .remembersNothing();
        try (var other = region.start(List.of(anew))) {
            for (int i = 1; i <= 2; i++) {
                var answer = RawClient.ask(other, patient, bare("/anew"));
                assertTrue(answer.endsWith("{\"value\":" + i + "}"), answer);
            }
        }
    }

    private static String bare(String path) {
        return "POST " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                + "Idempotency-Key: a-key-of-16-chars-6\r\nContent-Length: 1\r\n\r\nx";
    }

    /// A journal whose database is away.
    private static final class Forgetful implements ReplyJournal {
        @Override
        public Claim claim(Request request) {
            throw Refusal.of("database-away", "データベースに接続できません", "The database cannot be reached");
        }

        @Override
        public void keep(Request request, Kept reply) {
            throw new IllegalStateException("nothing was claimed");
        }

        @Override
        public void release(Request request) {
            throw new IllegalStateException("nothing was claimed");
        }
    }

    @Test
    void theJournalForgetsDeadClaimsAndTheOldest() {
        var journal = ReplyJournal.inMemory(2);
        var start = Instant.EPOCH;
        var a = Digest.of((byte) 1);
        var b = Digest.of((byte) 2);
        var c = Digest.of((byte) 3);
        assertInstanceOf(Claim.Mine.class, journal.claim(asked(a, a, start)));
        assertInstanceOf(Claim.UnderWay.class, journal.claim(asked(a, a, start.plusSeconds(59))));
        assertInstanceOf(Claim.Conflict.class, journal.claim(asked(a, b, start.plusSeconds(59))));
        assertInstanceOf(Claim.Mine.class, journal.claim(asked(a, a, start.plusSeconds(61))));
        var reply = new Kept(200, "text/plain", Bytes.utf8("x"));
        journal.keep(asked(a, a, start), reply);
        journal.release(asked(a, a, start));
        assertEquals(new Claim.Replay(reply), journal.claim(asked(a, a, start.plusSeconds(7200))));
        assertInstanceOf(Claim.Mine.class, journal.claim(asked(a, a, start.plus(Duration.ofDays(2)))));
        journal.claim(asked(b, b, start));
        journal.claim(asked(c, c, start));
        assertInstanceOf(Claim.Mine.class, journal.claim(asked(a, b, start)), "the oldest of three was forgotten");
    }

    private static ReplyJournal.Request asked(Digest key, Digest content, Instant at) {
        return new ReplyJournal.Request(key, key, content, at);
    }
}
