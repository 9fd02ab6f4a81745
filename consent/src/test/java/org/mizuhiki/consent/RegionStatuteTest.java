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
