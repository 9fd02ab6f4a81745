package org.mizuhiki.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;

class EmbeddedTest {
    @TempDir
    Path folder;

    @Test
    void keepsRowsAcrossRestartsDurablyAndForItselfOnly() throws Exception {
        try (var database = Scratch.open(folder)) {
            assertTrue(database.ready());
            Scratch.put(database, 1);
            for (var setting : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
                assertEquals("on", setting(database, setting), setting);
            }
            assertEquals("127.0.0.1", setting(database, "listen_addresses"));
            assertEquals("18.6", setting(database, "server_version").split(" ")[0]);
            assertEquals(
                    PosixFilePermissions.fromString("rw-------"),
                    Files.getPosixFilePermissions(folder.resolve("password")));
        }
        assertFalse(Files.exists(folder.resolve("data/postmaster.pid")), "the server stopped with its database");
        try (var database = Scratch.open(folder)) {
            assertEquals(List.of(1), Scratch.ids(database));
        }
    }

    private static String setting(Database database, String name) {
        return database.inTransaction(rows -> rows.createQuery("select current_setting(:name)")
                .bind("name", name)
                .mapTo(String.class)
                .one());
    }

    @Test
    void refusesASecondUserOfItsFolder() {
        var database = Scratch.open(folder);
        try (database) {
            assertEquals(
                    "database-in-use",
                    assertThrows(Refusal.class, () -> Scratch.open(folder)).code());
        }
    }

    @Test
    void adoptsTheServerOfAProcessThatDied() throws Exception {
        var survivor = leftByAProcessThatDied();
        try (var database = Scratch.open(folder)) {
            assertEquals(survivor.pid(), Scratch.postmaster(folder).pid());
            assertEquals(List.of(7), Scratch.ids(database));
        }
        assertFalse(survivor.isAlive());
    }

    @Test
    void stopsTheServerOfAProcessThatDiedButNotOneThatIsUsed() throws Exception {
        var survivor = leftByAProcessThatDied();
        Databases.stopLeft(folder);
        assertFalse(survivor.isAlive());
        Databases.stopLeft(folder);
        try (var database = Scratch.open(folder)) {
            var refusal = assertThrows(Refusal.class, () -> Databases.stopLeft(folder));
            assertEquals("database-in-use", refusal.code());
            assertEquals(List.of(7), Scratch.ids(database));
        }
    }

    private ProcessHandle leftByAProcessThatDied() throws Exception {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingUser.class.getName(),
                        folder.toString())
                .inheritIO()
                .start();
        assertEquals(9, child.waitFor());
        return Scratch.postmaster(folder);
    }

    @Test
    void aServerThatIsKilledComesBackWithAllThatWasAcknowledged() throws Exception {
        try (var database = Scratch.open(folder)) {
            int acknowledged = 0;
            int refused = 0;
            for (int id = 1; id <= 600; id++) {
                if (id == 200 || id == 400) {
                    Scratch.postmaster(folder).destroyForcibly();
                }
                while (!attempt(database, id)) {
                    refused++;
                }
                acknowledged++;
            }
            assertTrue(refused > 0, "a killed server refuses at least once");
            assertEquals(acknowledged, Scratch.ids(database).size());
        }
    }

    private static boolean attempt(Database database, int id) {
        try {
            database.inTransaction(rows ->
                    rows.execute("insert into thing (id, note) values (?, 'n') on conflict (id) do nothing", id));
            return true;
        } catch (Refusal e) {
            assertEquals("database-away", e.code());
            return false;
        }
    }

    @Test
    void refusesWhenTheServerCannotComeBack() throws Exception {
        try (var database = Scratch.open(folder)) {
            Files.move(folder.resolve("data/PG_VERSION"), folder.resolve("away"));
            var server = Scratch.postmaster(folder);
            server.destroyForcibly();
            server.onExit().get();
            while (attempt(database, 1)) {
                Thread.onSpinWait(); // a session may outlive its server for a moment
            }
            assertEquals(
                    "database-away",
                    assertThrows(Refusal.class, () -> Scratch.put(database, 2)).code());
            assertFalse(database.ready());
            Files.move(folder.resolve("away"), folder.resolve("data/PG_VERSION"));
            while (!attempt(database, 1)) {
                Thread.onSpinWait();
            }
            assertEquals(List.of(1), Scratch.ids(database));
        }
    }

    @Test
    void unpacksOnceForProcessesThatStartTogether() throws Exception {
        var cache = folder.resolve("cache");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var starts = List.of("a", "b").stream()
                    .map(name -> threads.submit((Callable<Boolean>) () -> {
                        var config = DatabaseConfig.embedded(folder.resolve(name), cache);
                        try (var database = Databases.open(config, "db/things", Scratch.DIE)) {
                            return database.ready();
                        }
                    }))
                    .toList();
            for (var start : starts) {
                assertTrue(start.get());
            }
        }
        try (var inside = Files.list(cache)) {
            assertEquals(
                    List.of("postgresql-18.6.0"),
                    inside.map(p -> p.getFileName().toString()).toList());
        }
    }

    @Test
    void worksWithAnyPostgresByItsUrl() throws Exception {
        try (var embedded = Scratch.open(folder)) {
            Scratch.put(embedded, 3);
            var config = byUrl(Scratch.pidFile(folder).get(3).strip(), folder.resolve("password"));
            try (var database = Databases.open(config, "db/things", Scratch.DIE)) {
                assertEquals(List.of(3), Scratch.ids(database));
            }
            assertTrue(embedded.ready(), "closing a client does not stop the operator's server");
        }
    }

    @Test
    void saysSoWhenTheConfiguredServerIsNotThere() throws Exception {
        var password = Files.writeString(folder.resolve("pw"), "x");
        for (var url : List.of("jdbc:postgresql://127.0.0.1:1/postgres", "jdbc:nonsense")) {
            var config =
                    new DatabaseConfig(Optional.of(url), Optional.of("app"), Optional.of(password), folder, folder, 2);
            var refusal = assertThrows(Refusal.class, () -> Databases.open(config, "db/things", Scratch.DIE));
            assertEquals(url.contains("nonsense") ? "database-config" : "database-away", refusal.code());
        }
    }

    private DatabaseConfig byUrl(String port, Path password) {
        return new DatabaseConfig(
                Optional.of("jdbc:postgresql://127.0.0.1:" + port + "/postgres"),
                Optional.of("app"),
                Optional.of(password),
                folder.resolve("unused"),
                folder.resolve("unused"),
                2);
    }

    @Test
    void aBrokenMigrationIsRefusedAndLeavesTheServerStopped() {
        var config = Scratch.config(folder);
        assertEquals(
                "database-migration",
                assertThrows(Refusal.class, () -> Databases.open(config, "db/broken", Scratch.DIE))
                        .code());
        assertFalse(Files.exists(folder.resolve("data/postmaster.pid")));
    }

    @Test
    void rollsBackWhatThrows() {
        try (var database = Scratch.open(folder)) {
            assertThrows(
                    IllegalStateException.class,
                    () -> database.inTransaction(rows -> {
                        rows.execute("insert into thing (id) values (1)");
                        throw new IllegalStateException("on purpose");
                    }));
            assertEquals(List.of(), Scratch.ids(database));
        }
    }
}
