package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.VetoLifted;

/// What a patient allows for emergencies, and what was opened by it.
@Tag("F5")
class EmergencyStatuteTest {
    private static final Instant T0 = Pretend.NOW;
    private static final Instant LATER = T0.plusSeconds(600);
    private static final Instant OVER = LATER.plus(Duration.ofHours(1));
    private final World world = new World(17);

    @BeforeEach
    void aLetterIsThere() {
        world.referral(T0);
    }

    private EmergencyAccess allowed() {
        return world.say(world.access(T0, T0.plus(Duration.ofDays(400))));
    }

    @Test
    void anOpeningOpensUntilItIsOver() {
        world.say(world.opening(world.stranger, allowed(), LATER, OVER));
        assertEquals("permitted", world.answer(world.stranger, LATER));
        assertEquals("emergency-over", world.answer(world.stranger, OVER));
        assertEquals("emergency-over", world.answer(world.stranger, LATER.minusSeconds(1)));
    }

    @Test
    void nothingOpensWithoutThePatientsOwnPermission() {
        assertEquals("not-a-reader", world.answer(world.stranger, LATER));
        allowed();
        assertEquals("not-a-reader", world.answer(world.stranger, LATER), "allowed, and not opened");
        var never = world.access(T0, T0.plus(Duration.ofDays(400)));
        world.say(world.opening(world.stranger, never, LATER, OVER));
        assertEquals("emergency-not-allowed", world.answer(world.stranger, LATER));
        // another patient's, or one that the opener said
        var own = new EmergencyAccess(
                world.stranger, never.card(), never.key(), T0, T0.plus(Duration.ofDays(400)), world.nonce());
        world.say(own);
        world.say(world.opening(world.stranger, own, LATER, OVER));
        assertEquals("emergency-not-allowed", world.answer(world.stranger, LATER));
    }

    @Test
    void anotherReaderGetsNothingByIt() {
        world.say(world.opening(world.stranger, allowed(), LATER, OVER));
        assertEquals("permitted", world.answer(world.colleague, LATER), "by the grant");
        assertEquals("grant-expired", world.answer(world.colleague, OVER.plus(Duration.ofDays(2))));
    }

    @Test
    void whatThePatientEndsOpensNothing() {
        var access = allowed();
        var opening = world.say(world.opening(world.stranger, access, LATER, OVER));
        world.say(world.revocation(world.doctor, opening, LATER));
        assertEquals("permitted", world.answer(world.stranger, LATER), "the doctor has no say");
        world.say(world.revocation(world.patient, opening, LATER));
        assertEquals("emergency-ended", world.answer(world.stranger, LATER));
        world.say(world.opening(world.stranger, access, LATER, OVER));
        assertEquals("permitted", world.answer(world.stranger, LATER), "another opening");
        world.say(world.revocation(world.patient, access, LATER));
        assertEquals("emergency-not-allowed", world.answer(world.stranger, LATER));
    }

    @Test
    void aPermissionThatIsOverOpensNothing() {
        var access = world.say(world.access(T0, LATER.plusSeconds(5)));
        world.say(world.opening(world.stranger, access, LATER, OVER));
        assertEquals("permitted", world.answer(world.stranger, LATER));
        assertEquals("emergency-not-allowed", world.answer(world.stranger, LATER.plusSeconds(5)));
    }

    @Test
    void aBarredReaderHasNoEmergency() {
        world.say(world.opening(world.stranger, allowed(), LATER, OVER));
        var veto = world.say(world.veto(world.patient, world.stranger, LATER.plusSeconds(1)));
        assertEquals("reader-barred", world.answer(world.stranger, LATER.plusSeconds(2)));
        world.say(new VetoLifted(world.patient, veto.id(), LATER.plusSeconds(3), world.nonce()));
        assertEquals("reader-barred", world.answer(world.stranger, LATER.plusSeconds(4)));
    }

    @Test
    void whoMayEndWhat() {
        var access = allowed();
        var opening = world.opening(world.stranger, access, LATER, OVER);
        assertTrue(Statute.mayEnd(world.patient, access));
        assertFalse(Statute.mayEnd(world.doctor, access));
        assertTrue(Statute.mayEnd(world.patient, opening));
        assertTrue(Statute.mayEnd(world.stranger, opening));
        assertFalse(Statute.mayEnd(world.doctor, opening));
    }
}
