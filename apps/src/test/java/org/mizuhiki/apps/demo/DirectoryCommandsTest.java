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

    @Test
    @Tag("F11")
    void aPhoneEnrolsWithAQrCode() throws Exception {
        var json = folder.resolve("qr.json");
        new EnrolmentByQr(Played.quietly(java.util.Optional.of(json)), played.machine.place(), Played.CLOCK, Played.DIE)
                .tell();
        assertEquals(3, Files.readAllLines(json).size());
    }

    /// The desk and the phone as two people type it, each on a machine of their own.
    @Test
    @Tag("F11")
    void theDeskInvitesAndThePhoneReadsThePicture() throws Exception {
        var gateway = folder.resolve("region/gateway-a/config.yaml").toString();
        var png = folder.resolve("qr.png");
        var invited = run(
                "person", "invite", "--config", gateway, "--patient", "--no-wait", "--png", png.toString(), "--json");
        assertEquals(Exit.OK, invited.code(), invited.err());
        var invitation = invited.out().replaceAll("(?s).*\"invitation\":\"([0-9a-f]{16})\".*", "$1");
        var region = folder.resolve("region/region.json").toString();
        var passphrase = Files.writeString(folder.resolve("passphrase"), "correct horse battery\n")
                .toString();
        var phone = folder.resolve("phone").toString();
        var waiting = new java.util.concurrent.atomic.AtomicReference<Ran>();
        var typing = Thread.ofVirtual()
                .start(() -> waiting.set(run(
                        "person",
                        "enrol",
                        "--region",
                        region,
                        "--device",
                        phone,
                        "--passphrase-file",
                        passphrase,
                        "--qr",
                        png.toString())));
        // waits for the phone; the right code is confirmed in the story above
        var confirmed = run("person", "invite", "--config", gateway, "--invitation", invitation, "--code", "12345x");
        assertTrue(confirmed.err().contains("confirmation-wrong"), confirmed.err());
        var declined = run("person", "invite", "--config", gateway, "--invitation", invitation, "--decline");
        assertEquals(Exit.OK, declined.code(), declined.err());
        typing.join();
        assertEquals(Exit.REFUSED, waiting.get().code());
        assertTrue(
                waiting.get().err().contains("invitation-declined"),
                waiting.get().err());
        assertTrue(
                waiting.get().err().matches("(?s).*[0-9]{3} [0-9]{3}.*"),
                waiting.get().err());
    }
}
