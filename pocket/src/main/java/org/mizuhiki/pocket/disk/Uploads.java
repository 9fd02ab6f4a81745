package org.mizuhiki.pocket.disk;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Files on their way in over the network, where only this process comes: each appears among its letter's
/// when it is there whole and on the disk. In the folder: `coming/` (files while they arrive), `open/` (a
/// folder for each letter that is not handed in yet), `bin/` (what is being removed), `lock`.
public final class Uploads implements AutoCloseable {
    private static final int AT_ONCE = 8;
    private static final int AT_ONCE_OF_ONE = AT_ONCE / 2;
    private static final int MOST_OPEN = 100;
    private static final long LEAST_FREE = 1L << 30;
    private static final Duration LIFE = Duration.ofDays(7);

    private final Path folder;
    private final FileChannel lock;
    private final Handed.Bounds bounds;
    private final Clock clock;
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Map<String, Semaphore> ownPlaces = new ConcurrentHashMap<>(); // few systems are let in

    private Uploads(Path folder, FileChannel lock, Handed.Bounds bounds, Clock clock) {
        this.folder = folder;
        this.lock = lock;
        this.bounds = bounds;
        this.clock = clock;
    }

    /// One file that has arrived; gone when it is closed, unless it was kept.
    public record Coming(Path file, String name, long size, Digest sha256, Place place) implements AutoCloseable {
        @Override
        public void close() {
            place.close();
            Disk.attempt(() -> Files.deleteIfExists(file));
        }
    }

    /// One of the few places for files that arrive.
    record Place(Semaphore all, Semaphore own) implements AutoCloseable {
        @Override
        public void close() {
            own.release();
            all.release();
        }
    }

    /// Takes the folder for this process, and clears what a crash left half-arrived.
    ///
    /// @param bounds of one letter
    /// @throws Refusal `hospital-folder-busy` when another process has it
    public static Uploads open(Path folder, Handed.Bounds bounds, Clock clock) {
        return Disk.attempt(() -> {
            var lock = FileChannel.open(
                    Disk.folder(folder).resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                if (lock.tryLock() == null) {
                    throw new OverlappingFileLockException();
                }
            } catch (OverlappingFileLockException e) {
                lock.close();
                throw Refusal.of(
                        "hospital-folder-busy",
                        "この受け渡しフォルダーは別の処理が使用中です。1つだけ動かしてください",
                        "Another process works on this folder; run only one",
                        e);
            }
            var shared = new Shared(folder);
            for (var left : shared.list("coming")) {
                Files.delete(folder.resolve("coming").resolve(left.name()));
            }
            var uploads = new Uploads(folder, lock, bounds, clock);
            Disk.folder(folder.resolve("coming"));
            Disk.folder(folder.resolve("open"));
            uploads.emptyBin(Instant.MAX);
            return uploads;
        });
    }

    /// Where things go that are removed.
    public Path bin() {
        return Disk.folder(folder.resolve("bin"));
    }

    /// Removes what stayed behind there, as far as the disk lets it: nobody sees it any more.
    ///
    /// @param before only what lies there for longer; what is newer is being removed by somebody else
    public void emptyBin(Instant before) {
        var bin = new Shared(bin());
        bin.list().stream().filter(left -> left.modified().isBefore(before)).forEach(left -> bin.discard(left.name()));
    }

    /// Reads a file to its end and to the disk.
    ///
    /// @param owner who sends it; half of all places are the most for one
    /// @param most bytes
    /// @throws Refusal `desk-full`, and whatever ends `content` too early; nothing of it stays then
    public Coming receive(String owner, String name, InputStream content, long most) {
        var place = place(owner);
        boolean whole = false;
        try {
            var coming = Disk.attempt(() -> received(place, name, content, most));
            whole = true;
            return coming;
        } finally {
            if (!whole) {
                place.close();
            }
        }
    }

    private Place place(String owner) {
        var own = ownPlaces.computeIfAbsent(owner, _ -> new Semaphore(AT_ONCE_OF_ONE));
        if (!own.tryAcquire()) {
            throw full();
        }
        if (!places.tryAcquire()) {
            own.release();
            throw full();
        }
        return new Place(places, own);
    }

    private Coming received(Place place, String name, InputStream content, long most) throws IOException {
        var file = Files.createTempFile(folder.resolve("coming"), "file", "");
        boolean whole = false;
        try {
            var coming = written(file, place, name, content, most);
            whole = true;
            return coming;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private Coming written(Path file, Place place, String name, InputStream content, long most) throws IOException {
        MessageDigest hash = Digest.sha256();
        long size = 0;
        var buffer = new byte[1 << 16];
        try (var out = FileChannel.open(file, StandardOpenOption.WRITE)) {
            for (int n = arrived(content, buffer); n >= 0; n = arrived(content, buffer)) {
                if ((size >> 24) != ((size + n) >> 24) || size == 0) { // each 16 MiB
                    mustHaveRoom();
                }
                size += n;
                if (size > most) {
                    throw Handed.tooLarge();
                }
                hash.update(buffer, 0, n);
                var bytes = ByteBuffer.wrap(buffer, 0, n);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
            }
            out.force(true);
        }
        return new Coming(file, name, size, Digest.ofHash(hash.digest()), place);
    }

    /// What the sender breaks off is not this disk's failure.
    private static int arrived(InputStream content, byte[] buffer) {
        try {
            return content.read(buffer);
        } catch (IOException e) {
            throw new UncheckedIOException("a file broke off", e);
        }
    }

    private void mustHaveRoom() throws IOException {
        if (Files.getFileStore(folder).getUsableSpace() < LEAST_FREE) {
            throw full();
        }
    }

    private static Refusal full() {
        return Refusal.of("desk-full", "受け取る余裕がありません。後でもう一度送ってください", "There is no room just now; try again later");
    }

    /// Puts a file among those of a letter, in place of one of the same name.
    ///
    /// @param owner how the names of letters begin that count together: only so many may be open
    /// @param letter a name that is a folder's
    /// @throws Refusal `drop-too-large`, `desk-full`
    public void keep(String owner, String letter, Coming coming) {
        Disk.attempt(() -> {
            var target = folder.resolve("open").resolve(letter);
            if (!Files.isDirectory(target)) {
                if (open().stream().filter(l -> l.startsWith(owner)).count() >= MOST_OPEN) {
                    throw full();
                }
                Disk.folder(target);
                Disk.sync(folder.resolve("open"));
            }
            int count = 1;
            long together = coming.size();
            for (var file : files(letter)) {
                if (!String.valueOf(file.getFileName()).equals(coming.name())) {
                    count++;
                    together += Files.size(file);
                }
            }
            if (count > bounds.files() || together > bounds.together()) {
                throw Handed.tooLarge();
            }
            Files.move(
                    coming.file(),
                    target.resolve(coming.name()),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Disk.sync(target);
            return target;
        });
    }

    /// Letters that are open.
    public List<String> open() {
        return new Shared(folder).list("open").stream().map(Shared.Entry::name).toList();
    }

    /// The files of an open letter, by name; none when there is no such letter.
    public List<Path> files(String letter) {
        return Disk.list(folder.resolve("open").resolve(letter));
    }

    /// Hands the files of an open letter over under a name of its own, all at once.
    ///
    /// @return false when something has that name
    public boolean publish(String letter, Path target) {
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        Disk.publish(folder.resolve("open").resolve(letter), target);
        return true;
    }

    /// Forgets an open letter.
    public void drop(String letter) {
        new Shared(folder).remove(bin(), "open", letter);
    }

    /// Whether nobody touched an open letter for a week.
    public boolean stale(String letter) {
        var old = clock.instant().minus(LIFE);
        return new Shared(folder)
                .list("open").stream()
                        .anyMatch(l -> l.name().equals(letter) && l.modified().isBefore(old));
    }

    @Override
    public void close() {
        Disk.attempt(() -> {
            lock.close();
            return lock;
        });
    }
}
