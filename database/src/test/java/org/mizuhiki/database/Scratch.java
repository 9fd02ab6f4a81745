package org.mizuhiki.database;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;

/// What several tests do to a scratch database.
final class Scratch {
    static final SecureRandom DIE = new SecureRandom();
    static final Path BINARIES = Path.of("target/postgres").toAbsolutePath();

    private Scratch() {}

    static DatabaseConfig config(Path folder) {
        return DatabaseConfig.embedded(folder, BINARIES);
    }

    static Database open(Path folder) {
        return Databases.open(config(folder), "db/things", DIE);
    }

    static void put(Database database, int id) {
        database.inTransaction(rows -> rows.execute("insert into thing (id, note) values (?, ?)", id, "note " + id));
    }

    static List<Integer> ids(Database database) {
        return database.inTransaction(rows -> rows.createQuery("select id from thing order by id")
                .mapTo(Integer.class)
                .list());
    }

    static List<String> pidFile(Path folder) throws IOException {
        return Files.readAllLines(folder.resolve("data/postmaster.pid"));
    }

    static ProcessHandle postmaster(Path folder) throws IOException {
        return ProcessHandle.of(Long.parseLong(pidFile(folder).getFirst())).orElseThrow();
    }
}
