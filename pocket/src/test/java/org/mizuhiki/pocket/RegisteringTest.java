package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.World.Player;
import org.mizuhiki.provisional.Registration.Stage;
import org.mizuhiki.store.Store;

/// Referral case 2 and what attackers do to it: provisional registration through the devices' doors and
/// real servers.
@ExtendWith(World.Given.class)
@Tag("V8")
@Tag("V10")
class RegisteringTest {
    private static final Duration MONTH = Duration.ofDays(30);

    @TempDir
    Path folder;

    static Path picture(Path folder) throws IOException {
        var image = new BufferedImage(320, 240, BufferedImage.TYPE_INT_RGB);
        var file = folder.resolve("two-shot.jpg");
        ImageIO.write(image, "jpeg", file.toFile());
        return file;
    }

    private Registering.Registered registered(World world, Player registrar) throws IOException {
        return world.registering(registrar).register(picture(folder), MONTH, MONTH);
    }

    static Digest sent(Player doctor, Registering.Registered registered) {
        return doctor.pocket()
                .post()
                .send(Letters.draft(doctor.pocket(), Letters.plain(registered.patient())))
                .letter();
    }

    @Test
    void aPatientWithoutAnIdIsReferredAndLaterOpensTheLetterWithTheirOwnKeys(World world) throws Exception {
        var people = world.registrars(5);
        var a = people.registrar();
        var b = world.doctorB();
        var registered = registered(world, a);
        assertTrue(registered.held().isEmpty());
        var letter = sent(a, registered);
        a.pocket().grants().give(letter, b.id(), MONTH, "referral");
        var read = b.pocket().reading().open(letter, "treatment");
        assertTrue(read.proofs().stream().anyMatch(p -> p.statement().kind().equals("provisional-registration")));

        // only the patient and the supervisor see the picture, as it was taken
        var shown = people.supervisor()
                .pocket()
                .twoShots()
                .open(registered.statement().evidence());
        assertEquals(shown.picture().sha256(), registered.statement().picture());
        assertEquals(a.id(), shown.registrar().id());
        Refused.with(
                "not-a-reader",
                () -> a.pocket().twoShots().open(registered.statement().evidence()));

        var patient = world.activated(registered.secret(), registered.patient().value());
        thePrintedSecretOpensNothing(world, registered, patient, read);
        anotherInstitutionConfirms(world, people, patient);
    }

    private static void thePrintedSecretOpensNothing(
            World world, Registering.Registered registered, Player patient, ReadLetter read) {
        var letter = read.id();
        assertEquals(registered.patient(), patient.id());
        assertEquals(2, patient.pocket().activation().finish(World.passphrase()).letters());
        assertEquals(0, patient.pocket().activation().finish(World.passphrase()).letters(), "done once");
        assertEquals(
                read.document(), patient.pocket().reading().open(letter, "own").document());
        patient.pocket().twoShots().open(registered.statement().evidence());

        // the printed secret opens nothing any more
        Refused.with("activation-used", () -> world.activated(registered.secret(), "thief"));
        var slot = world.region
                .keys()
                .release(
                        patient.id(),
                        world.region
                                .statements()
                                .sign(
                                        new org.mizuhiki.consent.Statement.Disclosure(
                                                patient.id(),
                                                patient.id(),
                                                letter,
                                                java.util.Optional.empty(),
                                                "own",
                                                world.clock
                                                        .instant()
                                                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS),
                                                "0".repeat(32)),
                                        patient.device().author(),
                                        world.stamps))
                .slot();
        assertFalse(slot.keyId().equals(registered.statement().key()));
    }

    private static void anotherInstitutionConfirms(World world, World.Registrars people, Player patient) {
        var a = people.registrar();
        var b = world.doctorB();
        // somebody of another institution confirms by the code on the patient's device
        assertEquals(Stage.ACTIVATED, world.registering(b).find(patient.id()).stage());
        Refused.with(
                "confirmation-not-independent",
                () -> world.registering(a)
                        .confirm(patient.id(), patient.pocket().activation().code()));
        assertEquals(
                Stage.CONFIRMED,
                world.registering(b)
                        .confirm(patient.id(), patient.pocket().activation().code())
                        .stage());
        assertEquals(
                1,
                world.registering(people.supervisor()).list().getFirst().others(),
                "that somebody else came with the sheet is told");
        var kinds = patient.pocket().notices().list().stream()
                .map(n -> n.statement().orElseThrow().kind())
                .toList();
        assertTrue(kinds.containsAll(List.of(
                "provisional-registration",
                "care-relation",
                "letter-sealed",
                "lateral-grant",
                "disclosure",
                "provisional-confirmation")));
    }

    @Test
    void aSheetThatSomebodyElseUsedFirstIsNoticedAtTheDeskAndStopped(World world) throws Exception {
        var people = world.registrars(5);
        var registered = registered(world, people.registrar());
        var letter = sent(people.registrar(), registered);
        people.registrar().pocket().grants().give(letter, world.doctorB().id(), MONTH, "referral");
        var thief = world.activated(registered.secret(), "thief-" + registered.patient());
        thief.pocket().activation().finish(World.passphrase());
        // the patient's own device is refused, and has no code that would do
        Refused.with("activation-used", () -> world.activated(registered.secret(), "late-" + registered.patient()));
        Refused.with("code-differs", () -> world.registering(world.doctorB()).confirm(registered.patient(), "123 456"));
        assertEquals(
                Stage.SUSPENDED,
                world.registering(people.registrar())
                        .suspend(registered.patient(), "sheet-copied")
                        .stage());
        world.revocations.refresh();
        Refused.with(
                "relation-revoked", () -> world.doctorB().pocket().reading().open(letter, "treatment"));
        Refused.with("certificate-revoked", () -> thief.pocket().reading().open(letter, "own"));
        Refused.with("person-unknown", () -> world.doctorB().pocket().people().find(registered.patient()));
    }

    @Test
    void aRegistrarRegistersNobodyBeyondTheQuotaOrWithoutAccreditation(World world) throws Exception {
        var people = world.registrars(1);
        registered(world, people.registrar());
        Refused.with("registrar-quota", () -> registered(world, people.registrar()));
        Refused.with("registrar-not-accredited", () -> registered(world, people.supervisor()));
        Refused.with("registrar-not-accredited", () -> registered(world, world.doctorB()));
        assertEquals(1, world.provisionals.withdraw(people.registrar().id(), true));
        Refused.with("registrar-not-accredited", () -> registered(world, people.registrar()));
        assertEquals(
                Stage.SUSPENDED,
                world.registering(people.supervisor()).list().getFirst().stage());
    }

    @Test
    void aRegistrarAndASupervisorAreTwoOfOneInstitution(World world) {
        var a = world.somebody(world.newDoctor());
        Refused.with("registrar-terms", () -> world.provisionals.accredit(a.id(), a.id(), 5, MONTH));
        Refused.with(
                "registrar-terms",
                () -> world.provisionals.accredit(a.id(), world.doctorB().id(), 5, MONTH));
        Refused.with(
                "registrar-terms",
                () -> world.provisionals.accredit(a.id(), world.patient().id(), 5, MONTH));
    }

    @Test
    void aPictureThatIsNoneIsRefusedBeforeAnythingIsCounted(World world) throws Exception {
        var people = world.registrars(1);
        var text = Files.writeString(folder.resolve("picture.jpg"), "this is not a picture at all");
        Refused.with(
                "picture-unfit", () -> world.registering(people.registrar()).register(text, MONTH, MONTH));
        registered(world, people.registrar());
    }

    @Test
    void aPictureInThePlaceOfAnotherIsNoticed(World world) throws Exception {
        var people = world.registrars(2);
        var first = registered(world, people.registrar());
        var second = registered(world, people.registrar());
        var swapping = Tampered.with(
                Store.class,
                world.region.store(),
                (method, arguments, call) -> method.equals("fetch")
                                && arguments[1].equals(second.statement().evidence())
                        ? world.region
                                .store()
                                .fetch(
                                        people.supervisor().id(),
                                        first.statement().evidence())
                        : call.call());
        var pocket = world.pocket(people.supervisor(), Regions.store(world.region, swapping));
        Refused.with(
                "store-swapped", () -> pocket.twoShots().open(second.statement().evidence()));
    }

    @Test
    void anIdThatNobodyActivatedLapsesAndTheLetterGoesToTheNextOne() throws Exception {
        var clock = new MovableClock();
        try (var world = new World(clock)) {
            var people = world.registrars(5);
            var registered = registered(world, people.registrar());
            var letter = sent(people.registrar(), registered);
            clock.shift(MONTH.minusMinutes(5));
            world.revocations.refresh();
            assertEquals(0, world.provisionals.settle());
            clock.shift(MONTH.plusSeconds(5));
            world.revocations.refresh();
            assertEquals(1, world.provisionals.settle());
            assertEquals(0, world.provisionals.settle());
            Refused.with("registration-over", () -> world.activated(registered.secret(), "late"));
            assertEquals(
                    Stage.LAPSED,
                    world.registering(people.supervisor()).list().getFirst().stage());
            // the author keeps the letter, and seals it again for the ID that the patient gets next
            var own = people.registrar().pocket().reading().open(letter, "own");
            var again = registered(world, people.registrar());
            var resealed = people.registrar()
                    .pocket()
                    .post()
                    .send(people.registrar()
                            .pocket()
                            .post()
                            .again(own, again.patient(), List.of())
                            .id());
            var patient = world.activated(again.secret(), "again");
            assertEquals(
                    2, patient.pocket().activation().finish(World.passphrase()).letters());
            assertEquals(
                    own.document(),
                    patient.pocket().reading().open(resealed.letter(), "own").document());
        }
    }

    @Test
    @Tag("V7")
    @Tag("F15")
    void aLetterIsPassedOnAsFarAsItsAuthorAllowedAndThePatientStopsIt(World world) throws Exception {
        var a = world.doctorA();
        var b = world.somebody(world.newDoctor());
        var c = world.doctorC();
        world.relate(a, world.patient());
        var letter = a.pocket()
                .post()
                .send(Letters.draft(a.pocket(), Letters.plain(world.patient().id())))
                .letter();
        a.pocket().grants().give(letter, b.id(), MONTH, "referral");
        Refused.with("grant-not-onward", () -> b.pocket().grants().give(letter, c.id(), MONTH, "second-opinion"));
        a.pocket().grants().give(letter, b.id(), MONTH, "referral", 1);
        Refused.with("grant-not-onward", () -> b.pocket().grants().give(letter, c.id(), MONTH, "referral", 1));
        b.pocket().grants().give(letter, c.id(), MONTH, "second-opinion");
        var read = c.pocket().reading().open(letter, "treatment");
        assertEquals(
                2,
                read.proofs().stream()
                        .filter(p -> p.statement().kind().equals("lateral-grant"))
                        .count());
        Refused.with(
                "letter-unknown",
                () -> world.somebody(world.newDoctor()).pocket().grants().give(letter, c.id(), MONTH, "referral"));
        var patient = world.patient().pocket();
        patient.vetoes().bar(b.id());
        assertEquals(
                patient.vetoes().bar(b.id()), patient.vetoes().list().getFirst().id());
        Refused.with("blob-unknown", () -> b.pocket().reading().open(letter, "treatment"));
        Refused.with("reader-barred", () -> c.pocket().reading().open(letter, "treatment"));
        Refused.with("reader-barred", () -> a.pocket().grants().give(letter, b.id(), MONTH, "referral"));
        patient.vetoes().lift(b.id());
        assertTrue(patient.vetoes().list().isEmpty());
        assertTrue(b.pocket().notices().list().stream()
                .anyMatch(n -> n.statement().orElseThrow().kind().equals("veto")));
        var fresh = patient.notices().list();
        assertTrue(fresh.stream().anyMatch(Notices.Notice::fresh));
        patient.notices().markSeen(fresh);
        assertTrue(patient.notices().list().stream().noneMatch(Notices.Notice::fresh));
    }
}
