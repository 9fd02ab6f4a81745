package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.pocket.HospitalFolder.Step;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.records.DocumentRules;

/// What a hospital system hands in is sent once, whatever cuts the work off.
@ExtendWith(World.Given.class)
@Tag("V11")
class HospitalFolderTest extends HospitalSystem {
    @Test
    void aLetterHandedInIsSentAcknowledgedAndReadByItsReader(World world) throws Exception {
        var a = author(world);
        var b = world.somebody(world.newDoctor());
        var letter = Letters.full(world.patient().id(), folder);
        var to = List.of(new HospitalLetter.To(b.id(), 30, "referral"));
        handIn(
                "ref-1",
                new HospitalLetter(world.patient().id(), to, Optional.empty()),
                Optional.of(letter.document()),
                letter.attachments());

        round(a.pocket());

        var ack = ack("ref-1");
        assertEquals("ref-1", ack.name());
        assertEquals(world.patient().id(), ack.patient());
        assertTrue(ack.ledger().index() >= 0);
        assertEquals(b.id(), ack.readers().getFirst().reader());
        assertTrue(ack.readers().getFirst().grant().isPresent());
        assertTrue(Files.isDirectory(box("done").resolve("ref-1")));
        assertFalse(Files.exists(box("out").resolve("ref-1")));
        var read = b.pocket().reading().open(ack.letter(), "treatment");
        assertEquals(letter.document(), read.document());
        assertEquals(2, read.attachments().size());
    }

    @Test
    void aPdfWithWordsBecomesALetterInTheNationalForm(World world) throws Exception {
        var a = author(world);
        var made = org.mizuhiki.records.ReferralSample.at(
                java.time.OffsetDateTime.parse("2026-05-01T10:00:01+09:00"), new java.util.SplittableRandom(7));
        var words = HospitalSystem.words(made);
        var pdf = Letters.full(world.patient().id(), folder).attachments().getFirst();
        handIn(
                "scan",
                new HospitalLetter(world.patient().id(), List.of(), Optional.of(words)),
                Optional.empty(),
                List.of(pdf));

        round(a.pocket());

        var read = a.pocket().reading().open(ack("scan").letter(), "own");
        var text = read.document().asUtf8();
        assertTrue(text.contains(made.patient().name().written()) && text.contains("report.pdf"));
        assertTrue(text.contains("2026-05-01T10:00:01+09:00"), "the date is Japan's, whatever the system's clock says");
    }

    /// The hospital system's own messages, and in `letter.json` only what they do not say.
    @Test
    void whatTheSystemWroteOutBecomesALetterInTheNationalForm(World world) throws Exception {
        var a = author(world);
        var side = org.mizuhiki.records.ReferralSample.clinic();
        var none = Optional.<String>empty();
        var story = new HospitalLetter.Story(
                Optional.of("精査をお願いします。"),
                Optional.empty(),
                Optional.empty(),
                Optional.of("坂道で胸が締め付けられる。"),
                Optional.of("特になし"),
                none,
                Optional.of("なし"));
        var words = new HospitalLetter.Words(
                Optional.empty(),
                Optional.of(side),
                Optional.of(org.mizuhiki.records.ReferralSample.hospital()),
                java.time.OffsetDateTime.parse("2026-05-01T10:00:00+09:00"),
                Optional.of(story));
        var patient = "PID|0001||0001234||葦原^小糸^^^^^L^I~アシハラ^コイト^^^^^L^P||19600401|F|||^^^^999-0001^JPN^H^架空県結び市１−１";
        var insured = "IN1|1|67^国民健康保険^JHSD0001|99990001|||||||結び||||||||||||||||||||||||||12";
        var adt = hl7("patient.hl7", "ADT^A08^ADT_A01", patient, insured);
        var prb = "PRB|AD|20260401|20058911^狭心症^MDCDX2|2|||20260301|||||||||20260302|狭心症|1^主診断^JHSD0007";
        var ppr = hl7("problems.hl7", "PPR^ZD1^PPR_ZD1", patient, prb);
        var iam = hl7("allergies.hl7", "ADT^A60", patient, "IAM|1|FA^食物アレルギー^HL70127|1^ソバ^JC10");
        var said = new HospitalLetter(world.patient().id(), List.of(), Optional.of(words));
        handIn("storage", said, Optional.empty(), List.of(adt, ppr, iam));
        handIn("lacks", said, Optional.empty(), List.of(adt, iam));
        var other = hl7("problems.hl7", "PPR^ZD1^PPR_ZD1", patient.replace("小糸", "小絲"), prb);
        handIn("mixed", said, Optional.empty(), List.of(adt, other, iam));

        round(a.pocket());

        assertEquals("drop-words-missing", refused("lacks").code());
        assertEquals("export-patients-differ", refused("mixed").code());
        var read = a.pocket().reading().open(ack("storage").letter(), "own");
        var text = read.document().asUtf8();
        for (var part : List.of("葦原", "アシハラ", "1960-04-01", "狭心症", "2026-03-02", "食物アレルギー: ソバ")) {
            assertTrue(text.contains(part), part);
        }
        assertEquals(0, read.attachments().size(), "the messages themselves stay inside the institution");
    }

    private java.nio.file.Path hl7(String name, String type, String... segments) throws Exception {
        var head = "MSH|^~\\&|HIS|A|GW|B|20260501100000||" + type + "|1|P|2.5||||||~ISO IR87||ISO 2022-1994";
        var message = head + "\r" + String.join("\r", segments) + "\r";
        var at = Files.createTempDirectory(folder, "exported").resolve(name);
        return Files.write(at, message.getBytes(java.nio.charset.Charset.forName("ISO-2022-JP")));
    }

    @Test
    void theSameFilesAgainAreTheSameLetter(World world) throws Exception {
        var a = author(world);
        handIn("first", world.patient().id(), 1, world.doctorB().id());
        round(a.pocket());
        handIn("first", world.patient().id(), 1, world.doctorB().id());
        handIn("second", world.patient().id(), 1, world.doctorB().id());
        round(a.pocket());
        assertEquals(ack("first").letter(), ack("second").letter());
        assertEquals(1, letters(world, a));
        assertEquals(1, grants(a));
        try (var done = Files.list(box("done"))) {
            assertEquals(3, done.count(), "each original is kept");
        }
        handIn("third", world.patient().id(), 2, world.doctorB().id());
        round(a.pocket());
        assertEquals(2, letters(world, a));
    }

    @Test
    void aGrantThatWasTakenBackIsNotGivenAgainByAnOldFile(World world) throws Exception {
        var a = author(world);
        var b = world.somebody(world.newDoctor());
        handIn("x", world.patient().id(), 1, b.id());
        round(a.pocket());
        a.pocket().grants().revoke(ack("x").readers().getFirst().grant().orElseThrow(), "mistake");
        handIn("x", world.patient().id(), 1, b.id());
        round(a.pocket());
        assertEquals(
                List.of(Grants.State.REVOKED),
                a.pocket().grants().list().stream().map(Grants.Grant::state).toList());
    }

    @Test
    void aRoundThatIsCutAfterAnyStepLosesNothingAndSendsOnce(World world) throws Exception {
        var cuts =
                List.of(Step.CLAIMED, Step.COPIED, Step.WRITTEN, Step.SENT, Step.GRANTED, Step.ACKNOWLEDGED, Step.DONE);
        for (var cut : cuts) {
            var a = author(world);
            handIn("cut", world.patient().id(), 1, world.doctorB().id());
            var exchange = a.pocket().hospital(folder.resolve("exchange"), HospitalSystem::paper, e -> {
                if (e.step() == cut) {
                    throw new Cut();
                }
            });
            assertThrows(Cut.class, () -> exchange.send(new DocumentRules()));
            // the next run of the program
            round(world.pocket(a, world.region));
            assertEquals(1, letters(world, a), "cut after " + cut);
            assertEquals(1, grants(a), "cut after " + cut);
            assertEquals(world.patient().id(), ack("cut").patient());
            assertEquals(List.of(), Disk.list(box(".work").resolve("claimed")));
            assertFalse(Files.exists(box(".work").resolve("copy")), "no second copy stays");
            Disk.remove(folder.resolve("exchange"));
        }
    }

    @Test
    void aRoundWhoseServersGoAwayAtAnyCallGoesOnInTheNext(World world) throws Exception {
        for (int strike = 1; ; strike++) {
            boolean after = strike % 2 == 0;
            var a = author(world);
            handIn("away", world.patient().id(), 1, world.doctorB().id());
            var fate = new CrashTest.Fate(strike, after, false);
            round(world.pocket(a, fate.over(world.region)));
            round(world.pocket(a, world.region));
            var where = "call " + strike + (after ? " after" : " before") + " " + events;
            assertEquals(1, letters(world, a), where);
            assertEquals(1, grants(a), where);
            assertTrue(Files.exists(box("ack").resolve("away.json")), where);
            Disk.remove(folder.resolve("exchange"));
            if (!fate.wasReached()) {
                assertTrue(strike > 8, "calls that could fail: " + strike);
                break;
            }
        }
    }

    @Test
    void aRefusedLetterMayBeHandedInAgainOnceTheReasonIsGone(World world) throws Exception {
        var a = world.somebody(world.newDoctor());
        handIn("early", world.patient().id(), 1);
        round(a.pocket());
        assertEquals("not-related", refused("early").code());
        world.relate(a, world.patient());
        handIn("early", world.patient().id(), 1);
        round(a.pocket());
        assertEquals(1, letters(world, a));
    }
}
