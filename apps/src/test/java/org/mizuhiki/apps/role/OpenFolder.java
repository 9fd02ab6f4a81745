package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;

/// A test's folder in which servers can run.
final class OpenFolder {
    private OpenFolder() {}

    /// The embedded PostgreSQL runs as an unprivileged user, who must be able to walk through.
    static Path open(Path folder) throws IOException {
        var temporary = Path.of(System.getProperty("java.io.tmpdir"));
        for (int depth = temporary.getNameCount() + 1; depth <= folder.getNameCount(); depth++) {
            var above = Objects.requireNonNull(folder.getRoot()).resolve(folder.subpath(0, depth));
            Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwx--x--x"));
        }
        return folder;
    }
}
