package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.house.Digest;

/// The owner's own grant, to a delegate.
@Tag("F6")
@Tag("F15")
class DelegateStatuteTest {
    private static final Instant T0 = Pretend.NOW;
    private static final Instant LATER = T0.plusSeconds(60);
    private static final Instant END = T0.plus(Duration.ofDays(30));
    private final World world = new World(11);

    private LateralGrant delegated() {
        world.referral(T0);
        return world.say(world.grant(world.patient, world.stranger, T0, END));
    }

    @Test
    void aDelegateOpensUntilTheEnd() {
        delegated();
        assertEquals("permitted", world.answer(world.stranger, LATER));
        assertEquals("grant-expired", world.answer(world.stranger, END));
        assertEquals("grant-not-yet", world.answer(world.stranger, T0.minusSeconds(1)));
    }

    @Test
    void theEndOfTheDoctorsRelationTakesNothingFromADelegate() {
        delegated();
        world.say(world.revocation(world.patient, world.said.getFirst().statement(), LATER));
        assertEquals("relation-revoked", world.answer(world.colleague, LATER));
        assertEquals("permitted", world.answer(world.stranger, LATER));
    }

    @Test
    void theOwnerAloneEndsIt() {
        for (var by : List.of(world.doctor, world.colleague, world.stranger, world.patient)) {
            world.said.clear();
            var grant = delegated();
            world.say(world.revocation(by, grant, LATER));
            assertEquals(by.equals(world.patient) ? "grant-revoked" : "permitted", world.answer(world.stranger, LATER));
        }
        world.said.clear();
        delegated();
        world.say(world.veto(world.patient, world.stranger, LATER));
        assertEquals("reader-barred", world.answer(world.stranger, LATER));
    }

    @Test
    void aDelegatePassesNothingOnAndAnOwnerCannotAllowIt() {
        var grant = delegated();
        world.say(world.onward(world.stranger, world.colleague, grant, 0, T0, END));
        world.said.removeIf(a -> a.statement() instanceof LateralGrant g && g.by().equals(world.doctor));
        assertEquals("grantor-not-entitled", world.answer(world.colleague, LATER));
        world.said.removeIf(a -> a.statement() instanceof LateralGrant);
        world.say(new LateralGrant(
                world.patient,
                world.stranger,
                world.patient,
                world.letter,
                Digest.of((byte) 9),
                "delegate-some",
                T0,
                END,
                world.nonce(),
                Optional.empty(),
                1));
        assertEquals("grantor-not-entitled", world.answer(world.stranger, LATER));
    }

    @Test
    void nobodyDelegatesForAnotherOwner() {
        world.referral(T0);
        // who says that they own the letter, and does not
        world.say(new LateralGrant(
                world.stranger,
                world.stranger,
                world.stranger,
                world.letter,
                Digest.of((byte) 9),
                "delegate-some",
                T0,
                END,
                world.nonce()));
        assertEquals("grantor-not-entitled", world.answer(world.stranger, LATER));
    }
}
