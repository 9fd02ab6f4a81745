package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;

class DurabilityTest {
    @TempDir
    Path folder;

    @Test
    @Tag("V2")
    @Tag("F3")
    void everyAcknowledgedBlobOutlivesAProcessKilledInMidPut() throws Exception {
        var child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DyingStore.class.getName(),
                        folder.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var acknowledged = new ArrayList<Digest>();
        try (var lines = child.inputReader()) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.length() == 64) {
                    acknowledged.add(new Digest(line));
                }
                if (acknowledged.size() == 40) {
                    ProcessHandle.of(child.pid()).ifPresent(ProcessHandle::destroyForcibly);
                }
            }
        }
        child.waitFor();
        assertTrue(acknowledged.size() >= 40);
        try (var shop = new Workshop(folder)) {
            for (var blob : acknowledged) {
                assertTrue(shop.fetches(DyingStore.WHO, blob));
            }
            // counted neither more nor less than what is there
            long envelopes = shop.database.reading(rows -> rows.createQuery("select count(*) from envelope")
                    .mapTo(Long.class)
                    .one());
            long counted = shop.database.reading(
                    rows -> rows.createQuery("select sum(amount)::bigint from usage_tally where measure = 'letters'")
                            .mapTo(Long.class)
                            .one());
            assertEquals(envelopes, counted);
            assertTrue(counted >= acknowledged.size());
            for (int i = 0; i < acknowledged.size() + 8; i++) {
                shop.put(DyingStore.WHO, DyingStore.content(i));
            }
            assertTrue(new HashSet<>(acknowledged).size() <= shop.files(), "nothing half received is left");
            assertEquals(
                    0,
                    Objects.requireNonNull(
                                    folder.resolve("blobs/incoming").toFile().list())
                            .length);
        }
    }

    @Test
    void keepsNothingOfWhatDoesNotMatch() throws Exception {
        try (var shop = new Workshop(folder)) {
            var content = Workshop.noise(5000);
            var digest = Digest.of(content);
            for (int at : List.of(0, 2500, 4999)) {
                var wrong = content.clone();
                wrong[at] ^= 1;
                assertEquals(
                        "blob-mismatch",
                        Workshop.refusal(() -> put(shop, digest, new ByteArrayInputStream(wrong), 5000)));
            }
            for (int size : List.of(0, 4999, 5001)) {
                assertEquals(
                        "blob-mismatch",
                        Workshop.refusal(() -> put(shop, digest, new ByteArrayInputStream(content), size)));
            }
            assertEquals("upload-broken", Workshop.refusal(() -> put(shop, digest, breaking(), 5000)));
            assertEquals("blob-too-large", Workshop.refusal(() -> put(shop, digest, breaking(), 5L << 20)));
            assertEquals("blob-too-large", Workshop.refusal(() -> put(shop, digest, breaking(), -1)));
            assertEquals(0, shop.files());
            assertFalse(shop.fetches(shop.author, digest));
            assertTrue(shop.fetches(shop.author, shop.put(shop.author)), "an empty blob is a blob");
        }
    }

    private static void put(Workshop shop, Digest digest, InputStream content, long size) {
        shop.store.put(shop.author, digest, content, size);
    }

    private static InputStream breaking() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("the line broke");
            }

            @Override
            public int read(byte[] b, int off, int len) throws IOException {
                return read();
            }
        };
    }

    @Test
    void theSameBlobFromManyAtOnceIsOneFile() throws Exception {
        try (var shop = new Workshop(folder);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var content = Workshop.noise(300_000);
            var people =
                    java.util.stream.Stream.generate(Workshop::person).limit(12).toList();
            var puts = people.stream()
                    .map(who -> threads.submit((Callable<Digest>) () -> shop.put(who, content)))
                    .toList();
            for (var put : puts) {
                put.get();
            }
            for (var who : people) {
                assertArrayEquals(content, Files.readAllBytes(shop.store.fetch(who, Digest.of(content))));
            }
            assertEquals(1, shop.files());
        }
    }

    @Test
    void quotaCountsWhatIsNotRegisteredAndOrphansAreSwept() throws Exception {
        try (var shop = new Workshop(folder)) {
            var kept = shop.envelope();
            var first = shop.put(shop.author, Workshop.noise(4 << 20));
            shop.put(shop.author, Workshop.noise(1 << 20));
            assertEquals("quota-exceeded", Workshop.refusal(() -> shop.put(shop.author, Workshop.noise(2 << 20))));
            shop.store.register(shop.author, new Store.Envelope(first, List.of(), shop.owner));
            var orphan = shop.put(shop.author, Workshop.noise(2 << 20));
            shop.clock.advance(
                    Duration.between(shop.clock.instant(), Clock.systemUTC().instant()));
            assertEquals(0, shop.store.sweep());
            shop.clock.advance(Workshop.LIMITS.orphansFor().plusDays(1));
            assertEquals(2, shop.store.sweep());
            assertFalse(shop.fetches(shop.author, orphan));
            assertTrue(shop.fetches(shop.owner, kept.letter()));
            assertTrue(shop.fetches(shop.owner, first));
            assertEquals(3, shop.files());
        }
    }

    @Test
    @Tag("F3")
    void aFullDiskIsRefusedAndNothingBreaks() throws Exception {
        var disk = Files.createDirectory(folder.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk.toString()), "mounting needs root");
        try (var shop = new Workshop(folder)) {
            var store = PostgresStore.open(shop.database, disk.resolve("blobs"), Workshop.LIMITS, shop.clock);
            var small = Workshop.noise(1 << 20);
            store.put(shop.author, Digest.of(small), new ByteArrayInputStream(small), small.length);
            var big = Workshop.noise(3 << 20);
            var digest = Digest.of(big);
            assertEquals(
                    "store-full",
                    Workshop.refusal(() -> store.put(shop.author, digest, new ByteArrayInputStream(big), big.length)));
            // space that goes while a blob comes in: the write itself fails
            var hog = disk.resolve("hog");
            var half = Workshop.noise(1 << 20);
            assertEquals(
                    "store-full",
                    Workshop.refusal(() -> store.put(shop.author, Digest.of(half), filling(half, hog), half.length)));
            Files.delete(hog);
            assertArrayEquals(small, Files.readAllBytes(store.fetch(shop.author, Digest.of(small))));
            store.put(shop.author, Digest.of(half), new ByteArrayInputStream(half), half.length);
            assertArrayEquals(half, Files.readAllBytes(store.fetch(shop.author, Digest.of(half))));
        } finally {
            run("umount", disk.toString());
        }
    }

    /// Fills the disk as soon as it is read from.
    private static InputStream filling(byte[] content, Path hog) {
        return new ByteArrayInputStream(content) {
            @Override
            public synchronized int read(byte[] b, int off, int len) {
                try (var out = Files.newOutputStream(hog)) {
                    while (true) {
                        out.write(new byte[4096]);
                    }
                } catch (IOException full) {
                    return super.read(b, off, len);
                }
            }
        };
    }

    private static boolean run(String... command) throws Exception {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void saysSoWhenTheDatabaseIsAway() throws Exception {
        var shop = new Workshop(folder);
        var digest = shop.put(shop.author, Workshop.noise(10));
        var version = folder.resolve("database/data/PG_VERSION");
        Files.move(version, folder.resolve("away"));
        var pid = Files.readAllLines(folder.resolve("database/data/postmaster.pid"))
                .getFirst();
        var server = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        server.destroyForcibly();
        server.onExit().get();
        try (shop) {
            while (shop.database.ready()) {
                Thread.onSpinWait(); // a session may outlive its server for a moment
            }
            assertEquals("database-away", Workshop.refusal(() -> shop.store.fetch(shop.author, digest)));
            assertEquals("database-away", Workshop.refusal(() -> shop.put(shop.author, Workshop.noise(10))));
            Files.move(folder.resolve("away"), version);
            while (!shop.database.ready()) {
                Thread.onSpinWait();
            }
            assertTrue(shop.fetches(shop.author, digest));
        }
    }

    /// The store takes what it is given; what it adds by itself must say nothing about people's health.
    @Test
    @Tag("V7")
    void itsTablesHoldOnlyDigestsNamesSizesAndTimes() throws Exception {
        try (var shop = new Workshop(folder)) {
            var marker = "MARKER-紹介状-7f3a".getBytes(StandardCharsets.UTF_8);
            var letter = shop.put(shop.author, marker);
            shop.store.register(shop.author, new Store.Envelope(letter, List.of(), shop.owner));
            shop.share(shop.author, letter, shop.reader);
            shop.database.backup(folder.resolve("backup"));
            try (var files = Files.list(folder.resolve("backup"))) {
                for (var file :
                        files.filter(f -> f.toString().endsWith(".copy")).toList()) {
                    for (var field : Files.readString(file).split("[\t\n]")) {
                        assertTrue(
                                field.matches("[0-9a-f]{64}|P(-[0-9A-Z]{4}){3}|[0-9]*|[-0-9:. +]{22,32}"),
                                file.getFileName() + " holds " + field);
                    }
                }
            }
        }
    }
}
