package org.mizuhiki.apps.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.wire.Json;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// How the commands speak and end; what they do is shown in `pocket`.
class CommandsTest {
    @TempDir
    Path folder;

    @Command(name = "mizuhiki")
    static final class Root {}

    private record Ran(int code, String out, String err) {}

    private static CommandLine line() {
        var line = new CommandLine(new Root());
        Commands.all().forEach(line::addSubcommand);
        return Exit.prepare(line);
    }

    private static Ran run(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        int code =
                line().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
        assertFalse(err.toString().contains("\tat "), "no stack trace for users: " + err);
        return new Ran(code, out.toString(), err.toString());
    }

    /// Every command of the tree, as the words that reach it.
    private static List<List<String>> all(CommandLine line, List<String> words) {
        var all = new ArrayList<List<String>>();
        line.getSubcommands().forEach((name, sub) -> {
            var more = new ArrayList<>(words);
            more.add(name);
            all.add(more);
            all.addAll(all(sub, more));
        });
        return all;
    }

    @Test
    void everyCommandExplainsItselfInJapaneseAndEnglishWithItsExitCodes() {
        var commands = all(line(), List.of());
        assertTrue(commands.size() > 25, commands.toString());
        for (var words : commands) {
            var asked = new ArrayList<>(words);
            asked.add("--help");
            var ran = run(asked.toArray(String[]::new));
            assertEquals(Exit.OK, ran.code(), words.toString());
            assertTrue(ran.out().contains("終了コード"), words.toString());
            assertTrue(ran.out().codePoints().anyMatch(c -> c > 0x3000), words.toString());
        }
    }

    @Test
    void noCommandTakesAPassphraseOrASecretOnTheCommandLine() {
        for (var words : all(line(), List.of())) {
            var spec = line();
            for (var word : words) {
                spec = Objects.requireNonNull(spec.getSubcommands().get(word));
            }
            spec.getCommandSpec().options().forEach(o -> {
                var name = o.longestName();
                if (name.contains("pass") || name.contains("ticket")) {
                    assertTrue(name.endsWith("-file"), name);
                }
            });
        }
    }

    @Test
    void wrongUseEndsWithTwo() {
        assertEquals(Exit.USAGE, run("letter").code());
        assertEquals(Exit.USAGE, run("letter", "open").code());
        assertEquals(Exit.USAGE, run("letter", "open", "not-a-digest").code());
        assertEquals(Exit.USAGE, run("relation", "propose", "P-0000-0000-0001").code());
        assertEquals(Exit.USAGE, run("letter", "send").code());
        assertEquals(Exit.USAGE, run("letter", "send", "--frobnicate").code());
    }

    @Test
    void aRefusalIsToldInBothLanguagesWithItsCode() throws Exception {
        var garbage = Files.writeString(folder.resolve("garbage"), "no seal at all");
        var ran = run("seal", "inspect", garbage.toString());
        assertEquals(Exit.REFUSED, ran.code());
        assertTrue(ran.err().contains("code: seal-malformed"), ran.err());
        assertTrue(ran.err().codePoints().anyMatch(c -> c > 0x3000));
        var json = run("seal", "inspect", garbage.toString(), "--json");
        assertEquals(Exit.REFUSED, json.code());
        assertTrue(json.err().contains("\"refused\":\"seal-malformed\""), json.err());
    }

    @Test
    @Tag("D14")
    void aReadyNetworkBecomesFilesToLookAtAndSign() throws Exception {
        var uniform = folder.resolve("uniform.json");
        assertEquals(
                Exit.OK,
                run("vpn", "model", "uniform", "core-hospital", "--service", "claims", "--out", uniform.toString())
                        .code());
        var written = Json.read(VpnPapers.read(uniform), VpnPapers.WrittenForAll.class);
        assertTrue(written.services().stream().anyMatch(s -> s.name().equals("claims")));
        assertTrue(written.groups().stream().anyMatch(g -> g.name().equals("core-hospital-mail")));
        String[] policy = {"vpn", "model", "policy", "core-hospital", "core-hospital", "--router"};
        var words = new ArrayList<>(List.of(policy));
        words.addAll(List.of("1319900017/medical-vpn/acme/R-1/S1", "--network", "SECURE=192.168.1.0/24", "--out"));
        words.add(folder.resolve("policy.json").toString());
        assertTrue(run(words.toArray(String[]::new)).err().contains("network-missing"), "mail stands in a DMZ");
        words.addAll(List.of("--network", "DMZ=192.168.2.0/24"));
        assertEquals(Exit.OK, run(words.toArray(String[]::new)).code());
        var rules = Json.read(VpnPapers.read(folder.resolve("policy.json")), VpnPapers.Written.class)
                .rules();
        assertTrue(rules.stream().anyMatch(r -> r.name().equals("give-booking")), rules.toString());
        assertEquals(Exit.REFUSED, run(words.toArray(String[]::new)).code(), "what is there is not written over");
    }

    @Test
    void aMissingFileIsNamed() {
        var ran = run("seal", "inspect", folder.resolve("nowhere").toString());
        assertEquals(Exit.REFUSED, ran.code());
        assertTrue(ran.err().contains("nowhere"), ran.err());
    }

    @Test
    void aFolderWithoutADeviceIsToldWhatToDo() throws Exception {
        var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse battery\n");
        var ran = run(
                "person",
                "show",
                "--device",
                folder.resolve("device").toString(),
                "--passphrase-file",
                passphrase.toString());
        assertEquals(Exit.REFUSED, ran.code());
        assertTrue(ran.err().contains("code: device-missing"), ran.err());
    }

    @Test
    void aBundleThatIsNoneIsRefused() throws Exception {
        var bundle = Files.writeString(folder.resolve("bundle"), "{}");
        var keys = Files.writeString(folder.resolve("keys"), "{}");
        assertEquals(
                Exit.REFUSED,
                run("ledger", "verify", bundle.toString(), "--keys", keys.toString())
                        .code());
        assertEquals(Exit.USAGE, run("ledger", "verify", bundle.toString()).code());
    }
}
