package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.pocket.HospitalFolder.Step;
import org.mizuhiki.records.DocumentRules;

/// What is half-written, wrong, or put there to harm.
@ExtendWith(World.Given.class)
@Tag("V11")
class HospitalHostileTest extends HospitalSystem {
    @Test
    void whatIsNotFinishedIsLeftAlone(World world) throws Exception {
        var a = author(world);
        for (var name : List.of("a.tmp", "b.part", ".c")) {
            Files.createDirectories(box("out").resolve(name));
        }
        round(a.pocket());
        assertEquals(List.of(), events);
        try (var left = Files.list(box("out"))) {
            assertEquals(3, left.count());
        }
    }

    @Test
    void whatCannotBeSentIsRefusedWithTheReasonBesideIt(World world) throws Exception {
        var a = author(world);
        handIn("stranger", world.somebody(world.newPatient()).id(), 1);
        handIn(
                "garbage",
                new HospitalLetter(world.patient().id(), List.of(), Optional.empty()),
                Optional.of(Bytes.utf8("{\"resourceType\":\"Bundle\"}")),
                List.of());
        handIn(
                "reader",
                world.patient().id(),
                1,
                world.somebody(world.newPatient()).id());
        Files.createDirectories(box("out").resolve("nothing"));
        Files.createDirectories(box("out").resolve("odd"));
        Files.writeString(box("out").resolve("odd/letter.json"), "{\"patient\":\"x\"");
        handIn("good", world.patient().id(), 1);

        round(a.pocket());

        assertEquals("not-related", refused("stranger").code());
        assertEquals("letter-rejected", refused("garbage").code());
        assertFalse(refused("garbage").findings().isEmpty());
        assertEquals("reader-not-professional", refused("reader").code());
        assertEquals("drop-incomplete", refused("nothing").code());
        assertEquals("person-id-malformed", refused("odd").code());
        assertTrue(Files.isDirectory(box("refused").resolve("garbage")), "the original is kept");
        assertEquals(1, letters(world, a), "the others went out");
        assertEquals(List.of(), a.pocket().post().drafts());
    }

    @Test
    void linksPipesAndFoldersInsideNeverLeaveTheFolder(World world) throws Exception {
        var a = author(world);
        var secret = Files.write(
                folder.resolve("secret.pdf"), "%PDF-1.7 key".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        handIn("link", world.patient().id(), 1);
        Files.createSymbolicLink(box("out").resolve("link/report.pdf"), secret);
        handIn(
                "document",
                new HospitalLetter(world.patient().id(), List.of(), Optional.empty()),
                Optional.empty(),
                List.of());
        Files.createSymbolicLink(box("out").resolve("document/document.json"), secret);
        handIn("inside", world.patient().id(), 1);
        Files.createDirectory(box("out").resolve("inside/more"));
        handIn("pipe", world.patient().id(), 1);
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", box("out").resolve("pipe/x.pdf").toString())
                        .start()
                        .waitFor());
        var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
        Files.createSymbolicLink(box("out").resolve("whole"), elsewhere);
        Files.writeString(box("out").resolve("file.json"), "{}");

        round(a.pocket());

        for (var name : List.of("link", "document", "inside", "pipe")) {
            assertEquals("drop-entry", refused(name).code(), name);
        }
        assertEquals("drop-not-folder", refused("whole").code());
        assertEquals("drop-not-folder", refused("file.json").code());
        assertEquals(0, letters(world, a));
        assertTrue(Files.exists(secret) && Files.isDirectory(elsewhere));
    }

    @Test
    void strangeNamesAreNotRepeatedAndNothingIsWrittenElsewhere(World world) throws Exception {
        var a = author(world);
        for (var name : List.of("..\\..\\x", "a b\u202e", "-rf", "x".repeat(200), "\u001b[2J")) {
            handIn(name, world.patient().id(), 1);
        }
        round(a.pocket());
        assertEquals(1, letters(world, a), "the same content, whatever the name");
        try (var acks = Files.list(box("ack"))) {
            assertTrue(acks.allMatch(p -> p.getFileName().toString().matches("name-[0-9a-f]{16}\\.json")));
        }
    }

    @Test
    void tooLargeIsRefusedBeforeItIsReadWhole(World world) throws Exception {
        var a = author(world);
        handIn("huge", world.patient().id(), 1);
        try (var file = new java.io.RandomAccessFile(
                box("out").resolve("huge/letter.json").toFile(), "rw")) {
            file.setLength(3 << 20);
        }
        handIn("many", world.patient().id(), 1);
        for (int i = 0; i < 201; i++) {
            Files.writeString(box("out").resolve("many/" + i + ".pdf"), "%PDF-");
        }
        round(a.pocket());
        assertEquals("file-too-large", refused("huge").code());
        assertEquals("drop-too-large", refused("many").code());
    }

    @Test
    void twoAtOnceAreRefused(World world) {
        var a = author(world);
        var other = world.doctorA().pocket().hospital(folder.resolve("exchange"), HospitalSystem::paper, _ -> {});
        var inside = a.pocket().hospital(folder.resolve("exchange"), HospitalSystem::paper, e -> {
            if (e.step() == Step.CLAIMED) {
                Refused.with("hospital-folder-busy", () -> other.send(new DocumentRules()));
            }
        });
        org.junit.jupiter.api.Assertions.assertDoesNotThrow(() -> {
            handIn("one", world.patient().id(), 1);
            inside.send(new DocumentRules());
        });
    }
}
