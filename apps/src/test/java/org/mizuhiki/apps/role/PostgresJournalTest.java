package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.wire.ReplyJournal;
import org.mizuhiki.wire.ReplyJournal.Claim;
import org.mizuhiki.wire.ReplyJournal.Kept;
import org.mizuhiki.wire.ReplyJournal.Request;

/// Against a real PostgreSQL: what was answered is known after a restart, and nothing is done twice.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresJournalTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-04-01T09:00:00Z");
    private static final Kept DONE = new Kept(200, "application/json", Bytes.utf8("{\"done\":true}"));

    private Path folder;
    private Database database;

    @BeforeAll
    void open(@TempDir Path shared) {
        folder = shared;
        database = reopened();
    }

    @AfterAll
    void close() {
        database.close();
    }

    @BeforeEach
    void empty() {
        database.inTransaction(rows -> rows.execute("delete from reply"));
    }

    private Database reopened() {
        var binaries = Path.of("target/postgres").toAbsolutePath();
        return Databases.open(
                DatabaseConfig.embedded(folder.resolve("database"), binaries), PostgresStore.MIGRATIONS, DIE);
    }

    private PostgresJournal journal(Database over) {
        return new PostgresJournal(over, Clock.fixed(NOW, ZoneOffset.UTC), 3);
    }

    private static Digest any() {
        return Digest.of(DIE.generateSeed(16));
    }

    private static Request request(Digest key, Digest content, Instant at) {
        return new Request(key, Digest.of((byte) 1), content, at);
    }

    private static Request request() {
        return request(any(), any(), NOW);
    }

    private long replies() {
        return database.inTransaction(rows ->
                rows.createQuery("select count(*) from reply").mapTo(Long.class).one());
    }

    @Test
    void anAcknowledgedReplyIsReplayedAfterARestart() {
        var request = request();
        var before = journal(database);
        assertInstanceOf(Claim.Mine.class, before.claim(request));
        before.keep(request, DONE);
        assertEquals(new Claim.Replay(DONE), before.claim(request));
        database.close();
        database = reopened();
        assertEquals(new Claim.Replay(DONE), journal(database).claim(request));
        assertInstanceOf(Claim.Conflict.class, journal(database).claim(request(request.key(), any(), NOW)));
    }

    @Test
    void ofManyAtOnceOneIsDone() throws Exception {
        var journal = journal(database);
        var request = request();
        var go = new CountDownLatch(1);
        var claims = new ArrayList<Claim>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Claim> asking = () -> {
                go.await();
                return journal.claim(request);
            };
            var asked = new ArrayList<Future<Claim>>();
            for (int i = 0; i < 32; i++) {
                asked.add(threads.submit(asking));
            }
            go.countDown();
            for (var one : asked) {
                claims.add(one.get());
            }
        }
        assertEquals(1, claims.stream().filter(Claim.Mine.class::isInstance).count());
        assertEquals(
                31, claims.stream().filter(Claim.UnderWay.class::isInstance).count());
    }

    @Test
    void anotherContentUnderAKeyInUseIsAConflict() {
        var journal = journal(database);
        var request = request();
        journal.claim(request);
        assertInstanceOf(Claim.Conflict.class, journal.claim(request(request.key(), any(), NOW)));
    }

    @Test
    void aRefusedRequestMayBeTriedAgain() {
        var journal = journal(database);
        var request = request();
        journal.claim(request);
        journal.release(request);
        assertInstanceOf(Claim.Mine.class, journal.claim(request));
    }

    @Test
    void withoutItsDatabaseNothingIsClaimed() {
        var gone = new Away(database);
        var journal = journal(gone);
        var request = request();
        gone.away = true;
        assertEquals(
                "database-away",
                assertThrows(Refusal.class, () -> journal.claim(request)).code());
        gone.away = false;
        assertInstanceOf(Claim.Mine.class, journal.claim(request), "the refused try holds nothing");
    }

    @Test
    void workThatWasDoneAsTheDatabaseWentIsNotDoneAgain() {
        var gone = new Away(database);
        var journal = journal(gone);
        var request = request();
        journal.claim(request);
        gone.away = true;
        assertThrows(Refusal.class, () -> journal.keep(request, DONE));
        journal.release(request); // what the server does when an answer fails
        assertThrows(Refusal.class, () -> journal.claim(request), "not acknowledged before it is on disk");
        gone.away = false;
        assertEquals(new Claim.Replay(DONE), journal.claim(request));
        assertEquals(1, replies());
    }

    @Test
    void aReplyNobodyAsksForAgainIsWrittenLater() {
        var gone = new Away(database);
        var journal = journal(gone);
        var request = request();
        journal.claim(request);
        gone.away = true;
        assertThrows(Refusal.class, () -> journal.keep(request, DONE));
        gone.away = false;
        journal.tidy();
        assertEquals(new Claim.Replay(DONE), journal(database).claim(request));
    }

    @Test
    void repliesGoWithAge() {
        var journal = journal(database);
        var old = request(any(), any(), NOW.minus(ReplyJournal.KEPT_FOR));
        var young = request(any(), any(), NOW.minus(ReplyJournal.KEPT_FOR).plusSeconds(1));
        for (var request : List.of(old, young)) {
            journal.claim(request);
            journal.keep(request, DONE);
        }
        var again = request(old.key(), any(), NOW);
        assertInstanceOf(Claim.Mine.class, journal.claim(again), "too old to count, cleaned or not");
        journal.release(again);
        journal.tidy();
        assertEquals(1, replies());
        assertEquals(new Claim.Replay(DONE), journal.claim(young));
    }

    @Test
    void aCallersOldestRepliesGoFirst() {
        var journal = journal(database);
        var mine = new ArrayList<Request>();
        for (int i = 0; i < 5; i++) {
            mine.add(request(any(), any(), NOW.minus(Duration.ofMinutes(i))));
            journal.claim(mine.getLast());
            journal.keep(mine.getLast(), DONE);
        }
        var other = new Request(any(), any(), any(), NOW.minus(Duration.ofHours(2)));
        journal.claim(other);
        journal.keep(other, DONE);
        journal.tidy();
        assertEquals(4, replies(), "three of the busy caller, one of the other");
        assertEquals(new Claim.Replay(DONE), journal.claim(mine.get(2)));
        assertInstanceOf(Claim.Mine.class, journal.claim(mine.get(3)));
    }

    @Test
    void theLargestReplyFits() {
        var journal = journal(database);
        var request = request();
        journal.claim(request);
        journal.keep(request, new Kept(200, "text/plain", Bytes.of(new byte[ReplyJournal.MAX_BODY])));
        assertEquals(1, replies());
    }

    @Test
    void everyServerWithADatabaseHasTheSameTable() throws Exception {
        var scripts = new ArrayList<String>();
        for (var room : List.of("trust", "keys", "store", "centre")) {
            scripts.add(Files.readString(Path.of("..", room, "src/main/resources/db", room, "V2__replies.sql")));
        }
        assertEquals(1, scripts.stream().distinct().count());
    }

    /// A database whose connection can be cut.
    private static final class Away implements Database {
        private final Database real;
        private boolean away;

        Away(Database real) {
            this.real = real;
        }

        @Override
        public <T> T inTransaction(Work<T> work) {
            if (away) {
                throw Refusal.of("database-away", "データベースに接続できません", "The database cannot be reached");
            }
            return real.inTransaction(work);
        }

        @Override
        public boolean ready() {
            return !away;
        }

        @Override
        public void backup(Path to) {
            real.backup(to);
        }

        @Override
        public void restore(Path from) {
            real.restore(from);
        }

        @Override
        public void close() {
            real.close();
        }
    }
}
