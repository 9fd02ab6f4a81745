package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

/// An emergency ends by the clock.
@Tag("F5")
class EmergencyOverTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Test
    void anOpeningThatIsOverOpensNothingAndAnotherNeedsTheCardAgain() throws Exception {
        var clock = new MovableClock();
        try (var world = new World(clock)) {
            var card = Ward.card();
            var ward = Ward.accredited(world, World.HOSPITAL);
            var patient = world.patient();
            var doctor = world.doctorC();
            world.relate(world.doctorA(), patient);
            var letter = world.doctorA()
                    .pocket()
                    .post()
                    .send(Letters.draft(world.doctorA().pocket(), Letters.plain(patient.id())))
                    .letter();
            var servers = world.emergencyServers();
            patient.pocket().emergencyPermission(servers).allow(Ward.withPin(card), Duration.ofDays(1));
            var reading = doctor.pocket().emergencyReading(servers);
            Refused.with(
                    "statement-too-long",
                    () -> reading.open(patient.id(), ward.with(card), "unconscious", Duration.ofHours(25)));
            try (var opened = reading.open(patient.id(), ward.with(card), "unconscious", HOUR)) {
                assertEquals(letter, reading.read(opened, letter).id());
                clock.shift(HOUR.plusMinutes(1));
                Refused.with("emergency-over", () -> reading.read(opened, letter));
                Refused.with("emergency-over", () -> reading.letters(opened));
                assertThrows(Refusal.class, () -> world.region.store().fetch(doctor.id(), letter));
            }
            try (var again = reading.open(patient.id(), ward.with(card), "unconscious", HOUR)) {
                assertEquals(letter, reading.read(again, letter).id());
            }
            // and what the patient allowed ends, too
            clock.shift(Duration.ofHours(25));
            world.revocations.refresh();
            Refused.with(
                    "emergency-not-allowed", () -> reading.open(patient.id(), ward.with(card), "unconscious", HOUR));
        }
    }
}
