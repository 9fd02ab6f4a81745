package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A file that the operator wants to have: the owner's only, and never written over another.
record NewFile(Path file) {
    NewFile {
        if (!file.isAbsolute()) {
            throw Refusal.of("argument-malformed", "to は絶対パスで指定してください", "Name 'to' by an absolute path");
        }
    }

    /// `to=/absolute/file`, if it was said.
    static Optional<NewFile> asked(Map<String, String> asked) {
        return Optional.ofNullable(asked.get("to")).map(to -> new NewFile(Path.of(to)));
    }

    /// @return its path
    /// @throws Refusal `file-exists` with other content, `file-unwritable`
    String write(Bytes content) {
        var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        var owners = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try (var out = Channels.newOutputStream(Files.newByteChannel(file, options, owners))) {
            out.write(content.toArray());
            return file.toString();
        } catch (FileAlreadyExistsException e) {
            return same(content, e);
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    private String same(Bytes content, FileAlreadyExistsException e) {
        try {
            if (Files.size(file) == content.size()
                    && Bytes.of(Files.readAllBytes(file)).equals(content)) {
                return file.toString();
            }
        } catch (IOException unreadable) {
            throw unwritable(unreadable);
        }
        throw Refusal.of(
                "file-exists",
                file + " があります。別の名前にするか、移してください",
                file + " is there already; choose another name, or move it",
                e);
    }

    private Refusal unwritable(IOException e) {
        return Refusal.of("file-unwritable", file + " に書き込めません", file + " cannot be written", e);
    }
}
