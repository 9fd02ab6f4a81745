package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Renewals;

/// Certificates of persons are renewed unseen: three years in the life of a patient's letter.
@Tag("V1")
@Tag("V4")
class RenewalTest {
    private static final Duration STEP = Duration.ofDays(250);

    @Test
    void aLetterOfTheFirstYearOpensInTheThirdWithRenewedKeys() throws Exception {
        var clock = new MovableClock();
        try (var world = new World(clock)) {
            var doctor = world.doctorA();
            var patient = world.patient();
            world.relate(doctor, patient);
            var letter = doctor.pocket()
                    .post()
                    .send(Letters.draft(doctor.pocket(), Letters.plain(patient.id())))
                    .letter();
            var device = patient.device();
            var passed = Duration.ZERO;
            int renewed = 0;
            while (passed.compareTo(Duration.ofDays(3 * 365)) < 0) {
                passed = passed.plus(STEP);
                clock.shift(passed);
                world.revocations.refresh();
                var before = device;
                device = world.renewed(device);
                assertNotEquals(before.author().chain(), device.author().chain());
                assertSame(device, world.renewed(device)); // nothing is due now
                renewed++;
                // what is on disk is what is in hand
                try (var read = Device.open(device.folder(), World.passphrase(), world.seals)) {
                    assertEquals(device.author().chain(), read.author().chain());
                }
            }
            assertEquals(5, renewed);
            var pocket = new Pocket(device, world.region, clock, world.die);
            var read = pocket.reading().open(letter, "own");
            assertEquals(doctor.id(), read.author().id());
            assertEquals(5, world.authority.directory().past(patient.id()).size());
        }
    }

    @Test
    void aRenewalThatIsCutOffIsFinishedByTheNextAndTheOldKeysWorkMeanwhile() throws Exception {
        var clock = new MovableClock();
        try (var world = new World(clock)) {
            var patient = world.patient();
            clock.shift(STEP);
            world.revocations.refresh();
            Renewals lost = asked -> {
                world.authority.renewals().renew(asked); // done, but the answer does not arrive
                throw Refusal.of("peer-unreachable", "届きません", "not reached");
            };
            assertThrows(
                    Refusal.class,
                    () -> patient.device()
                            .renewedIfDue(lost, world.region.validator(), World.passphrase(), world.seals, clock));
            var folder = patient.device().folder();
            assertEquals(true, Files.exists(folder.resolve("keyring.renewal")));
            try (var old = Device.open(folder, World.passphrase(), world.seals)) {
                assertEquals(patient.device().author().chain(), old.author().chain());
            }
            var device = world.renewed(patient.device());
            assertEquals(
                    world.authority.directory().find(patient.id()).signing(),
                    device.author().chain());
            assertEquals(false, Files.exists(folder.resolve("keyring.renewal")));
            assertEquals(1, world.authority.directory().past(patient.id()).size());
        }
    }
}
