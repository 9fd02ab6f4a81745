package org.mizuhiki.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions that PostgreSQL undoes for another's sake are tried again, and nobody hears of it.
class RepeatedTest {
    private final AtomicInteger attempts = new AtomicInteger();
    private final CountDownLatch bothHaveBegun = new CountDownLatch(2);

    @TempDir
    Path folder;

    @Test
    void ofTwoThatWaitForEachOtherBothAreDone() throws Exception {
        try (var database = Scratch.open(folder)) {
            Scratch.put(database, 1);
            Scratch.put(database, 2);
            together(database, rows -> mark(rows, 1, 2), rows -> mark(rows, 2, 1));
            assertTrue(attempts.get() > 2, "one of them was undone");
            assertEquals(List.of("note 1++", "note 2++"), notes(database));
        }
    }

    @Test
    void ofTwoThatCannotHaveComeOneAfterTheOtherBothAreDone() throws Exception {
        try (var database = Scratch.open(folder)) {
            Scratch.put(database, 1);
            together(database, rows -> addAsManyAsThereAre(rows, 10), rows -> addAsManyAsThereAre(rows, 20));
            assertTrue(attempts.get() > 2, "one of them was undone");
            assertEquals(1 + 1 + 2, Scratch.ids(database).size(), "the second saw what the first had added");
        }
    }

    @Test
    void whatIsUndoneAgainAndAgainFailsInTheEnd() {
        try (var database = Scratch.open(folder)) {
            assertThrows(
                    JdbiException.class,
                    () -> database.inTransaction(rows -> {
                        attempts.incrementAndGet();
                        rows.execute("insert into thing (id) values (1)");
                        return rows.execute("do $$ begin raise sqlstate '40P01'; end $$");
                    }));
            assertEquals(6, attempts.get());
            assertEquals(List.of(), Scratch.ids(database));
        }
    }

    private void together(Database database, Database.Work<?> one, Database.Work<?> other) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = List.of(one, other).stream()
                    .map(work -> threads.submit((Callable<Object>) () -> database.inTransaction(work::with)))
                    .toList();
            for (var each : running) {
                each.get();
            }
        }
    }

    private int mark(Handle rows, int first, int second) {
        attempts.incrementAndGet();
        rows.execute("update thing set note = note || '+' where id = ?", first);
        awaitBoth();
        return rows.execute("update thing set note = note || '+' where id = ?", second);
    }

    private int addAsManyAsThereAre(Handle rows, int from) {
        attempts.incrementAndGet();
        rows.execute("set transaction isolation level serializable");
        int there = rows.createQuery("select count(*) from thing")
                .mapTo(Integer.class)
                .one();
        awaitBoth();
        return rows.execute("insert into thing (id) select ? + g from generate_series(1, ?) g", from, there);
    }

    /// Who comes again does not wait.
    private void awaitBoth() {
        bothHaveBegun.countDown();
        try {
            bothHaveBegun.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static List<String> notes(Database database) {
        return database.inTransaction(rows -> rows.createQuery("select note from thing order by id")
                .mapTo(String.class)
                .list());
    }
}
