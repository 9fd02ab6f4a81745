package org.mizuhiki.pocket.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.mizuhiki.house.Refusal;

/// Files handed over between this program and another of the same house, by a folder that both may write.
/// The other one's files are never opened through a link: this process reads more than the other may, and
/// a link to a private file would otherwise leave in a letter.
public final class Handed {
    private static final int BLOCK = 1 << 16;

    private Handed() {}

    /// How much is taken from one folder.
    ///
    /// @param files most files
    /// @param each most bytes of one file
    /// @param together most bytes of all
    public record Bounds(int files, long each, long together) {}

    /// A folder that the group may enter, not write: what lies in it cannot be replaced by links.
    public static Path root(Path folder) {
        return made(folder, "rwxr-x---");
    }

    /// A folder that the group may enter and write: the other program's user is in it.
    public static Path folder(Path folder) {
        return made(folder, "rwxrwx---");
    }

    private static Path made(Path folder, String permissions) {
        return Disk.attempt(() -> {
            if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
            }
            return folder;
        });
    }

    /// Replaces `file` at once with content that the group may read, as far as the umask lets it.
    public static void write(Path file, byte... content) {
        Disk.attempt(() -> {
            var temporary = file.resolveSibling("." + file.getFileName() + ".new");
            Files.deleteIfExists(temporary);
            // rights from the start: changing them later would follow a link put there meanwhile
            try (var channel = FileChannel.open(
                    temporary,
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")))) {
                var buffer = ByteBuffer.wrap(content);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Disk.sync(java.util.Objects.requireNonNull(file.toAbsolutePath().getParent()));
            return file;
        });
    }

    /// Makes a folder visible to the group under its final name, all at once.
    ///
    /// @param prepared where only this process comes
    public static void publish(Path prepared, Path name) {
        Disk.attempt(() -> {
            try (var all = Files.walk(prepared)) {
                for (var path : all.toList()) {
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(Files.isDirectory(path) ? "rwxrwx---" : "rw-rw----"));
                }
            }
            return prepared;
        });
        Disk.publish(prepared, name);
    }

    /// Copies the plain files of `folder` into `into`, which is this process's alone: what is read from then
    /// on cannot change under the reader.
    ///
    /// @return the copies, in the order of their names
    /// @throws Refusal `drop-not-folder`, `drop-entry` when there is anything but plain files, `drop-too-large`
    @SuppressWarnings("StreamResourceLeak") // the secure stream is the same one, and is closed
    public static List<Path> copy(Path folder, Path into, Bounds bounds) {
        return Disk.attempt(() -> {
            var parent = folder.toAbsolutePath().getParent();
            if (parent == null) {
                throw notPlain();
            }
            Disk.remove(into);
            Disk.folder(into);
            var copies = new ArrayList<Path>();
            try (var above = secure(Files.newDirectoryStream(parent));
                    var inside = inside(above, folder)) {
                long left = bounds.together();
                for (var entry : inside) {
                    if (copies.size() >= bounds.files()) {
                        throw tooLarge();
                    }
                    var copy = into.resolve(entry.getFileName().toString());
                    left -= copy(inside, entry.getFileName(), copy, Math.min(left, bounds.each()));
                    copies.add(copy);
                }
            }
            copies.sort(null);
            return List.copyOf(copies);
        });
    }

    private static SecureDirectoryStream<Path> secure(DirectoryStream<Path> stream) throws IOException {
        if (stream instanceof SecureDirectoryStream<Path> s) {
            return s;
        }
        stream.close();
        throw new IOException("this file system cannot be read without following links");
    }

    private static SecureDirectoryStream<Path> inside(SecureDirectoryStream<Path> above, Path folder)
            throws IOException {
        var name = folder.getFileName();
        if (!attributes(above, name).isDirectory()) {
            throw Refusal.of(
                    "drop-not-folder",
                    "文書は1件ごとに1つのフォルダーに入れてください（ファイルやリンクは受け取りません）",
                    "Put each letter into a folder of its own; a file or a link is not taken");
        }
        return above.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS);
    }

    private static java.nio.file.attribute.BasicFileAttributes attributes(SecureDirectoryStream<Path> in, Path name)
            throws IOException {
        return in.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    private static long copy(SecureDirectoryStream<Path> from, Path name, Path to, long most) throws IOException {
        // a pipe would block for ever, a device never end
        if (!attributes(from, name).isRegularFile()) {
            throw notPlain();
        }
        long size = 0;
        try (var in = from.newByteChannel(name, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS));
                FileChannel out = Disk.create(to)) {
            var buffer = ByteBuffer.allocate(BLOCK);
            while (in.read(buffer) >= 0) {
                buffer.flip();
                size += buffer.remaining();
                if (size > most) {
                    throw tooLarge(); // counted while it is read: a file may grow
                }
                while (buffer.hasRemaining()) {
                    out.write(buffer);
                }
                buffer.clear();
            }
        }
        return size;
    }

    private static Refusal notPlain() {
        return Refusal.of(
                "drop-entry",
                "フォルダーに普通のファイル以外のもの（リンク、下位フォルダーなど）があります。ファイルそのものを入れてください",
                "The folder has something else than plain files (a link, a folder inside); put the files themselves");
    }

    static Refusal tooLarge() {
        return Refusal.of(
                "drop-too-large",
                "ファイルが多すぎるか、大きすぎます（200件、1件5 GB、合計8 GBまで）。分けて送ってください",
                "Too many or too large files (at most 200, 5 GB each, 8 GB together); send them in several letters");
    }
}
