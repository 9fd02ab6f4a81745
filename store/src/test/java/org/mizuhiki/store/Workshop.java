package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// A store with its database, a clock that stands still, and people.
final class Workshop implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final Digest GRANT = Digest.of((byte) 1);
    static final StoreLimits LIMITS = new StoreLimits(4 << 20, 6 << 20, Duration.ofDays(7), 0);

    final Path folder;
    final Database database;
    final StillClock clock = new StillClock();
    final PostgresStore store;
    final PersonId author = person();
    final PersonId owner = person();
    final PersonId reader = person();
    final PersonId stranger = person();

    Workshop(Path folder) {
        this.folder = folder;
        this.database = Databases.open(config(folder), PostgresStore.MIGRATIONS, DIE);
        this.store = PostgresStore.open(database, folder.resolve("blobs"), LIMITS, clock);
    }

    static DatabaseConfig config(Path folder) {
        return DatabaseConfig.embedded(
                folder.resolve("database"), Path.of("target/postgres").toAbsolutePath());
    }

    static PersonId person() {
        return PersonId.random(DIE);
    }

    static byte[] noise(int size) {
        var bytes = new byte[size];
        DIE.nextBytes(bytes);
        return bytes;
    }

    Digest put(PersonId who, byte... content) {
        var digest = Digest.of(content);
        store.put(who, digest, new ByteArrayInputStream(content), content.length);
        return digest;
    }

    /// A registered envelope of the author for the owner with one object.
    Store.Envelope envelope() {
        var envelope = new Store.Envelope(put(author, noise(1000)), List.of(put(author, noise(2000))), owner);
        store.register(author, envelope);
        return envelope;
    }

    void share(PersonId who, Digest letter, PersonId with) {
        store.share(who, new Store.Share(letter, with, GRANT, clock.instant().plus(Duration.ofDays(30))));
    }

    boolean fetches(PersonId who, Digest blob) throws IOException {
        try {
            return Digest.of(Files.readAllBytes(store.fetch(who, blob))).equals(blob);
        } catch (Refusal e) {
            if (!e.code().equals("blob-unknown")) {
                throw e;
            }
            return false;
        }
    }

    long files() throws IOException {
        try (var all = Files.walk(folder.resolve("blobs"))) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    static String refusal(Executable work) {
        return assertThrows(Refusal.class, work).code();
    }

    @Override
    public void close() {
        database.close();
    }

    /// Moves only when told to.
    static final class StillClock extends Clock {
        private Instant now = Instant.parse("2026-04-01T00:00:00Z");

        synchronized void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public synchronized Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
