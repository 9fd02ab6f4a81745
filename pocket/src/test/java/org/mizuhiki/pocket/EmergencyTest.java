package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.account.Accounts;
import org.mizuhiki.chip.SoftCard;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Account.Notice;
import org.mizuhiki.oprf.OpaqueClient;
import org.mizuhiki.seal.Reader;

/// A patient who cannot speak, with the card in the pocket (docs/flows/emergency.md).
@ExtendWith(World.Given.class)
@Tag("F5")
class EmergencyTest {
    private static final Duration YEAR = Duration.ofDays(365);
    private static final Duration HOUR = Duration.ofHours(1);

    private static Digest send(World world, World.Player owner) {
        world.relate(world.doctorA(), owner);
        var pocket = world.doctorA().pocket();
        return pocket.post()
                .send(Letters.draft(pocket, Letters.plain(owner.id())))
                .letter();
    }

    private static EmergencyPermission permission(World world, World.Player patient) {
        return patient.pocket().emergencyPermission(world.emergencyServers());
    }

    private static EmergencyReading reading(World world, World.Player doctor) {
        return doctor.pocket().emergencyReading(world.emergencyServers());
    }

    /// A patient with a letter, who allows emergencies by this card.
    private static World.Player allowing(World world, SoftCard card) {
        var patient = world.somebody(world.newPatient());
        send(world, patient);
        assertEquals(
                1, permission(world, patient).allow(Ward.withPin(card), YEAR).covered());
        return patient;
    }

    private static EmergencyReading.Opened open(World world, Ward ward, World.Player patient, SoftCard card) {
        return reading(world, world.doctorC()).open(patient.id(), ward.with(card), "unconscious", HOUR);
    }

    @Test
    void withTheCardAtAnAccreditedTerminalAllLettersAreReadAndEveryOpeningIsSeen(World world) {
        var card = Ward.card();
        var patient = allowing(world, card);
        var later = send(world, patient);
        assertEquals(1, permission(world, patient).follow().covered(), "what came since");
        var ward = Ward.accredited(world, World.HOSPITAL);
        var doctor = world.doctorC();
        try (var opened = open(world, ward, patient, card)) {
            var reading = reading(world, doctor);
            var letters = reading.letters(opened);
            assertEquals(2, letters.size());
            assertTrue(letters.contains(later));
            for (var letter : letters) {
                var read = reading.read(opened, letter);
                assertEquals(Letters.plain(patient.id()).document(), read.document());
                assertEquals(
                        List.of("letter-sealed", "emergency-access", "emergency-opening", "disclosure"),
                        read.proofs().stream().map(p -> p.statement().kind()).toList());
            }
            // the patient sees who opened, where, and each letter
            var notice = patient.pocket().notices().list().stream()
                    .flatMap(n -> n.statement().stream())
                    .filter(EmergencyOpening.class::isInstance)
                    .map(EmergencyOpening.class::cast)
                    .toList();
            assertEquals(List.of(opened.statement()), notice);
            assertEquals(World.HOSPITAL, notice.getFirst().institution());
            assertTrue(patient.pocket().trail().openings(later).stream()
                    .anyMatch(o -> o.statement().by().equals(doctor.id())));
            assertTrue(EmergencyPermission.isOpen(
                    permission(world, patient).list().openings().getFirst(), world.clock.instant()));
        }
        // it made nobody a reader
        Refused.with("letter-unknown", () -> doctor.pocket().reading().open(later, "treatment"));
    }

    @Test
    void thePersonAndTheGuardiansAreToldAtOnceAndOnce(World world) {
        var card = Ward.card();
        var patient = allowing(world, card);
        var guardians = List.of(world.doctorA(), world.doctorB(), world.somebody(world.newPatient()));
        var accounts = new Accounts(world.accountServers(), OpaqueClient.stock(world.die), world.seals, world.clock);
        try (var account =
                DeviceAccount.create(patient.device(), accounts, World.passphrase(), World.passphrase(), false)) {
            var keys = new TreeMap<PersonId, Reader.XWing>();
            guardians.forEach(
                    g -> keys.put(g.id(), patient.pocket().people().find(g.id()).reader()));
            account.addGuardians(keys);
        }
        open(world, Ward.accredited(world, World.HOSPITAL), patient, card).close();
        assertEquals(1, told(world, patient, "emergency-opened"));
        for (var guardian : guardians) {
            assertEquals(1, told(world, guardian, "guarding-emergency"));
        }
        assertEquals(0, told(world, world.doctorC(), "guarding-emergency"));
    }

    private static int told(World world, World.Player player, String kind) {
        var account = world.accountServers().account();
        return account.notices(account.open(player.id()).token()).stream()
                .filter(n -> n.kind().equals(kind))
                .mapToInt(Notice::times)
                .sum();
    }

    @Test
    void itIsOffUntilThePatientAllowsItAndAfterThePatientRemovesIt(World world) {
        var card = Ward.card();
        var ward = Ward.accredited(world, World.HOSPITAL);
        var patient = world.somebody(world.newPatient());
        send(world, patient);
        Refused.with("emergency-not-allowed", () -> open(world, ward, patient, card));
        Refused.with("emergency-not-allowed", () -> permission(world, patient).follow());
        permission(world, patient).allow(Ward.withPin(card), YEAR);
        Refused.with("emergency-stands", () -> permission(world, patient).allow(Ward.withPin(card), YEAR));
        try (var opened = open(world, ward, patient, card)) {
            var reading = reading(world, world.doctorC());
            var letter = reading.letters(opened).getFirst();
            assertTrue(permission(world, patient).remove());
            Refused.with("emergency-not-allowed", () -> reading.read(opened, letter));
            Refused.with("emergency-not-allowed", () -> reading.letters(opened));
            Refused.with("emergency-not-allowed", () -> open(world, ward, patient, card));
            // again, by the same card: another key
            permission(world, patient).allow(Ward.withPin(card), YEAR);
            try (var again = open(world, ward, patient, card)) {
                assertEquals(letter, reading.read(again, letter).id());
            }
        }
        assertTrue(permission(world, patient).remove());
        assertFalse(permission(world, patient).remove());
    }

    @Test
    void ofTwoOpeningsEachReadsByItself(World world) {
        var card = Ward.card();
        var patient = allowing(world, card);
        var ward = Ward.accredited(world, World.HOSPITAL);
        try (var first = open(world, ward, patient, card);
                var second = open(world, ward, patient, card)) {
            var reading = reading(world, world.doctorC());
            var letter = reading.letters(first).getFirst();
            assertEquals(letter, reading.read(first, letter).id());
            assertEquals(letter, reading.read(second, letter).id());
            permission(world, patient).end(first.statement().id());
            Refused.with("emergency-ended", () -> reading.read(first, letter));
        }
    }

    @Test
    void whoWroteALetterReadsItInAnEmergencyToo(World world) {
        var card = Ward.card();
        var patient = allowing(world, card);
        var author = world.doctorA();
        var ward = Ward.accredited(world, World.CLINIC);
        try (var opened = reading(world, author).open(patient.id(), ward.with(card), "unconscious", HOUR)) {
            var letter = reading(world, author).letters(opened).getFirst();
            assertEquals(letter, reading(world, author).read(opened, letter).id());
        }
    }

    @Test
    void anEndedOpeningAndABarredReaderReadNoMore(World world) {
        var card = Ward.card();
        var patient = allowing(world, card);
        var ward = Ward.accredited(world, World.HOSPITAL);
        try (var opened = open(world, ward, patient, card)) {
            var reading = reading(world, world.doctorC());
            var letter = reading.letters(opened).getFirst();
            permission(world, patient).end(opened.statement().id());
            Refused.with("emergency-ended", () -> reading.read(opened, letter));
            assertThrows(
                    Refusal.class,
                    () -> world.region.store().fetch(world.doctorC().id(), letter),
                    "not even closed");
            Refused.with("opening-unknown", () -> permission(world, patient).end(Digest.of((byte) 1)));
        }
        try (var opened = open(world, ward, patient, card)) {
            var letter = reading(world, world.doctorC()).letters(opened).getFirst();
            patient.pocket().vetoes().bar(world.doctorC().id());
            Refused.with("reader-barred", () -> reading(world, world.doctorC()).read(opened, letter));
            Refused.with("reader-barred", () -> open(world, ward, patient, card));
        }
    }
}
