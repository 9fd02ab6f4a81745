package org.mizuhiki.apps.role;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestOutputStream;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// What makes a folder a backup. `SHA256SUMS` has a line for every file, as sha256sum(1) writes and checks
/// it, so that a backup can be checked wherever it is kept. `backup.json`, a canonical record, says of what
/// server it is and has the digest of that list and its own. It is written last: without it, the backup is
/// unfinished.
record BackupManifest(Path folder, Canonical said) {
    static final String NAME = "backup.json";
    static final String SUMS = "SHA256SUMS";
    private static final String FORMAT = "mizuhiki-server-backup-1";
    private static final String OWN = "digest";
    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64})  ([^\\n]+)");

    /// Syncs and hashes what lies in the folder, then says that it is all.
    static void write(Path folder, String role, String region) throws IOException {
        var hash = Digest.sha256();
        var file = folder.resolve(SUMS);
        try (var out = new DigestOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), hash);
                var lines = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
                var all = Files.walk(folder)) {
            for (var path : (Iterable<Path>) all::iterator) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS) && !path.equals(file)) {
                    lines.write(digest(path) + "  " + folder.relativize(path) + "\n");
                }
                Folders.sync(path);
            }
        }
        var said = Canonical.of(Map.of(
                "format",
                FORMAT,
                "region",
                region,
                "role",
                role,
                "sums",
                Digest.ofHash(hash.digest()).hex()));
        Folders.sync(file);
        var last = folder.resolve(NAME + ".new");
        Files.write(last, said.with(OWN, said.digest().hex()).encode().toArray());
        Folders.sync(last);
        Files.move(last, folder.resolve(NAME));
        Folders.sync(folder);
    }

    private static Digest digest(Path file) throws IOException {
        var hash = Digest.sha256();
        try (var out = new DigestOutputStream(OutputStream.nullOutputStream(), hash)) {
            Files.copy(file, out);
        }
        return Digest.ofHash(hash.digest());
    }

    /// @throws Refusal `backup-unfinished`, `backup-broken`
    static BackupManifest read(Path folder) throws IOException {
        var file = folder.resolve(NAME);
        if (!Files.exists(file)) {
            throw Refusal.of(
                    "backup-unfinished",
                    folder + " には完了したバックアップがありません（" + NAME + " がありません）",
                    "There is no finished backup in " + folder + " (it has no " + NAME + ")");
        }
        if (Files.size(file) > Canonical.MAX_BYTES) {
            throw broken(NAME + " is too large", null);
        }
        var manifest = new BackupManifest(folder, decoded(Bytes.of(Files.readAllBytes(file))));
        if (!Files.exists(folder.resolve(SUMS))
                || !digest(folder.resolve(SUMS)).hex().equals(manifest.said.get("sums"))) {
            throw broken(SUMS + " is missing or was altered", null);
        }
        return manifest;
    }

    private static Canonical decoded(Bytes bytes) {
        try {
            var said = Canonical.decode(bytes);
            var rest = new TreeMap<>(said.fields());
            var own = rest.remove(OWN);
            if (!said.get("format").equals(FORMAT)
                    || !Canonical.of(rest).digest().hex().equals(own)) {
                throw broken(NAME + " was altered or is of another version", null);
            }
            return said;
        } catch (Refusal e) {
            throw e.code().startsWith("backup-") ? e : broken(NAME + " was altered", e);
        }
    }

    /// @throws Refusal `backup-other-server`
    void isOf(String role, String region) {
        if (!said.get("role").equals(role) || !said.get("region").equals(region)) {
            var is = said.get("role") + " / " + said.get("region");
            throw Refusal.of(
                    "backup-other-server",
                    "このバックアップは別のサーバーのものです（バックアップ: " + is + "、設定: " + role + " / " + region + "）",
                    "This is the backup of another server: of " + is + ", the configuration is of " + role + " / "
                            + region);
        }
    }

    /// Copies what the manifest names, and nothing else, into an empty folder, comparing digests on the
    /// way; synced when this returns.
    ///
    /// @param tops folders that this server may have in `files/`
    /// @throws Refusal `backup-broken`
    void copyTo(Path target, Set<String> tops) throws IOException {
        try (var lines = Files.newBufferedReader(folder.resolve(SUMS))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                var parts = LINE.matcher(line);
                if (!parts.matches()) {
                    throw broken(SUMS + " has a line that is none", null);
                }
                var name = named(parts.group(2), tops);
                copy(name, target.resolve(name), new Digest(parts.group(1)));
            }
        }
        try (var all = Files.walk(target)) {
            for (var made : (Iterable<Path>) all.filter(Files::isDirectory)::iterator) {
                Folders.sync(made);
            }
        }
    }

    /// A backup comes from outside: it must not put a file anywhere but where its server keeps such.
    private static Path named(String text, Set<String> tops) {
        var name = Path.of(text);
        boolean plain = name.equals(name.normalize()) && !name.isAbsolute() && !name.startsWith("..");
        boolean row = name.startsWith(Backups.ROWS);
        boolean file = tops.stream().anyMatch(top -> name.startsWith(Path.of(Backups.FILES, top)));
        if (!plain || !(row || file)) {
            throw broken("it names a file that this server does not have: " + text, null);
        }
        return name;
    }

    private void copy(Path name, Path target, Digest expected) throws IOException {
        var source = folder.resolve(name);
        if (!Files.isRegularFile(source)) {
            throw broken("a file is missing: " + name, null);
        }
        Files.createDirectories(target.resolveSibling("."));
        var hash = Digest.sha256();
        try (var out = new DigestOutputStream(Files.newOutputStream(target, StandardOpenOption.CREATE_NEW), hash)) {
            Files.copy(source, out);
        }
        if (!Digest.ofHash(hash.digest()).equals(expected)) {
            throw broken("a file was altered: " + name, null);
        }
        Folders.sync(target);
    }

    private static Refusal broken(String why, @Nullable Exception cause) {
        var japanese = "バックアップが壊れているため復元しませんでした（" + why + "）";
        var english = "The backup is broken: " + why + "; nothing was restored";
        return cause == null
                ? Refusal.of("backup-broken", japanese, english)
                : Refusal.of("backup-broken", japanese, english, cause);
    }
}
