package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Digest;

@Tag("V6")
@Tag("V7")
@Tag("F15")
class RegionStatuteTest {
    private static final Instant T0 = Pretend.NOW;
    private static final Instant LATER = T0.plusSeconds(60);
    private final World world = new World(7);

    @Test
    void withNothingSaidNobodyOpens() {
        assertEquals("letter-unknown", world.answer(world.doctor, T0));
    }

    @Test
    void ownerAuthorAndGrantedReaderOpenAndNobodyElse() {
        world.referral(T0);
        assertEquals("permitted", world.answer(world.patient, LATER));
        assertEquals("permitted", world.answer(world.doctor, LATER));
        assertEquals("permitted", world.answer(world.colleague, LATER));
        assertEquals("not-a-reader", world.answer(world.stranger, LATER));
    }

    @Test
    void theDecisionNamesTheStatementThatAllowsIt() {
        var grant = world.referral(T0);
        var decision = new RegionStatute().mayOpen(world.colleague, world.letter, LATER, world.said);
        assertEquals(
                grant.id(), assertInstanceOf(Decision.Permitted.class, decision).because());
    }

    @Test
    void aGrantForOneLetterOpensNoOther() {
        world.referral(T0);
        assertEquals("letter-unknown", World.answer(world.colleague, Digest.of((byte) 2), LATER, world.said));
    }

    @Test
    void aGrantEndsWithItsTimeAndDoesNotBeginBeforeIt() {
        var grant = world.referral(T0);
        assertEquals("grant-not-yet", world.answer(world.colleague, T0.minusSeconds(1)));
        assertEquals("permitted", world.answer(world.colleague, grant.until().minusSeconds(1)));
        assertEquals("grant-expired", world.answer(world.colleague, grant.until()));
    }

    @Test
    void ownerAndGrantorCanEndAGrantAndOthersCannot() {
        for (var by : List.of(world.colleague, world.stranger, world.doctor, world.patient)) {
            world.said.clear();
            var grant = world.referral(T0);
            world.say(world.revocation(by, grant, LATER));
            boolean entitled = by.equals(world.doctor) || by.equals(world.patient);
            assertEquals(entitled ? "grant-revoked" : "permitted", world.answer(world.colleague, LATER));
        }
    }

    @Test
    void endingTheRelationEndsTheGrantsUnderItButNotTheAuthorsOwnCopy() {
        world.referral(T0);
        world.say(world.revocation(world.patient, world.said.getFirst().statement(), LATER));
        assertEquals("relation-revoked", world.answer(world.colleague, LATER));
        assertEquals("permitted", world.answer(world.doctor, LATER));
        assertEquals("permitted", world.answer(world.patient, LATER));
        assertFalse(new RegionStatute().related(world.doctor, world.patient, LATER, world.said));
    }

    @Test
    void oneHalfOfARelationIsNone() {
        for (var missing : List.of(0, 1)) {
            world.said.clear();
            world.referral(T0);
            world.said.remove((int) missing);
            assertEquals("relation-missing", world.answer(world.doctor, LATER));
            assertEquals("relation-missing", world.answer(world.colleague, LATER));
            assertEquals("permitted", world.answer(world.patient, LATER));
        }
    }

    @Test
    void aGranteeCannotGrantOn() {
        world.referral(T0);
        var until = T0.plus(Duration.ofDays(9));
        world.say(world.relation(world.colleague, world.colleague, world.patient, T0, until));
        world.say(world.relation(world.patient, world.colleague, world.patient, T0, until));
        world.say(world.grant(world.colleague, world.stranger, T0, until));
        assertEquals("grantor-not-entitled", world.answer(world.stranger, LATER));
    }

    @Test
    void aGrantGoesOnAsFarAndAsLongAsItAllows() {
        world.referral(T0);
        var day = T0.plus(Duration.ofDays(1));
        var first = world.say(world.mayGoOn(world.colleague, 1, T0, day));
        world.say(world.onward(world.colleague, world.stranger, first, 0, T0, day));
        assertEquals("permitted", world.answer(world.stranger, LATER));
        for (var beyond : List.of(
                world.onward(world.colleague, world.stranger, first, 1, T0, day),
                world.onward(world.colleague, world.stranger, first, 0, T0, day.plusSeconds(1)),
                world.onward(world.colleague, world.stranger, first, 0, T0.minusSeconds(1), day),
                world.onward(world.stranger, world.stranger, first, 0, T0, day))) {
            world.said.removeLast();
            world.say(beyond);
            assertEquals("grantor-not-entitled", world.answer(world.stranger, LATER), beyond::toString);
        }
    }

    @Test
    void aChainEndsWithAnyOfItsLinks() {
        var day = T0.plus(Duration.ofDays(1));
        var fourth = org.mizuhiki.house.PersonId.random(world.die);
        for (int broken = 0; broken < 3; broken++) {
            world.said.clear();
            world.referral(T0);
            var a = world.say(world.mayGoOn(world.colleague, 2, T0, day));
            var b = world.say(world.onward(world.colleague, world.stranger, a, 1, T0, day));
            var c = world.say(world.onward(world.stranger, fourth, b, 0, T0, day));
            assertEquals("permitted", world.answer(fourth, LATER));
            world.say(world.revocation(world.patient, List.of(a, b, c).get(broken), LATER));
            assertEquals("grant-revoked", world.answer(fourth, LATER));
            world.said.removeLast();
            world.say(world.veto(world.patient, List.of(a, b, c).get(broken).reader(), LATER));
            assertEquals("reader-barred", world.answer(fourth, LATER));
        }
    }

    @Test
    void aVetoEndsWhatWasGrantedAndOnlyGrantsAfterItWasLiftedCount() {
        world.referral(T0);
        var veto = world.say(world.veto(world.patient, world.colleague, LATER));
        assertEquals("reader-barred", world.answer(world.colleague, LATER));
        assertEquals("permitted", world.answer(world.doctor, LATER));
        var during = world.say(world.grant(world.doctor, world.colleague, LATER.plusSeconds(5), LATER.plusSeconds(99)));
        assertEquals("reader-barred", world.answer(world.colleague, during.at()));
        var lifted = LATER.plusSeconds(10);
        world.say(new Statement.VetoLifted(world.doctor, veto.id(), lifted, world.nonce()));
        world.say(new Statement.VetoLifted(world.patient, veto.id(), lifted, world.nonce()));
        assertEquals("reader-barred", world.answer(world.colleague, lifted));
        world.say(world.grant(world.doctor, world.colleague, lifted.plusSeconds(1), lifted.plusSeconds(99)));
        assertEquals("permitted", world.answer(world.colleague, lifted.plusSeconds(1)));
    }

    @Test
    void nobodyButThePatientBars() {
        world.referral(T0);
        world.say(world.veto(world.doctor, world.colleague, LATER));
        world.say(world.veto(world.colleague, world.colleague, LATER));
        assertEquals("permitted", world.answer(world.colleague, LATER));
    }

    @Test
    @Tag("V8")
    void aProvisionalRegistrationStandsForThePatientsHalfForItsRegistrarOnly() {
        world.referral(T0);
        world.said.remove(1);
        var until = T0.plus(Duration.ofDays(30));
        var registered = world.say(world.registration(world.doctor, world.colleague, T0, until));
        assertEquals("permitted", world.answer(world.colleague, LATER));
        var statute = new RegionStatute();
        assertTrue(statute.related(world.doctor, world.patient, LATER, world.said));
        assertFalse(statute.related(world.doctor, world.patient, until, world.said));
        world.say(world.relation(world.stranger, world.stranger, world.patient, T0, until));
        assertFalse(statute.related(world.stranger, world.patient, LATER, world.said));
        world.say(world.revocation(world.colleague, registered, LATER));
        assertEquals("relation-revoked", world.answer(world.colleague, LATER));
        assertFalse(statute.related(world.doctor, world.patient, LATER, world.said));
    }

    @Test
    @Tag("V8")
    void thePictureIsForPatientAndSupervisorEvenAfterTheRegistrationEnded() {
        var registered = world.say(world.registration(world.doctor, world.colleague, T0, LATER));
        world.say(world.revocation(world.colleague, registered, LATER));
        assertEquals("permitted", World.answer(world.patient, world.picture, LATER, world.said));
        assertEquals("permitted", World.answer(world.colleague, world.picture, LATER, world.said));
        assertEquals("not-a-reader", World.answer(world.doctor, world.picture, LATER, world.said));
        assertEquals("not-a-reader", World.answer(world.stranger, world.picture, LATER, world.said));
    }

    @Test
    void whatTwoAuthorsClaimNobodyOpens() {
        world.referral(T0);
        world.say(
                new Statement.LetterSealed(world.stranger, world.stranger, world.letter, List.of(), T0, world.nonce()));
        assertEquals("letter-disputed", world.answer(world.stranger, LATER));
        assertEquals("letter-disputed", world.answer(world.colleague, LATER));
    }

    @Test
    void aRelationStandsBetweenItsTimesOnly() {
        world.referral(T0);
        var statute = new RegionStatute();
        assertTrue(statute.related(world.doctor, world.patient, T0, world.said));
        assertFalse(statute.related(world.doctor, world.patient, T0.minusSeconds(1), world.said));
        assertFalse(statute.related(world.doctor, world.patient, T0.plus(Duration.ofDays(365)), world.said));
        assertFalse(statute.related(world.patient, world.doctor, T0, world.said));
    }
}
