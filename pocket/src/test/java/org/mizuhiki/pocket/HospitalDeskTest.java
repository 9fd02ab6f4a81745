package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.HandedLetter.State;
import org.mizuhiki.wire.Json;

/// A desk whose letters nobody sends yet: what the network's side of the folder keeps, and what it refuses.
@Tag("V11")
class HospitalDeskTest {
    private static final String EMR = "emr";

    @TempDir
    Path folder;

    private HospitalDesk desk;

    @BeforeEach
    void opens() {
        desk = HospitalDesk.open(at(), Clock.systemUTC());
    }

    @AfterEach
    void closes() {
        desk.close();
    }

    private Path at(String... steps) {
        var path = folder.resolve("letters");
        for (var step : steps) {
            path = path.resolve(step);
        }
        return path;
    }

    private void again() {
        desk.close();
        desk = HospitalDesk.open(at(), Clock.systemUTC());
    }

    private void upload(String letter, String file, String content) {
        desk.upload(EMR, letter, file, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    private void letter(String letter) {
        var said = new HospitalLetter(PersonId.random(new java.security.SecureRandom()), List.of(), Optional.empty());
        upload(letter, "letter.json", Json.write(said).asUtf8());
        upload(letter, "document.json", "{}");
    }

    @Test
    void whatWasHandedInIsThereAfterACrashAtAnyMoment() throws Exception {
        letter("a");
        again();
        assertEquals(State.OPEN, desk.state(EMR, "a").state(), "uploads stay");
        assertEquals(State.WAITING, desk.handIn(EMR, "a").state());
        again();
        assertEquals(State.WAITING, desk.state(EMR, "a").state());
        // as it is when the power goes after the letter was remembered, before it was handed over
        Files.move(at("out", "emr_a"), at(".work", "door", "open", "emr_a"));
        again();
        assertTrue(Files.exists(at("out", "emr_a", "document.json")));
        assertEquals(State.WAITING, desk.handIn(EMR, "a").state());
        // while a file arrives
        Files.writeString(at(".work", "door", "coming", "file1"), "half");
        again();
        assertFalse(Files.exists(at(".work", "door", "coming", "file1")));
    }

    @Test
    void manyAtOnceHandInOneLetter() throws Exception {
        letter("a");
        try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<State> one = () -> desk.handIn(EMR, "a").state();
            for (var done : all.invokeAll(List.of(one, one, one, one, one, one, one, one))) {
                assertEquals(State.WAITING, done.get());
            }
        }
        try (var out = Files.list(at("out"))) {
            assertEquals(1, out.count());
        }
    }

    @Test
    void aFileThatBreaksOffLeavesNothing() throws Exception {
        var breaking = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("gone");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                throw new IOException("gone");
            }
        };
        var half = new SequenceInputStream(new ByteArrayInputStream(new byte[100_000]), breaking);
        assertThrows(UncheckedIOException.class, () -> desk.upload(EMR, "a", "x.pdf", half));
        Refused.with("letter-unknown", () -> desk.state(EMR, "a"));
        try (var coming = Files.list(at(".work", "door", "coming"))) {
            assertEquals(0, coming.count());
        }
        for (int i = 0; i < 20; i++) { // and none of the few places for arriving files
            upload("a", "x.pdf", "%PDF-" + i);
        }
    }

    @Test
    void nobodyFillsTheDeskWithLettersOrFiles() {
        for (int i = 0; i < 100; i++) {
            upload("l" + i, "x.pdf", "x");
        }
        Refused.with("desk-full", () -> upload("more", "x.pdf", "x"));
        upload("l1", "x.pdf", "x again");
        desk.upload("other", "more", "x.pdf", new ByteArrayInputStream(new byte[1])); // of another program
        for (int i = 0; i < 201; i++) {
            upload("l0", i + ".pdf", "x");
        }
        Refused.with("drop-too-large", () -> upload("l0", "202.pdf", "x"));
        assertEquals(202, desk.state(EMR, "l0").files().size());
    }

    @Test
    void uploadsThatNobodyHandsInAreForgottenAfterAWeek() throws Exception {
        upload("old", "x.pdf", "x");
        upload("new", "x.pdf", "x");
        Files.setLastModifiedTime(
                at(".work", "door", "open", "emr_old"),
                FileTime.from(Clock.systemUTC().instant().minus(Duration.ofDays(8))));
        desk.tidy();
        Refused.with("letter-unknown", () -> desk.state(EMR, "old"));
        assertEquals(State.OPEN, desk.state(EMR, "new").state());
    }

    @Test
    void linksThatOthersPutThereLeadNowhere() throws Exception {
        var name = Bytes.utf8("letter").sha256();
        var secret = Files.writeString(folder.resolve("secret"), "key");
        var elsewhere = Files.createDirectories(folder.resolve("elsewhere/attachments"));
        Files.writeString(elsewhere.resolve("x.pdf"), "key");
        Files.createDirectories(at("in", name.hex(), "attachments"));
        Files.createSymbolicLink(at("in", name.hex(), "document.json"), secret);
        Files.createSymbolicLink(at("in", name.hex(), "attachments", "x.pdf"), secret);
        Files.createSymbolicLink(at("in", name.hex(), "letter.json"), secret);
        assertEquals(
                0,
                new ProcessBuilder("mkfifo", at("in", name.hex(), "letter.pdf").toString())
                        .start()
                        .waitFor());
        var arrivals = desk.arrivals();
        Refused.with("arrival-unknown", () -> arrivals.open(name, HospitalArrivals.Part.DOCUMENT));
        Refused.with("arrival-unknown", () -> arrivals.open(name, HospitalArrivals.Part.PRINT));
        Refused.with("arrival-unknown", () -> arrivals.attachment(name, "x.pdf"));
        assertEquals(List.of(), arrivals.list(Optional.empty()).arrivals());

        var whole = Bytes.utf8("whole").sha256();
        Files.createSymbolicLink(at("in", whole.hex()), folder.resolve("elsewhere"));
        Refused.with("arrival-unknown", () -> arrivals.attachment(whole, "x.pdf"));
        arrivals.taken(whole);
        arrivals.taken(name);
        assertFalse(Files.exists(at("in", name.hex())));
        assertTrue(
                Files.exists(secret) && Files.exists(elsewhere.resolve("x.pdf")), "the link went, not what it names");

        letter("a");
        desk.handIn(EMR, "a");
        Files.createSymbolicLink(at("ack", "emr_a.json"), secret);
        Files.move(at("out", "emr_a"), at("done", "emr_a"));
        Refused.with("letter-unknown", () -> desk.state(EMR, "a"));
    }

    @Test
    void oneProcessServesAFolder() {
        Refused.with("hospital-folder-busy", () -> HospitalDesk.open(at(), Clock.systemUTC()));
    }

    @Test
    void namesThatLeadElsewhereAreRefused() {
        for (var name : List.of("..", "a/b", "a.tmp", "-a", "", "x".repeat(61), "あ")) {
            Refused.with("letter-name-malformed", () -> upload(name, "x.pdf", "x"));
            Refused.with("letter-name-malformed", () -> desk.state(EMR, name));
        }
        for (var file : List.of("..", "a/b", "a\\b", ".x", "", "a\u0000", "x".repeat(201), "診".repeat(86))) {
            Refused.with("attachment-name", () -> upload("a", file, "x"));
        }
    }
}
