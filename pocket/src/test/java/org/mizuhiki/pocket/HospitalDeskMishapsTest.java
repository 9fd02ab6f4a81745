package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.pocket.HandedLetter.State;
import org.mizuhiki.wire.Json;

/// A desk whose disk fails, whose power goes, or into whose folder somebody else writes.
@Tag("V11")
class HospitalDeskMishapsTest {
    private static final String EMR = "emr";

    @TempDir
    Path folder;

    private HospitalDesk desk;

    @BeforeEach
    void opens() {
        desk = HospitalDesk.open(folder.resolve("letters"), Clock.systemUTC());
    }

    @AfterEach
    void closes() {
        desk.close();
    }

    private Path at(String... steps) {
        return folder.resolve("letters").resolve(String.join("/", steps));
    }

    private void again() {
        desk.close();
        opens();
    }

    private void upload(String file, String content) {
        desk.upload(EMR, "a", file, new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)));
    }

    /// Another content each time.
    private void letter() {
        var said = new HospitalLetter(PersonId.random(new SecureRandom()), List.of(), Optional.empty());
        upload("letter.json", Json.write(said).asUtf8());
        upload("document.json", "{}");
    }

    private State handIn() {
        return desk.handIn(EMR, "a").state();
    }

    private State state() {
        return desk.state(EMR, "a").state();
    }

    /// As whoever signs leaves a letter that has not the form.
    private void refused() throws IOException {
        Files.move(at("out", "emr_a"), at("refused", "emr_a"));
        writeRefusal(at("refused", "emr_a.json"));
        assertEquals(State.REFUSED, state());
    }

    private static void writeRefusal(Path file) throws IOException {
        var why = new HospitalFolder.Refused("emr_a", "letter-rejected", "様式", "form", List.of());
        Files.write(file, Json.write(why).toArray());
    }

    private void waitsWhole() {
        assertEquals(State.WAITING, state());
        assertTrue(Files.exists(at("out", "emr_a", "document.json")));
    }

    @Test
    void aLetterThatTheDiskDidNotTakeGoesWhenItIsHandedInAgain() throws Exception {
        letter();
        Files.delete(at("out"));
        Refused.with("device-disk", this::handIn);
        assertEquals(State.OPEN, state());
        Files.createDirectory(at("out"));
        assertEquals(State.WAITING, handIn());
        waitsWhole();
    }

    @Test
    void aLetterThatTheDiskDidNotTakeMayBeAnotherOneTheNextTime() throws Exception {
        letter();
        Files.delete(at("out"));
        Refused.with("device-disk", this::handIn);
        Files.createDirectory(at("out"));
        letter();
        assertEquals(State.WAITING, handIn());
        waitsWhole();
    }

    @Test
    void aRefusedLetterThatIsClearedAwayLeavesItsNameFree() throws Exception {
        letter();
        handIn();
        refused();
        desk.clear(EMR, "a");
        assertFalse(Files.exists(at("refused", "emr_a")));
        Refused.with("letter-unknown", this::state);
        Refused.with("letter-unknown", this::handIn);
        letter();
        assertEquals(State.WAITING, handIn());
        waitsWhole();
    }

    @Test
    void aMendedLetterGoesWhateverACrashLeftOfTheOneBefore() throws Exception {
        letter();
        handIn();
        refused();
        letter();
        Files.delete(at("refused", "emr_a.json")); // the power goes while the old one is swept away
        again();
        assertEquals(State.OPEN, state());
        assertEquals(State.WAITING, handIn());
        waitsWhole();
    }

    @Test
    void somebodyElsesLetterOfThatNameIsNotTakenForThisOne() throws Exception {
        Files.createDirectory(at("out", "emr_a"));
        letter();
        Refused.with("letter-taken", this::handIn);
        Refused.with("letter-taken", this::handIn);
        assertEquals(State.OPEN, state());
        Files.delete(at("out", "emr_a"));
        assertEquals(State.WAITING, handIn());
        waitsWhole();
    }

    @Test
    void anUnfinishedUploadKeepsNoDeskFromOpening() throws Exception {
        letter();
        handIn();
        Files.move(at("out", "emr_a"), at(".work", "door", "open", "emr_a"));
        Files.writeString(at(".work", "door", "open", "emr_a", "letter.json"), "{");
        again();
        assertEquals(State.OPEN, state());
        Files.delete(at(".work", "door", "open", "emr_a", "letter.json"));
        again();
        assertEquals(State.OPEN, state());
        letter();
        assertEquals(State.WAITING, handIn());
    }

    @Test
    void aDiskThatFailsCostsNoneOfThePlacesForFiles() throws Exception {
        Files.delete(at(".work", "door", "coming"));
        for (int i = 0; i < 20; i++) {
            Refused.with("device-disk", () -> upload("x.pdf", "x"));
        }
        Files.createDirectory(at(".work", "door", "coming"));
        upload("x.pdf", "x");
    }

    @Test
    void oneSystemLeavesHalfOfThePlacesToTheOthers() throws Exception {
        var begun = new CountDownLatch(4);
        var hold = new CountDownLatch(1);
        try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 4; i++) {
                var file = i + ".pdf";
                all.execute(() -> desk.upload(EMR, "a", file, new Slow(begun, hold)));
            }
            try {
                begun.await();
                Refused.with("desk-full", () -> upload("x.pdf", "x"));
                desk.upload("ward", "a", "x.pdf", new ByteArrayInputStream(new byte[1]));
            } finally {
                hold.countDown();
            }
        }
        upload("x.pdf", "x");
        assertEquals(5, desk.state(EMR, "a").files().size());
    }

    /// Says that it was asked, and ends when it is let go.
    private static final class Slow extends InputStream {
        private final CountDownLatch begun;
        private final CountDownLatch hold;

        Slow(CountDownLatch begun, CountDownLatch hold) {
            this.begun = begun;
            this.hold = hold;
        }

        @Override
        public int read() throws IOException {
            begun.countDown();
            try {
                hold.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            return -1;
        }

        @Override
        public int read(byte[] into, int from, int length) throws IOException {
            return read();
        }
    }

    @Test
    void manyWhoTakeOneArrivalAtOnceHaveAllTakenIt() throws Exception {
        var arrivals = desk.arrivals();
        for (int round = 0; round < 50; round++) {
            var name = Bytes.utf8("letter " + round).sha256();
            Files.createDirectory(at("in", name.hex()));
            Files.writeString(at("in", name.hex(), "document.json"), "{}");
            Callable<Boolean> one = () -> {
                arrivals.taken(name);
                return !Files.exists(at("in", name.hex()));
            };
            try (var all = Executors.newVirtualThreadPerTaskExecutor()) {
                for (var gone : all.invokeAll(Collections.nCopies(8, one))) {
                    assertTrue(gone.get());
                }
            }
        }
        try (var bin = Files.list(at(".work", "door", "bin"))) {
            assertEquals(0, bin.count());
        }
    }

    @Test
    void arrivalsThatDoNotReadHoldUpNoOther() throws Exception {
        for (int i = 0; i < 101; i++) {
            var damaged = at("in", "%064x".formatted(i));
            Files.writeString(Files.createDirectory(damaged).resolve("letter.json"), "{");
        }
        var whole = new Digest("f".repeat(64));
        writeRefusal(at("in", whole.hex() + ".refused.json"));
        var page = desk.arrivals().list(Optional.empty());
        assertEquals(
                List.of(whole),
                page.arrivals().stream().map(HospitalArrivals.Arrival::letter).toList());
        assertFalse(page.more());
        Refused.with("arrival-unknown", () -> desk.arrivals().get(new Digest("0".repeat(64))));
    }
}
