package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyServer;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.wire.Json;

/// What arrives, and what is printed of it.
@ExtendWith(World.Given.class)
@Tag("V11")
class HospitalArrivalsTest extends HospitalSystem {
    @Test
    void whatArrivesIsPutThereOnceAsItWasSigned(World world) throws Exception {
        var a = author(world);
        var b = world.somebody(world.newDoctor());
        var letter = Letters.full(world.patient().id(), folder);
        var sent = a.pocket().post().send(Letters.draft(a.pocket(), letter));
        a.pocket().grants().give(sent.letter(), b.id(), Duration.ofDays(30), "referral");

        exchange(b.pocket()).receive("treatment");

        var arrived = box("in").resolve(sent.letter().hex());
        assertArrayEquals(letter.document().toArray(), Files.readAllBytes(arrived.resolve("document.json")));
        for (var file : letter.attachments()) {
            assertEquals(-1, Files.mismatch(file, arrived.resolve("attachments").resolve(file.getFileName())));
        }
        var said = Json.read(Bytes.of(Files.readAllBytes(arrived.resolve("letter.json"))), ArrivedLetter.class);
        assertEquals(a.id(), said.from());
        assertEquals(
                Set.of("letter-sealed", "lateral-grant", "care-relation", "disclosure"),
                said.verified().stream().map(ArrivedLetter.Verified::kind).collect(Collectors.toSet()));
        assertTrue(Files.size(arrived.resolve("letter.pdf")) > 1000);

        Disk.remove(arrived); // the hospital system has taken it
        events.clear();
        exchange(b.pocket()).receive("treatment");
        assertEquals(List.of(), events);
        assertFalse(Files.exists(arrived));
        assertEquals(1, world.patient().pocket().trail().openings(sent.letter()).size(), "opened once");
    }

    @Test
    void anArrivalThatIsCutIsPutThereInTheNextRound(World world) throws Exception {
        var a = author(world);
        var b = world.somebody(world.newDoctor());
        var sent = a.pocket()
                .post()
                .send(Letters.draft(a.pocket(), Letters.plain(world.patient().id())));
        a.pocket().grants().give(sent.letter(), b.id(), Duration.ofDays(30), "referral");
        var cut = b.pocket().hospital(folder.resolve("exchange"), HospitalSystem::paper, e -> {
            throw new Cut();
        });
        assertThrows(Cut.class, () -> cut.receive("treatment"));
        assertEquals(List.of(), Disk.list(box("in")));
        exchange(b.pocket()).receive("treatment");
        assertTrue(Files.exists(box("in").resolve(sent.letter().hex()).resolve("document.json")));
    }

    @Test
    void anArrivalThatIsRefusedSaysWhyAndHoldsUpNoOther(World world) throws Exception {
        var a = author(world);
        var b = world.somebody(world.newDoctor());
        var broken = Tampered.with(KeyServer.class, world.region.keys(), (method, arguments, real) -> {
            if (method.equals("release")) {
                throw Refusal.of("relation-revoked", "関係は終わりました", "The relation has ended");
            }
            return real.call();
        });
        var sent = a.pocket()
                .post()
                .send(Letters.draft(a.pocket(), Letters.plain(world.patient().id())));
        a.pocket().grants().give(sent.letter(), b.id(), Duration.ofDays(30), "referral");
        exchange(world.pocket(b, Regions.keys(world.region, broken))).receive("treatment");
        var why = Json.read(
                Bytes.of(Files.readAllBytes(box("in").resolve(sent.letter().hex() + ".refused.json"))),
                HospitalFolder.Refused.class);
        assertEquals("relation-revoked", why.code());
    }

    @Test
    void thePrintsCodeIsCheckedByAnybodyAndAgreesWithTheLetterForItsParties(World world) {
        var a = author(world);
        var one = a.pocket()
                .post()
                .send(Letters.draft(a.pocket(), Letters.plain(world.patient().id())));
        var other = a.pocket()
                .post()
                .send(Letters.draft(a.pocket(), Letters.plain(world.patient().id())));
        var mark = PrintMark.of(a.pocket().reading().open(one.letter(), "own"));

        assertEquals(mark, PrintMark.read(mark.text()));
        assertFalse(mark.text().contains(world.patient().id().value()));
        assertEquals(
                a.id(),
                world.patient()
                        .pocket()
                        .post()
                        .verify(mark)
                        .sealed()
                        .orElseThrow()
                        .by());
        assertTrue(world.somebody(world.newDoctor())
                .pocket()
                .post()
                .verify(mark)
                .sealed()
                .isEmpty());

        var swapped = new PrintMark(other.letter(), mark.statement(), mark.index());
        Refused.with("print-mark-false", () -> a.pocket().post().verify(swapped));
        Refused.with(
                "print-mark-false",
                () -> a.pocket().post().verify(new PrintMark(mark.letter(), mark.statement(), mark.index() + 1)));
        var invented = new PrintMark(mark.letter(), Bytes.utf8("no").sha256(), mark.index());
        Refused.with("entry-unknown", () -> a.pocket().post().verify(invented));
        Refused.with("print-mark-malformed", () -> PrintMark.read("https://example.jp/"));
    }
}
