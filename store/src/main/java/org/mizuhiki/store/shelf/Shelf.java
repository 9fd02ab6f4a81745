package org.mizuhiki.store.shelf;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The folder of blobs: a file under a digest's name is whole and on disk, or does not exist.
public final class Shelf {
    private static final Logger LOG = LoggerFactory.getLogger(Shelf.class);
    private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}");
    private static final int CHUNK = 1 << 18;
    private final Path folder;
    private final Path incoming;
    private final long reserve;
    private final AtomicLong number = new AtomicLong();

    private Shelf(Path folder, long reserve) {
        this.folder = folder;
        this.incoming = folder.resolve("incoming");
        this.reserve = reserve;
    }

    /// Opens the folder for this process alone and removes what an interrupted one was receiving.
    ///
    /// @param reserve bytes of the disk that are never filled
    public static Shelf open(Path folder, long reserve) {
        var shelf = new Shelf(folder, reserve);
        try {
            Files.createDirectories(shelf.incoming);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
            try (var left = Files.list(shelf.incoming)) {
                for (var file : left.toList()) {
                    Files.delete(file);
                }
            }
            return shelf;
        } catch (IOException e) {
            throw Refusal.of(
                    "store-folder", "保管フォルダを使用できません", "The store's folder cannot be used: " + folder.getFileName(), e);
        }
    }

    public Path of(Digest digest) {
        var hex = digest.hex();
        return folder.resolve(hex.substring(0, 2)).resolve(hex.substring(2, 4)).resolve(hex);
    }

    /// Receives content into a file of its own, hashing on the way, and syncs it.
    ///
    /// @throws Refusal `blob-mismatch`, `store-full`, `upload-broken`; nothing is kept then
    public Received receive(Digest digest, InputStream content, long size) {
        var file = incoming.resolve("blob-" + number.incrementAndGet());
        try {
            room(size);
            var hash = Digest.sha256();
            long got;
            try (var out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                got = copy(content, size, hash, out);
                out.force(true);
            }
            if (got != size || !Digest.ofHash(hash.digest()).equals(digest)) {
                throw Refusal.of(
                        "blob-mismatch",
                        "届いたデータが識別子または大きさと一致しないため保存しませんでした。もう一度送信してください",
                        "What arrived is not what its digest and size say; nothing was kept, send it again");
            }
            return new Received(file, digest);
        } catch (IOException e) {
            drop(file);
            throw unwritten(e);
        } catch (RuntimeException e) {
            drop(file);
            throw e;
        }
    }

    /// Stops one chunk past the size that was said: a longer stream is refused, not swallowed.
    private static long copy(InputStream content, long size, MessageDigest hash, FileChannel out) throws IOException {
        var chunk = new byte[CHUNK];
        long got = 0;
        for (int n = read(content, chunk); n >= 0 && got <= size; n = read(content, chunk)) {
            hash.update(chunk, 0, n);
            for (var bytes = ByteBuffer.wrap(chunk, 0, n); bytes.hasRemaining(); ) {
                out.write(bytes);
            }
            got += n;
        }
        return got;
    }

    private void room(long size) throws IOException {
        if (size > Files.getFileStore(incoming).getUsableSpace() - reserve) {
            throw full();
        }
    }

    private static int read(InputStream content, byte[] chunk) {
        try {
            return content.read(chunk);
        } catch (IOException e) {
            throw Refusal.of(
                    "upload-broken",
                    "受信が途中で切れたため保存しませんでした。もう一度送信してください",
                    "The upload broke off; nothing was kept, send it again",
                    e);
        }
    }

    /// Puts a received file under its name, durably. It may replace a file of that name: same digest, same
    /// content, and if the disk has damaged the older one, this heals it.
    public void keep(Received received) {
        var hex = received.digest().hex();
        try {
            var outer = made(folder, hex.substring(0, 2));
            var inner = made(outer, hex.substring(2, 4));
            Files.move(received.file(), inner.resolve(hex), StandardCopyOption.ATOMIC_MOVE);
            sync(inner);
        } catch (IOException e) {
            throw unwritten(e);
        }
    }

    private static Path made(Path parent, String name) throws IOException {
        var path = parent.resolve(name);
        if (!Files.isDirectory(path)) {
            Files.createDirectories(path);
        }
        // also when another upload has just made it: that one may not have synced it yet
        sync(parent);
        return path;
    }

    /// Without this a rename that was acknowledged may be gone after a power cut (fsync(2), notes on
    /// directories).
    private static void sync(Path directory) throws IOException {
        try (var channel = FileChannel.open(directory)) {
            channel.force(true);
        }
    }

    public void remove(Digest digest) {
        drop(of(digest));
    }

    /// Names of complete blobs that were last written before `then`, one after the other; for sweeping.
    public void eachOlderThan(Instant then, Consumer<Digest> use) {
        BiPredicate<Path, BasicFileAttributes> old = (path, attributes) -> complete(path, attributes)
                && attributes.lastModifiedTime().toInstant().isBefore(then);
        try (var found = Files.find(folder, 3, old)) {
            found.map(path -> new Digest(path.getFileName().toString())).forEach(use);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies every complete blob into an empty folder of the same form, while others come in; not synced.
    /// A blob that vanishes meanwhile was swept: it was in no envelope.
    public void copyTo(Path target) throws IOException {
        try (var found = Files.find(folder, 3, Shelf::complete)) {
            for (var blob : (Iterable<Path>) found::iterator) {
                var copy = target.resolve(folder.relativize(blob).toString());
                Files.createDirectories(copy.resolveSibling("."));
                try {
                    Files.copy(blob, copy);
                } catch (NoSuchFileException swept) {
                    Files.deleteIfExists(copy);
                }
            }
        }
    }

    private static boolean complete(Path path, BasicFileAttributes attributes) {
        return attributes.isRegularFile()
                && NAME.matcher(path.getFileName().toString()).matches();
    }

    private static void drop(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            LOG.warn("a file of the store could not be removed", e);
        }
    }

    private Refusal unwritten(IOException e) {
        if (String.valueOf(e.getMessage()).contains("No space left")
                || String.valueOf(e.getMessage()).contains("quota exceeded")) {
            return full();
        }
        return Refusal.of(
                "store-failed",
                "保管サーバのディスクに書き込めませんでした。管理者に連絡してください",
                "The store's disk did not take the blob; nothing was kept, tell the operator",
                e);
    }

    private static Refusal full() {
        return Refusal.of(
                "store-full",
                "保管サーバに空きがないため保存しませんでした。管理者に連絡してください",
                "The store is full; nothing was kept, tell the operator");
    }

    /// A blob that arrived whole and is synced, but has no name yet; closing drops it unless it was kept.
    public record Received(Path file, Digest digest) implements AutoCloseable {
        @Override
        public void close() {
            drop(file);
        }
    }
}
