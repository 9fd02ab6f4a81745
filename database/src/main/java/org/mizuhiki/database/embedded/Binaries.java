package org.mizuhiki.database.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.mizuhiki.house.Refusal;
import org.tukaani.xz.XZInputStream;

/// PostgreSQL's programs, unpacked once a version into a folder that all processes of a machine share.
final class Binaries {
    /// As pinned in the root pom; names the folder, so a newer version never meets an older one's files.
    static final String VERSION = "18.6.0";

    private Binaries() {}

    /// @return the folder that holds `bin/postgres`; complete, or this throws
    static Path unpacked(Path cache) throws IOException {
        var home = cache.resolve("postgresql-" + VERSION);
        if (Files.exists(home)) {
            return home;
        }
        Files.createDirectories(cache);
        var fresh =
                Files.createTempDirectory(cache, ".unpacking").toAbsolutePath().normalize();
        try {
            unpackInto(fresh);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
            Files.move(fresh, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException | DirectoryNotEmptyException e) {
            Folders.delete(fresh); // another process was faster; its copy is as good
        } catch (IOException | RuntimeException e) {
            Folders.delete(fresh);
            if (!Files.exists(home)) {
                throw e;
            }
        }
        return home;
    }

    private static void unpackInto(Path folder) throws IOException {
        try (var packed = archive();
                var tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                var path = folder.resolve(entry.getName()).normalize();
                if (!path.startsWith(folder)) {
                    throw new IOException("the archive points outside itself");
                }
                write(tar, entry, path);
            }
        }
    }

    private static void write(InputStream content, TarArchiveEntry entry, Path path) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(path);
        } else if (entry.isSymbolicLink()) {
            Files.createDirectories(path.getParent());
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
            return;
        } else {
            Files.createDirectories(path.getParent());
            Files.copy(content, path);
        }
        // whatever the umask is: the unprivileged user must be able to read and run them
        var runs = entry.isDirectory() || (entry.getMode() & 0100) != 0;
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(runs ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private static InputStream archive() {
        var machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
        var found = Binaries.class.getResourceAsStream("/postgres-linux-" + machine + ".txz");
        if (found == null) {
            throw Refusal.of(
                    "database-start",
                    "この機種用の組み込みPostgreSQLがありません。database.url に外部のPostgreSQLを指定してください",
                    "No embedded PostgreSQL for this kind of machine; configure an own one by its JDBC URL");
        }
        return found;
    }
}
