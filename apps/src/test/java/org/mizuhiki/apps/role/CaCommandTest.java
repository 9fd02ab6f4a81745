package org.mizuhiki.apps.role;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.Mizuhiki;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;
import picocli.CommandLine;

/// The commands for the root's key and for the worst, as an operator gives them.
@Tag("V1")
class CaCommandTest {
    private static int run(String... words) {
        var refused = new ArrayList<Refusal>();
        int exit = new CommandLine(new CaCommand())
                .setExecutionExceptionHandler((e, command, parsed) -> {
                    if (e instanceof Refusal r) {
                        refused.add(r);
                        return 1;
                    }
                    throw e;
                })
                .execute(words);
        if (!refused.isEmpty()) {
            throw refused.getFirst();
        }
        return exit;
    }

    private static void refused(String code, String... words) {
        assertEquals(code, assertThrows(Refusal.class, () -> run(words)).code());
    }

    private static List<String> ceremony(Path folder, String... present) {
        var words = new ArrayList<>(
                List.of("ceremony", "--folder", folder.toString(), "--region", "儀式", "--plain", "http://localhost:1"));
        for (var server : List.of("authority", "keys", "store", "gateway")) {
            words.addAll(List.of("--" + server, "https://localhost:1"));
        }
        for (var one : present) {
            words.addAll(List.of("--present", one));
        }
        return words;
    }

    @Test
    void aCeremonyLeavesAProtocolWithEveryDigest(@TempDir Path folder) throws Exception {
        refused("witnesses-missing", ceremony(folder, "山田 花子").toArray(String[]::new));
        refused("witnesses-missing", ceremony(folder, "山田 花子", "山田 花子").toArray(String[]::new));
        assertFalse(Files.exists(folder.resolve("region.json"))); // nothing was made before anybody watched
        assertEquals(0, run(ceremony(folder, "山田 花子", "佐藤 次郎").toArray(String[]::new)));
        var protocol = protocol(folder);
        assertTrue(protocol.contains("山田 花子") && protocol.contains("佐藤 次郎"), protocol);
        var root = KeyFiles.readChain(folder.resolve("accreditation/authority/root.crt"))
                .getFirst();
        var digest = org.mizuhiki.house.Bytes.of(root.getEncoded()).sha256().hex();
        assertTrue(protocol.contains("root: SHA-256 " + digest), protocol);
        for (var ca : List.of("person", "institution", "server", "device", "service", "stamps")) {
            assertTrue(protocol.contains("\n" + ca + ": SHA-256 "), protocol);
        }
    }

    private static String protocol(Path folder) throws Exception {
        try (var all = Files.list(folder)) {
            var file = all.filter(f -> f.getFileName().toString().startsWith("protocol-"))
                    .sorted()
                    .toList()
                    .getLast();
            return Files.readString(file, StandardCharsets.UTF_8);
        }
    }

    /// The servers' own CA, the one that hurts most: the authority itself has to renew before it serves.
    @Test
    void theServersCaIsReplacedAndTheAuthorityServesOn(@TempDir Path folder) throws Exception {
        try (var authority = LoneAuthority.found(folder)) {
            var replace = new String[] {
                "replace",
                "--folder",
                authority.folder.toString(),
                "--ca",
                "server",
                "--because",
                "compromised",
                "--present",
                "山田 花子",
                "--present",
                "佐藤 次郎"
            };
            refused("server-running", replace);
            var told = authority.operate("ca-compromised", Map.of("ca", "server", "by", "山田", "reason", "盗難"));
            assertTrue(told.startsWith("server: "), told);
            var no = assertThrows(
                    Refusal.class,
                    () -> authority.operate("ca-compromised", Map.of("ca", "nobody", "by", "山田", "reason", "盗難")));
            assertEquals("ca-unknown", no.code());
            authority.stop();
            assertEquals(0, run(replace));
            assertTrue(protocol(authority.folder).contains("server-2: SHA-256 "));
            authority.startAgain();
            // whoever enrols now does it over TLS with a certificate of the new key, and gets one
            var tls = folder.resolve("new-tls");
            authority.enrol("store", authority.ticket("store"), tls);
            var issuer = KeyFiles.readChain(tls.resolve("chain.pem")).getFirst().getIssuerX500Principal();
            assertTrue(issuer.getName().contains("server CA 2"), issuer.getName());
            var own = KeyFiles.readChain(authority.folder.resolve("tls/chain.pem"))
                    .getFirst();
            assertEquals(issuer, own.getIssuerX500Principal());
            assertTrue(authority.operate("ca-revocations", Map.of()).contains("finished"));
        }
    }

    /// Its certificate opens no connection any more, and its key is as good as before.
    @Test
    void aChipHasItsNextCertificateOnceItsCaWasReplaced(@TempDir Path folder) throws Exception {
        try (var authority = LoneAuthority.found(folder)) {
            var chip = List.of("--chip", folder.resolve("chip").toString());
            var maker = folder.resolve("maker").toString();
            var key = chip("maker", List.of(maker)).strip();
            authority.operate("chip-maker-accept", Map.of("vendor", "acme", "key", key));
            chip("make", chip, "--information", "acme/R-1/1", "--maker", maker);
            var ticket = authority.operate("ticket", Map.of("kind", "device", "device", "acme/R-1/1"));
            var file = Files.writeString(folder.resolve("ticket"), ticket);
            var region = authority.folder.resolve("region.json").toString();
            chip("enrol", chip, "--region", region, "--ticket-file", file.toString());
            authority.operate("ca-compromised", Map.of("ca", "device", "by", "山田", "reason", "盗難"));
            authority.stop();
            run(
                    "replace",
                    "--folder",
                    authority.folder.toString(),
                    "--ca",
                    "device",
                    "--because",
                    "compromised",
                    "--present",
                    "山田 花子",
                    "--present",
                    "佐藤 次郎");
            authority.startAgain();
            assertTrue(chip("renew", chip, "--region", region).contains("更新しました"));
            assertTrue(chip("renew", chip, "--region", region).contains("not due"));
        }
    }

    private static String chip(String verb, List<String> chip, String... more) {
        var line = new CommandLine(new CaCommand());
        Commands.all().forEach(line::addSubcommand);
        var out = new StringWriter();
        var words = new ArrayList<>(List.of("chip", verb));
        words.addAll(chip);
        words.addAll(List.of(more));
        int exit = Exit.prepare(line).setOut(new PrintWriter(out)).execute(words.toArray(String[]::new));
        assertEquals(Exit.OK, exit, out.toString());
        return out.toString();
    }

    @Test
    void theDrillOfAStolenKeyGoesThrough() {
        assertEquals(0, run("drill", "--members", "25"));
    }

    @Test
    void theDrillOfALostKeyGoesThrough() {
        assertEquals(0, run("drill", "--members", "25", "--because", "lost"));
        refused("argument-malformed", "drill", "--because", "boredom");
        refused("argument-malformed", "drill", "--members", "0");
    }

    /// PostgreSQL has a session of its own and would outlive it.
    @Test
    void aDrillThatIsStoppedLeavesNothingAndOneThatIsKilledIsClearedAwayByTheNext(@TempDir Path folder)
            throws Exception {
        var stopped = drilling(folder, 100_000);
        var first = postmaster(folder);
        stopped.destroy(); // SIGTERM
        stopped.waitFor();
        assertFalse(first.isAlive());
        assertEquals(List.of(), drills(folder));

        var killed = drilling(folder, 100_000);
        var left = postmaster(folder);
        killed.destroyForcibly().waitFor();
        assertTrue(left.isAlive());
        assertEquals(0, drilling(folder, 1).waitFor());
        assertFalse(left.isAlive());
        assertEquals(List.of(), drills(folder));
    }

    private static Process drilling(Path folder, int members) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Djava.io.tmpdir=" + folder,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Mizuhiki.class.getName(),
                        "ca",
                        "drill",
                        "--members",
                        Integer.toString(members))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /// Once it is up.
    private static ProcessHandle postmaster(Path folder) throws Exception {
        while (true) {
            for (var drill : drills(folder)) {
                var file = drill.resolve("rows/data/postmaster.pid");
                var lines = Files.exists(file) ? Files.readAllLines(file) : List.<String>of();
                if (lines.size() >= 8 && lines.get(7).strip().equals("ready")) {
                    return ProcessHandle.of(Long.parseLong(lines.getFirst())).orElseThrow();
                }
            }
            Thread.sleep(20);
        }
    }

    private static List<Path> drills(Path folder) throws Exception {
        try (var inside = Files.list(folder)) {
            return inside.filter(p -> p.getFileName().toString().startsWith("mizuhiki-drill-"))
                    .toList();
        }
    }
}
