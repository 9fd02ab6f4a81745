package org.mizuhiki.database.copies;

import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/// Copies all tables of the `public` schema out and in; used inside one transaction, so it is all or
/// nothing.
///
/// A backup is a folder (0700) of `<table>.copy` files (COPY text format) and `manifest.json`, a canonical
/// record: `digest` of all its other fields, `format`, `version` of the tables, `table.<name>` = SHA-256 of
/// its file, `sequence.<name>` = last value.
public final class Copies {
    private static final String FORMAT = "mizuhiki-backup-1";
    private static final String MANIFEST = "manifest.json";
    private static final String OWN = "digest";
    private static final String TABLE = "table.";
    private static final String SEQUENCE = "sequence.";

    private final Handle rows;
    private final Tables tables;

    public Copies(Handle rows) {
        this.rows = rows;
        this.tables = new Tables(rows);
    }

    /// @throws Refusal `backup-folder-not-empty`
    public void write(Path folder) {
        rows.execute("set transaction isolation level repeatable read, read only");
        try {
            prepare(folder);
            var manifest = new TreeMap<>(Map.of("format", FORMAT, "version", tables.version()));
            for (var table : tables.inOrder()) {
                manifest.put(TABLE + table, copyOut(table, folder).hex());
            }
            tables.sequences().forEach((name, value) -> manifest.put(SEQUENCE + name, value.toString()));
            // last, so that an interrupted backup is no backup
            try (var out = created(folder.resolve(MANIFEST))) {
                var whole = Canonical.of(manifest);
                out.write(whole.with(OWN, whole.digest().hex()).encode().toArray());
                out.getFD().sync();
            }
            try (var directory = FileChannel.open(folder)) {
                directory.force(true);
            }
        } catch (IOException | SQLException e) {
            throw Refusal.of("backup-failed", "バックアップを書き込めませんでした", "The backup could not be written", e);
        }
    }

    private static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        try (var inside = Files.list(folder)) {
            if (inside.findAny().isPresent()) {
                throw Refusal.of(
                        "backup-folder-not-empty",
                        "バックアップ先のフォルダが空ではありません。空のフォルダを指定してください",
                        "The folder for the backup is not empty; name an empty one");
            }
        }
    }

    private static FileOutputStream created(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return new FileOutputStream(file.toFile());
    }

    private Digest copyOut(String table, Path folder) throws IOException, SQLException {
        var hash = Digest.sha256();
        try (var file = created(folder.resolve(table + ".copy"));
                var out = new DigestOutputStream(new BufferedOutputStream(file, 1 << 16), hash)) {
            copier().copyOut("copy " + Tables.quoted(table) + " to stdout", out);
            out.flush();
            file.getFD().sync();
        }
        return Digest.ofHash(hash.digest());
    }

    /// @throws Refusal `backup-broken`, `backup-other-version`, `database-not-empty`
    public void read(Path folder) {
        var manifest = manifest(folder);
        var order = tables.inOrder();
        var named = manifest.fields().keySet().stream()
                .filter(key -> key.startsWith(TABLE))
                .toList();
        if (!named.equals(order.stream().map(TABLE::concat).sorted().toList())) {
            throw broken("its tables are not this database's", null);
        }
        for (var table : order) {
            if (!tables.isEmpty(table)) {
                throw Refusal.of(
                        "database-not-empty",
                        "データベースが空ではないため復元できません。空のデータベースを用意してください",
                        "The database is not empty; restore into an empty one");
            }
        }
        for (var table : order) {
            copyIn(table, folder, new Digest(manifest.get(TABLE + table)));
        }
        for (var name : tables.allSequences()) {
            manifest.find(SEQUENCE + name).ifPresent(value -> tables.moveSequence(name, number(value)));
        }
    }

    private Canonical manifest(Path folder) {
        var file = folder.resolve(MANIFEST);
        try {
            if (Files.size(file) > Canonical.MAX_BYTES) {
                throw broken("its manifest is too large", null);
            }
            var manifest = Canonical.decode(Bytes.of(Files.readAllBytes(file)));
            var rest = new TreeMap<>(manifest.fields());
            rest.remove(OWN);
            if (!Canonical.of(rest).digest().hex().equals(manifest.get(OWN))) {
                throw broken("its manifest was altered", null);
            }
            if (!manifest.find("format").equals(Optional.of(FORMAT))) {
                throw broken("its format is unknown", null);
            }
            if (!manifest.get("version").equals(tables.version())) {
                throw Refusal.of(
                        "backup-other-version",
                        "このバックアップは別の版のデータベースのものです。同じ版のソフトウェアで復元してください",
                        "The backup is of another version of the tables; restore it with that version's software");
            }
            return manifest;
        } catch (IOException e) {
            throw broken("its manifest cannot be read", e);
        } catch (Refusal e) {
            throw e.code().startsWith("backup-") ? e : broken("its manifest is damaged", e);
        }
    }

    /// Hashes what it copies; on a mismatch the surrounding transaction takes everything back.
    private void copyIn(String table, Path folder, Digest expected) {
        var hash = Digest.sha256();
        try (var in = new DigestInputStream(Files.newInputStream(folder.resolve(table + ".copy")), hash)) {
            copier().copyIn("copy " + Tables.quoted(table) + " from stdin", in, 1 << 16);
            in.transferTo(OutputStream.nullOutputStream()); // what COPY left unread counts too
        } catch (IOException | SQLException e) {
            throw broken("a table's file does not read", e);
        }
        if (!Digest.ofHash(hash.digest()).equals(expected)) {
            throw broken("a table's file was altered", null);
        }
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw broken("a sequence is no number", e);
        }
    }

    private CopyManager copier() throws SQLException {
        return rows.getConnection().unwrap(PGConnection.class).getCopyAPI();
    }

    private static Refusal broken(String why, @Nullable Exception cause) {
        var english = "The backup is broken: " + why + "; nothing was restored";
        var japanese = "バックアップが壊れているため復元しませんでした";
        return cause == null
                ? Refusal.of("backup-broken", japanese, english)
                : Refusal.of("backup-broken", japanese, english, cause);
    }
}
