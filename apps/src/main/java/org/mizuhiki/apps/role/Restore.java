package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.util.Set;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.RegionFile;

/// Fills a server that never ran from a backup: all of it or nothing. What is checked is a copy beside the
/// place where it will be used, so that nothing can change between the two.
///
/// @param migrations of the server's tables
/// @param tops folders that the server has besides its rows
record Restore(RoleConfig config, String migrations, Set<String> tops, SecureRandom die) {
    private static final String UNDER_WAY = "restoring";

    /// @throws Refusal `backup-unfinished`, `backup-broken`, `backup-other-server`, `backup-other-version`,
    /// `server-running`, `restore-unfinished`, `restore-not-empty`, `restore-failed`; nothing was changed
    void from(Path backup) throws IOException {
        var manifest = BackupManifest.read(backup);
        manifest.isOf(config.role(), RegionFile.read(config.region()).region());
        beFree();
        boolean made = Files.notExists(config.folder());
        var copy = config.folder().resolve(UNDER_WAY);
        try {
            Files.createDirectories(copy);
            manifest.copyTo(copy, tops);
            fillRows(copy.resolve(Backups.ROWS));
        } catch (IOException | RuntimeException e) {
            takeBack(copy, made, e);
            throw e instanceof Refusal r ? r : failed(e);
        }
        // until the last of these is done the server does not start
        for (var top : tops) {
            Files.move(
                    copy.resolve(Backups.FILES).resolve(top),
                    config.folder().resolve(top),
                    StandardCopyOption.ATOMIC_MOVE);
        }
        Folders.sync(config.folder());
        Folders.clear(copy);
        Folders.sync(config.folder());
    }

    /// A server whose restore was broken off has rows without files, or the other way round.
    ///
    /// @throws Refusal `restore-unfinished`
    static void mustNotBeUnderWay(Path folder) {
        if (Files.exists(folder.resolve(UNDER_WAY))) {
            throw Refusal.of(
                    "restore-unfinished",
                    folder + " への復元が途中で終わっています。鍵と設定を残してフォルダーを空にし、復元をやり直してください",
                    "A restore into " + folder
                            + " was broken off; empty the folder but for keys and configuration, and restore again");
        }
    }

    private void beFree() throws IOException {
        if (OperatorDoor.isOpen(config.folder())) {
            throw Refusal.of("server-running", "サーバーが動いています。止めてから復元してください", "The server is running; stop it first");
        }
        mustNotBeUnderWay(config.folder());
        for (var top : tops) {
            mustBeEmpty(config.folder().resolve(top));
        }
        if (config.database().isEmpty()) {
            mustBeEmpty(config.databaseConfig().folder());
        }
    }

    private static void mustBeEmpty(Path folder) throws IOException {
        if (!Folders.isEmpty(folder)) {
            throw Refusal.of(
                    "restore-not-empty",
                    "復元先が空ではありません: " + folder + "。何も変更していません",
                    "The server is not empty: " + folder + " is there; nothing was changed");
        }
    }

    private void fillRows(Path rows) {
        try (var database = Databases.open(config.databaseConfig(), migrations, die)) {
            database.restore(rows);
        }
    }

    /// All of it was made here: the server was empty before.
    private void takeBack(Path copy, boolean made, Exception why) {
        try {
            Folders.clear(copy);
            if (config.database().isEmpty()) {
                Folders.clear(config.databaseConfig().folder());
            }
            if (made && Folders.isEmpty(config.folder())) {
                Files.deleteIfExists(config.folder());
            }
        } catch (IOException e) {
            why.addSuppressed(e);
        }
    }

    private static Refusal failed(Exception cause) {
        return Refusal.of(
                "restore-failed",
                "復元できませんでした（" + cause.getMessage() + "）。何も変更していません",
                "The backup could not be restored (" + cause.getMessage() + "); nothing was changed",
                cause);
    }
}
