package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.RegionFile;

/// Backup of a running server: `rows/`, then `files/`, then the manifest. In this order a backup is a state
/// that the server could have been in: what rows name (a blob of an envelope, an entry of the ledger) was
/// there before them and is never deleted, so the files, copied later, have it. They may have more, which
/// no row names yet, as after a crash.
final class Backups {
    static final String ROWS = "rows";
    static final String FILES = "files";

    /// The authority's folder of its ledger.
    static final String LOG = "log";

    /// The store's folder of envelopes.
    static final String BLOBS = "blobs";

    private final RoleConfig config;
    private final Database database;
    private final Map<String, Copying> files;

    /// Copies files that belong to the rows while they are in use.
    @FunctionalInterface
    interface Copying {
        void to(Path folder) throws IOException;
    }

    private Backups(RoleConfig config, Database database, Map<String, Copying> files) {
        this.config = config;
        this.database = database;
        this.files = Map.copyOf(files);
    }

    /// The operation `backup`, which takes `to`.
    ///
    /// @param files folder's name in the server's folder, to what copies it
    static Map<String, OperatorDoor.Operation> operations(
            RoleConfig config, Database database, Map<String, Copying> files) {
        var backups = new Backups(config, database, files);
        return Map.of("backup", asked -> backups.write(Path.of(asked.getOrDefault("to", ""))));
    }

    private String write(Path to) {
        try {
            if (!to.isAbsolute() || !Folders.isEmpty(to)) {
                throw Refusal.of(
                        "backup-folder-not-empty",
                        "バックアップ先は空のフォルダーを絶対パスで指定してください",
                        "Name an empty folder by its absolute path for the backup");
            }
            var ownersOnly = PosixFilePermissions.fromString("rwx------");
            Files.createDirectories(to, PosixFilePermissions.asFileAttribute(ownersOnly));
            Files.setPosixFilePermissions(to, ownersOnly); // one that was there already may be open to others
            database.backup(to.resolve(ROWS));
            for (var folder : files.entrySet()) {
                folder.getValue().to(to.resolve(FILES).resolve(folder.getKey()));
            }
            var region = RegionFile.read(config.region()).region();
            BackupManifest.write(to, config.role(), region);
            return to.toString();
        } catch (IOException e) {
            throw unfinished(to, e);
        } catch (UncheckedIOException e) {
            throw unfinished(to, e);
        }
    }

    private static Refusal unfinished(Path to, Exception cause) {
        return Refusal.of(
                "backup-failed",
                "バックアップを書き込めませんでした（" + cause.getMessage() + "）。" + to + " にあるものは未完了で、復元には使えません",
                "The backup could not be written (" + cause.getMessage() + "); what lies in " + to
                        + " is unfinished and cannot be restored",
                cause);
    }
}
