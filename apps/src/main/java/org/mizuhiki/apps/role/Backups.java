package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;

/// Backup of a running server and restore of a stopped one: rows first, then files, because files that
/// rows name are never
/// deleted while rows name them.
final class Backups {
    private Backups() {}

    /// The operation `backup`, which takes `to`.
    ///
    /// @param folders with files that belong to the rows
    static Map<String, OperatorDoor.Operation> operations(Database database, List<Path> folders) {
        return Map.of("backup", asked -> backup(database, folders, Path.of(asked.getOrDefault("to", ""))));
    }

    private static String backup(Database database, List<Path> folders, Path to) {
        try {
            if (!to.isAbsolute() || (Files.exists(to) && !isEmpty(to))) {
                throw Refusal.of(
                        "backup-folder-not-empty",
                        "バックアップ先は空のフォルダーを絶対パスで指定してください",
                        "Name an empty folder by its absolute path for the backup");
            }
            Files.createDirectories(to);
            database.backup(to.resolve("rows"));
            for (var folder : folders) {
                copy(folder, to.resolve("files").resolve(folder.getFileName()));
            }
            return to.toString();
        } catch (IOException e) {
            throw new UncheckedIOException("backup to " + to, e);
        }
    }

    static void restore(Database database, Path role, List<Path> folders, Path from) throws IOException {
        database.restore(from.resolve("rows"));
        for (var folder : folders) {
            copy(from.resolve("files").resolve(folder.getFileName()), role.resolve(folder.getFileName()));
        }
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return entries.findAny().isEmpty();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
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
                Files.copy(path, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }
}
