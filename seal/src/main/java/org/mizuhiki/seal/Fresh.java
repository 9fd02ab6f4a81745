package org.mizuhiki.seal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.mizuhiki.house.Refusal;

/// Writes files so that their name appears only with their whole, checked content.
final class Fresh {
    private Fresh() {}

    @FunctionalInterface
    interface Filling<T> {
        T into(FileChannel channel) throws IOException;
    }

    /// @throws Refusal `file-exists`: sealed or opened records are never written over by accident
    static <T> T create(Path target, Filling<T> filling) throws IOException {
        if (Files.exists(target)) {
            throw exists();
        }
        return write(target, false, filling);
    }

    static <T> T replace(Path target, Filling<T> filling) throws IOException {
        return write(target, true, filling);
    }

    private static <T> T write(Path target, boolean replace, Filling<T> filling) throws IOException {
        var folder = target.toAbsolutePath().getParent();
        if (folder == null) {
            throw new NoSuchFileException(target.toString());
        }
        // Opened content is a patient's: nobody else may read the temporary file while it grows.
        var temporary = Files.createTempFile(
                folder,
                ".mizuhiki-",
                ".part",
                PosixFilePermissions.asFileAttribute(Set.copyOf(PosixFilePermissions.fromString("rw-------"))));
        try {
            T result;
            try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                result = filling.into(channel);
                channel.force(true);
            }
            place(temporary, target, replace);
            return result;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static void place(Path temporary, Path target, boolean replace) throws IOException {
        if (replace) {
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return;
        }
        try {
            // A hard link fails when the name was taken meanwhile, which an atomic rename would not notice.
            Files.createLink(target, temporary);
        } catch (FileAlreadyExistsException e) {
            throw exists();
        } catch (UnsupportedOperationException e) {
            Files.move(temporary, target);
        }
    }

    private static Refusal exists() {
        return Refusal.of(
                "file-exists", "同じ名前のファイルが既にあります。別の名前を指定してください", "The output file exists already; give another name");
    }
}
