package org.mizuhiki.pocket.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.mizuhiki.house.Refusal;

/// Writes that are either wholly there or not at all: temporary file, fsync, rename, fsync of the folder.
/// Files are 0600 and folders 0700, because a device may have other accounts.
public final class Disk {
    private Disk() {}

    /// An action on files.
    @FunctionalInterface
    public interface Work<T> {
        T run() throws IOException;
    }

    /// Runs `work` and says `device-disk` when the disk does not do it (full, read-only, away).
    public static <T> T attempt(Work<T> work) {
        try {
            return work.run();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Replaces `file` durably.
    public static void write(Path file, byte... content) {
        attempt(() -> {
            var temporary = file.resolveSibling("." + file.getFileName() + ".new");
            Files.deleteIfExists(temporary);
            try (var channel = create(temporary)) {
                var buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            sync(parent(file));
            return file;
        });
    }

    /// A new file that only its owner reads; it must not exist.
    public static FileChannel create(Path file) throws IOException {
        return FileChannel.open(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    }

    /// Gives a finished file its name, which nobody may have taken meanwhile: a rename would replace what
    /// somebody put there after the caller looked.
    ///
    /// @param finished in the same folder; stays, for the caller to delete
    /// @throws Refusal `file-exists`; what is there is not touched
    public static Path place(Path finished, Path name) throws IOException {
        try {
            Files.createLink(name, finished);
        } catch (FileAlreadyExistsException e) {
            throw taken();
        } catch (FileSystemException | UnsupportedOperationException e) {
            copy(finished, name); // a disk without hard links, such as a USB stick
        }
        sync(parent(name));
        return name;
    }

    private static void copy(Path finished, Path name) throws IOException {
        FileChannel open;
        try {
            open = create(name);
        } catch (FileAlreadyExistsException e) {
            throw taken();
        }
        boolean whole = false;
        try (open) {
            Files.copy(finished, Channels.newOutputStream(open));
            open.force(true);
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(name);
            }
        }
    }

    public static Refusal taken() {
        return Refusal.of(
                "file-exists",
                "保存先に同じ名前のファイルがあります。空のフォルダーを指定してください",
                "A file of that name is there already; choose an empty folder");
    }

    /// Reads a file of at most `limit` bytes.
    public static byte[] read(Path file, long limit) {
        return attempt(() -> {
            if (Files.size(file) > limit) {
                throw Refusal.of(
                        "file-too-large",
                        "ファイルが大きすぎます（上限 " + limit + " バイト）",
                        "The file is larger than " + limit + " bytes");
            }
            return Files.readAllBytes(file);
        });
    }

    /// Makes a folder (and its parents) that only its owner enters.
    public static Path folder(Path folder) {
        // nearly always it is there; asking the system to make it again costs an exception each time
        return Files.isDirectory(folder)
                ? folder
                : attempt(() -> Files.createDirectories(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
    }

    /// Makes a prepared folder visible under its final name, all at once.
    public static void publish(Path prepared, Path name) {
        attempt(() -> {
            sync(prepared);
            Files.move(prepared, name, StandardCopyOption.ATOMIC_MOVE);
            sync(parent(name));
            return name;
        });
    }

    /// Removes a folder and all in it; nothing happens when it is not there.
    public static void remove(Path tree) {
        attempt(() -> {
            if (Files.exists(tree)) {
                try (var all = Files.walk(tree)) {
                    for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                        Files.deleteIfExists(path);
                    }
                }
            }
            return tree;
        });
    }

    /// The entries of a folder in the order of their names; hidden ones (unfinished work) are left out.
    public static List<Path> list(Path folder) {
        return attempt(() -> {
            if (!Files.isDirectory(folder)) {
                return List.of();
            }
            try (var all = Files.list(folder)) {
                return all.filter(p -> !p.getFileName().toString().startsWith("."))
                        .sorted()
                        .toList();
            }
        });
    }

    /// fsync of a folder: makes renames in it survive power loss.
    public static void sync(Path folder) throws IOException {
        try (var channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Path parent(Path file) {
        var parent = file.toAbsolutePath().getParent();
        if (parent == null) {
            throw new IllegalStateException("a file in a device's folder has a parent");
        }
        return parent;
    }

    /// The reason the system gave is told, the path is not: refusals travel into logs.
    public static Refusal failed(IOException e) {
        if (e instanceof AtomicMoveNotSupportedException) {
            return Refusal.of(
                    "device-disk",
                    "端末のフォルダーが対応していない種類のディスクにあります",
                    "The device's folder lies on a file system without atomic renames",
                    e);
        }
        var why = e instanceof FileSystemException f && f.getReason() != null ? f.getReason() : "I/O";
        return Refusal.of(
                "device-disk",
                "端末のディスクを読み書きできません（" + why + "）。空き容量と権限を確かめてください",
                "The device's disk cannot be read or written (" + why + "); check free space and permissions",
                e);
    }
}
