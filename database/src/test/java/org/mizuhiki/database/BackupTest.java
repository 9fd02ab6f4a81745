package org.mizuhiki.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;

class BackupTest {
    @TempDir
    Path folder;

    @Test
    void aBackupComesBackWholeOrNotAtAll() throws Exception {
        var backup = folder.resolve("backup");
        try (var database = Scratch.open(folder.resolve("one"))) {
            fill(database);
            database.backup(backup);
            assertEquals("backup-folder-not-empty", refusal(() -> database.backup(backup)));
            assertEquals("database-not-empty", refusal(() -> database.restore(backup)));
        }
        try (var database = Scratch.open(folder.resolve("two"))) {
            for (var file : List.of("thing.copy", "box.copy", "manifest.json")) {
                everyDamageIsRefused(database, backup, backup.resolve(file));
            }
            database.restore(backup);
            assertEquals(List.of("紹介状 \\ \t\n", "second"), labels(database));
            assertEquals(List.of(1, 2), Scratch.ids(database));
            database.inTransaction(rows -> rows.execute("insert into box (label) values ('third')"));
            assertEquals(3, labels(database).size(), "the sequence goes on where it was");
        }
    }

    private static void fill(Database database) {
        database.inTransaction(rows -> {
            rows.execute("insert into box (label) values (?), ('second')", "紹介状 \\ \t\n");
            rows.execute("insert into thing (id, box, raw) values (1, 1, ?)", new byte[] {0, 1, -1, 92});
            return rows.execute("insert into thing (id, box, note) values (2, null, '')");
        });
    }

    private static List<String> labels(Database database) {
        return database.inTransaction(rows -> rows.createQuery("select label from box order by id")
                .mapTo(String.class)
                .list());
    }

    /// Every byte changed once, every truncation: refused, and nothing left in the tables.
    private static void everyDamageIsRefused(Database database, Path backup, Path file) throws Exception {
        var whole = Files.readAllBytes(file);
        for (int i = 0; i < whole.length; i++) {
            var damaged = whole.clone();
            damaged[i] ^= 1;
            Files.write(file, damaged);
            assertRefused(database, backup, file + " byte " + i);
            if (i % 8 == 0) {
                Files.write(file, java.util.Arrays.copyOf(whole, i));
                assertRefused(database, backup, file + " cut at " + i);
            }
        }
        Files.delete(file);
        assertRefused(database, backup, file + " missing");
        Files.write(file, whole);
        assertEquals(List.of(), labels(database));
        assertEquals(List.of(), Scratch.ids(database));
    }

    private static void assertRefused(Database database, Path backup, String what) {
        var code = refusal(() -> database.restore(backup));
        assertEquals(true, code.equals("backup-broken") || code.equals("backup-other-version"), what + ": " + code);
    }

    private static String refusal(Runnable work) {
        return assertThrows(Refusal.class, work::run).code();
    }
}
