package org.mizuhiki.apps.command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A file that only its owner reads, such as a sheet with a secret on it.
final class OwnersFile {
    private OwnersFile() {}

    /// On disk when this returns, never over another file; nothing half written is left.
    ///
    /// @throws Refusal `file-exists`, `file-unwritable`
    static void create(Path file, Bytes content) {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var channel = FileChannel.open(file, options, owners)) {
            var bytes = ByteBuffer.wrap(content.toArray());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        } catch (FileAlreadyExistsException e) {
            throw Refusal.of("file-exists", file + " はすでにあります", file + " exists already", e);
        } catch (IOException e) {
            delete(file);
            throw Refusal.of("file-unwritable", file + " に書き込めません", file + " cannot be written", e);
        }
    }

    static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new UncheckedIOException("a file that was just made cannot be deleted: " + file, e);
            }
        }
    }
}
