package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;

/// Backup of a running server and restore of a stopped one: rows first, then files, because files that rows
/// name are never deleted while rows name them.
final class Backups {
    private Backups() {}

    /// Copies files that belong to the rows while they are in use.
    @FunctionalInterface
    interface Copying {
        void to(Path folder) throws IOException;
    }

    /// The operation `backup`, which takes `to`.
    ///
    /// @param files folder's name in the server's folder, to what copies it
    static Map<String, OperatorDoor.Operation> operations(Database database, Map<String, Copying> files) {
        return Map.of("backup", asked -> backup(database, files, Path.of(asked.getOrDefault("to", ""))));
    }

    private static String backup(Database database, Map<String, Copying> files, Path to) {
        try {
            if (!to.isAbsolute() || (Files.exists(to) && !isEmpty(to))) {
                throw Refusal.of(
                        "backup-folder-not-empty",
                        "バックアップ先は空のフォルダーを絶対パスで指定してください",
                        "Name an empty folder by its absolute path for the backup");
            }
            Files.createDirectories(to);
            database.backup(to.resolve("rows"));
            for (var folder : files.entrySet()) {
                folder.getValue().to(to.resolve("files").resolve(folder.getKey()));
            }
            return to.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("backup to " + to, e);
        }
    }

    static void restore(Database database, Path role, Path from) throws IOException {
        database.restore(from.resolve("rows"));
        copy(from.resolve("files"), role);
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        List<Path> all;
        try (var walk = Files.walk(from)) {
            all = walk.toList();
        }
        for (var path : all) {
            var target = to.resolve(from.relativize(path).toString());
            if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectories(target);
            } else {
                copyFile(path, target);
            }
        }
    }

    /// A file that vanished was renamed by the running server; what took its place is copied under its own
    /// name.
    private static void copyFile(Path from, Path to) throws IOException {
        try {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
        } catch (NoSuchFileException renamed) {
            Files.deleteIfExists(to);
        }
    }
}
