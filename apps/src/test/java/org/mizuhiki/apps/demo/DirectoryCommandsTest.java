package org.mizuhiki.apps.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.apps.command.Commands;
import org.mizuhiki.apps.command.Exit;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The commands about keys, against a running region, as people and cron type them.
class DirectoryCommandsTest {
    @TempDir
    static Path folder;

    private static Played played;

    @Command(name = "mizuhiki")
    static final class Root {}

    private record Ran(int code, String out, String err) {}

    @BeforeAll
    static void regionComesUp() throws Exception {
        played = Played.inProcess(Files.createDirectory(folder.resolve("region")));
    }

    @AfterAll
    static void regionGoesDown() {
        played.close();
    }

    private static Ran run(String... arguments) {
        var line = new CommandLine(new Root());
        Commands.all().forEach(line::addSubcommand);
        var out = new StringWriter();
        var err = new StringWriter();
        int code = Exit.prepare(line)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err))
                .execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }

    private static Ran as(Cast.Player who, String... arguments) {
        var all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--device",
                who.folder().toString(),
                "--passphrase-file",
                who.folder().resolve("passphrase").toString()));
        return run(all.toArray(String[]::new));
    }

    @Test
    @Tag("F3")
    void aPersonWatchesTheOwnKeysAndOthersDo() throws Exception {
        var patient = played.cast.patient();
        var first = as(patient, "directory", "watch", "--once", "--json");
        assertEquals(Exit.OK, first.code(), first.err());
        assertTrue(first.out().contains("\"code\":\"keys-entered\""), first.out());
        var second = as(patient, "directory", "watch", "--once");
        assertEquals(Exit.OK, second.code(), second.err());
        assertTrue(second.out().contains("異常なし"), second.out());
        assertFalse(second.out().contains("KEYS"), second.out());

        var region = patient.folder().resolve("region.json").toString();
        var state = folder.resolve("anybody.json");
        var anybody = run(
                "directory",
                "watch",
                "--once",
                "--without-device",
                "--region",
                region,
                "--state",
                state.toString(),
                "--id",
                patient.id().value(),
                "--compare",
                patient.folder().resolve("watch.json").toString());
        assertEquals(Exit.OK, anybody.code(), anybody.err());
        assertTrue(anybody.out().contains("鍵の登録"), anybody.out());
    }

    @Test
    @Tag("F3")
    void anAlarmEndsWithOneAndLeavesEvidence() throws Exception {
        var doctor = played.cast.doctorA();
        var state = doctor.folder().resolve("watch.json");
        assertEquals(Exit.OK, as(doctor, "directory", "watch", "--once").code());
        // what somebody else claims to have seen of this ledger
        var theirs = folder.resolve("theirs.json");
        Files.writeString(
                theirs, Files.readString(state).replaceAll("\"record\":\"[0-9a-f]{8}", "\"record\":\"00000000"));
        var evidence = folder.resolve("evidence.json").toString();
        var keys = folder.resolve("keys.json").toString();
        var alarm = as(
                doctor,
                "directory",
                "watch",
                "--once",
                "--compare",
                theirs.toString(),
                "--evidence",
                evidence,
                "--export-keys",
                keys);
        assertEquals(Exit.REFUSED, alarm.code());
        assertTrue(alarm.out().contains("■ 警報"), alarm.out());
        assertTrue(alarm.out().contains("watch-states-differ"), alarm.out());
        // it names what was seen, and proves nothing about the ledger
        assertEquals(
                Exit.REFUSED,
                run("directory", "verify", evidence, "--keys", keys).code());
    }

    @Test
    @Tag("F3")
    void anybodysKeysAreShownNowAndThen() {
        var doctor = played.cast.doctorB();
        var id = doctor.id().value();
        var now = as(played.cast.patient(), "directory", "show", id);
        assertEquals(Exit.OK, now.code(), now.err());
        assertTrue(now.out().contains("有効") && now.out().contains("1番目"), now.out());
        assertEquals(
                Exit.OK,
                as(played.cast.patient(), "directory", "show", id, "--past").code());
        var before = as(played.cast.patient(), "directory", "show", id, "--at", "2020-01-01");
        assertEquals(Exit.REFUSED, before.code());
        assertTrue(before.err().contains("person-unknown"), before.err());
        assertEquals(
                Exit.USAGE,
                as(played.cast.patient(), "directory", "show", id, "--at", "gestern")
                        .code());
    }
}
