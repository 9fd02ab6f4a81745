package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import picocli.CommandLine;

/// An authority backed up in the midst of writes, and what becomes of the backup.
@Tag("B2")
class AuthorityBackupTest {
    private static final int WRITERS = 4;
    private static final int EACH = 60;

    @TempDir
    static Path folder;

    private static LoneAuthority authority;
    private static Path backup;
    private static Set<Digest> before;
    private static String usedTicket;
    private static String waitingTicket;

    @TempDir
    Path own;

    @BeforeAll
    static void anAuthorityIsBackedUpWhileItIsWrittenTo() throws Exception {
        authority = LoneAuthority.found(Files.createDirectory(folder.resolve("region")));
        try (var _ = authority) {
            usedTicket = authority.ticket("store");
            authority.enrol("store", usedTicket, folder.resolve("store-tls"));
            waitingTicket = authority.ticket("gateway");
            backup = Files.createDirectory(folder.resolve("backup"));
            Files.setPosixFilePermissions(backup, PosixFilePermissions.fromString("rwxr-xr-x"));
            Set<Digest> acknowledged = ConcurrentHashMap.newKeySet();
            try (var writers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int w = 0; w < WRITERS; w++) {
                    int writer = w;
                    var _ = writers.submit(() -> write(writer, acknowledged));
                }
                await(acknowledged, WRITERS * EACH / 3);
                before = Set.copyOf(acknowledged);
                authority.operate("backup", Map.of("to", backup.toString()));
                await(acknowledged, WRITERS * EACH);
            }
        }
    }

    private static boolean write(int writer, Set<Digest> acknowledged) throws InterruptedException {
        var ledger = authority.ledger();
        for (int i = 0; i < EACH; i++) {
            acknowledged.add(
                    ledger.append(LoneAuthority.entry(writer + "/" + i)).leaf());
            Thread.sleep(10);
        }
        return true;
    }

    private static void await(Set<Digest> acknowledged, int enough) throws InterruptedException {
        for (int i = 0; i < 6000 && acknowledged.size() < enough; i++) {
            Thread.sleep(10);
        }
        assertTrue(acknowledged.size() >= enough, "the writers ended early: " + acknowledged.size());
    }

    @Test
    void aBackupIsItsOwnersAloneAlsoInAFolderThatWasOpen() throws Exception {
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)));
    }

    @Test
    void whatWasAcknowledgedBeforeABackupComesBackWithIt() throws Exception {
        var fresh = authority.fresh(OpenFolder.open(own).resolve("fresh"));
        assertEquals("", restore(fresh, backup));
        assertEquals("restore-not-empty", restore(fresh, backup));
        assertTrue(Files.notExists(fresh.resolve("restoring")));
        try (var restored = authority.movedTo(fresh)) {
            assertTrue(before.size() >= WRITERS * EACH / 3);
            before.forEach(restored::prove);
            restored.enrol("gateway", waitingTicket, own.resolve("gateway-tls"));
            var again = assertThrows(
                    Refusal.class, () -> restored.enrol("store", usedTicket, own.resolve("other-store-tls")));
            assertEquals("ticket-used", again.code());
            restored.prove(
                    restored.ledger().append(LoneAuthority.entry("afterwards")).leaf());
            assertEquals("server-running", restore(fresh, backup));
        }
    }

    @Test
    void ordinaryToolsCheckABackup() throws Exception {
        var check = new ProcessBuilder("sha256sum", "--quiet", "--strict", "-c", "SHA256SUMS")
                .directory(backup.toFile())
                .redirectErrorStream(true)
                .start();
        assertEquals("", new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
        assertEquals(0, check.waitFor());
    }

    @Test
    void aDamagedBackupIsRefusedWhereverTheDamageIs() throws Exception {
        var fresh = authority.fresh(own.resolve("fresh"));
        var untouched = names(fresh);
        for (var name : names(backup)) {
            if (Files.isRegularFile(backup.resolve(name))) {
                for (var damaged : damages(name)) {
                    var missing = Files.notExists(damaged.resolve("backup.json"));
                    assertEquals(missing ? "backup-unfinished" : "backup-broken", restore(fresh, damaged), name);
                    assertEquals(untouched, names(fresh), name);
                }
            }
        }
        var absent = Files.createDirectory(own.resolve("absent"));
        var config = Files.readString(fresh.resolve("config.yaml"))
                .replace("folder: .", "folder: authority")
                .replace("region.json", fresh + "/region.json");
        Files.writeString(absent.resolve("config.yaml"), config);
        assertEquals(
                "backup-broken", restore(absent, damages("rows/ticket.copy").getFirst()));
        assertTrue(Files.notExists(absent.resolve("authority")));
    }

    /// One copy of the backup each: without the file, cut by a byte, with a bit flipped in its midst.
    private List<Path> damages(String name) throws IOException {
        var content = Files.readAllBytes(backup.resolve(name));
        var all = new ArrayList<Path>();
        for (var kind : List.of("missing", "cut", "flipped")) {
            var damaged = Files.createTempDirectory(own, kind).resolve("backup");
            LoneAuthority.copy(backup, damaged, _ -> true);
            if (kind.equals("missing")) {
                Files.delete(damaged.resolve(name));
                all.add(damaged);
            } else if (content.length > 0) {
                var bad = Arrays.copyOf(content, content.length - (kind.equals("cut") ? 1 : 0));
                bad[bad.length / 2] ^= (byte) (kind.equals("cut") ? 0 : 4);
                Files.write(damaged.resolve(name), bad);
                all.add(damaged);
            }
        }
        return all;
    }

    @Test
    void aBackupOfAnotherServerIsRefused() throws Exception {
        var fresh = authority.fresh(own.resolve("fresh"));
        var config = fresh.resolve("config.yaml");
        var good = Files.readString(config);
        var untouched = names(fresh);
        for (var role : List.of("keys", "store")) {
            Files.writeString(config, good.replace("role: authority", "role: " + role));
            assertEquals("backup-other-server", restore(fresh, backup));
        }
        Files.writeString(config, good.replace("role: authority", "role: web"));
        assertEquals("config-invalid", restore(fresh, backup));
        Files.writeString(config, good);
        var region = fresh.resolve("region.json");
        Files.writeString(region, Files.readString(region).replace("\"region\":\"test\"", "\"region\":\"other\""));
        assertEquals("backup-other-server", restore(fresh, backup));
        assertEquals(untouched, names(fresh));
    }

    /// Nor one that tells the server to put files where others are kept.
    @Test
    void aBackupThatNamesForeignFilesIsRefused() throws Exception {
        var fresh = authority.fresh(own.resolve("fresh"));
        var untouched = names(fresh);
        for (var foreign : List.of("files/tls/key.pem", "files/log/../tls/key.pem", "config.yaml")) {
            var forged = Files.createTempDirectory(own, "forged");
            var file = forged.resolve(foreign);
            Files.createDirectories(forged.resolve("files/log"));
            Files.createDirectories(file.getParent());
            Files.writeString(file, "x");
            BackupManifest.write(forged, "authority", "test");
            if (foreign.contains("..")) {
                var sums = forged.resolve("SHA256SUMS");
                var traversing = Files.readString(sums).replace("files/tls", "files/log/../tls");
                Files.delete(forged.resolve("backup.json"));
                Files.delete(sums);
                Files.writeString(sums, traversing);
            }
            assertEquals(
                    foreign.contains("..") ? "backup-unfinished" : "backup-broken", restore(fresh, forged), foreign);
            assertEquals(untouched, names(fresh));
        }
    }

    @Test
    void aServerThatIsNotEmptyIsLeftAsItIs() throws Exception {
        for (var place : List.of("log/checkpoint", "database/PG_VERSION")) {
            var fresh = authority.fresh(own.resolve(Path.of(place).getFileName()));
            Files.createDirectory(fresh.resolve(place).getParent());
            Files.writeString(fresh.resolve(place), "mine");
            var untouched = names(fresh);
            assertEquals("restore-not-empty", restore(fresh, backup));
            assertEquals(untouched, names(fresh));
        }
    }

    @Test
    void aServerWhoseRestoreWasBrokenOffDoesNotStart() throws Exception {
        var fresh = authority.fresh(own.resolve("fresh"));
        Files.createDirectory(fresh.resolve("restoring"));
        assertEquals("restore-unfinished", restore(fresh, backup));
        var config = RoleConfig.read(fresh.resolve("config.yaml"));
        var refusal = assertThrows(Refusal.class, () -> Roles.start(config, Clock.systemUTC(), new SecureRandom()));
        assertEquals("restore-unfinished", refusal.code());
    }

    /// For real: disks so small that the rows, or the ledger after them, have no place.
    @Test
    void aBackupOntoAFullDiskIsRefusedAndSeenToBeUnfinished() throws Exception {
        var disk = Files.createDirectory(own.resolve("disk"));
        var fresh = authority.fresh(own.resolve("fresh"));
        for (var size : List.of("8k", "64k")) {
            assumeTrue(
                    run("mount", "-t", "tmpfs", "-o", "size=" + size, "mizuhiki-test", disk.toString()),
                    "a small disk can be mounted only by root; skipped");
            try {
                authority.startAgain();
                try (var _ = authority) {
                    var asked = Map.of("to", disk.resolve("backup").toString());
                    var full = assertThrows(Refusal.class, () -> authority.operate("backup", asked));
                    assertEquals("backup-failed", full.code());
                    authority.prove(
                            authority.ledger().append(LoneAuthority.entry(size)).leaf());
                }
                assertFalse(Files.exists(disk.resolve("backup/backup.json")));
                assertEquals("backup-unfinished", restore(fresh, disk.resolve("backup")));
            } finally {
                assertTrue(run("umount", disk.toString()));
            }
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    /// Restores as the operator does.
    ///
    /// @return the refusal's code, or nothing
    static String restore(Path server, Path backup) {
        var told = new StringWriter();
        var command = Exit.prepare(new CommandLine(new RestoreCommand())).setErr(new PrintWriter(told));
        int exit = command.execute("--config", server.resolve("config.yaml").toString(), "--from", backup.toString());
        if (exit == Exit.OK) {
            return "";
        }
        assertEquals(Exit.REFUSED, exit, told::toString);
        return told.toString().lines().toList().getLast().replace("code: ", "");
    }

    private static Set<String> names(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return new TreeSet<>(
                    all.map(path -> folder.relativize(path).toString()).toList());
        }
    }
}
