package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// A terminal's element stamps visits; who holds messages back, replays or turns the power off is found.
@Tag("H9")
class DateStampsTest {
    private static final KeyPair SERVICE = Factory.pair();
    private static final int QUOTA = 5;
    private static final Instant MORNING = Instant.parse("2026-11-22T00:00:00Z");

    private final SoftCard card = card();
    private final TerminalElement element = TerminalElement.on(card);
    private final TickStamps ticks = element.stamps();

    private static SoftCard card() {
        var card = SoftCard.inMemory(Cards.DIE);
        card.install(Programs.TERMINAL, TerminalElement.parameters(SERVICE.getPublic(), QUOTA));
        return card;
    }

    private static Digest message(int number) {
        return Bytes.utf8("visit " + number).sha256();
    }

    private DateStamps.Anchor anchor(Instant time) {
        var nonce = new byte[16];
        Cards.DIE.nextBytes(nonce);
        var asked = TickStamps.asked(Bytes.of(nonce), time);
        var key = element.view().key();
        var stamp = ticks.anchor(asked, Factory.signer(SERVICE).apply(key.toSign(asked)));
        return new DateStamps.Anchor(asked, stamp, time.plusSeconds(1));
    }

    private List<Counted.Stamped> stamps(int count) {
        var made = new ArrayList<Counted.Stamped>();
        for (int i = 0; i < count; i++) {
            made.add(new Counted.Stamped(message(i), ticks.stamp(message(i))));
        }
        return made;
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    private DateStamps.Proven prove(
            DateStamps.Anchor opening, List<Counted.Stamped> stamps, DateStamps.Anchor closing) {
        return DateStamps.prove(element.view().key(), opening, stamps, closing);
    }

    @Test
    void theDateIsProvenWhenBothAnchorsFallOnIt() {
        var opening = anchor(MORNING);
        var stamps = stamps(3);
        var closing = anchor(MORNING.plusSeconds(3600));
        assertEquals(
                Optional.of(LocalDate.of(2026, 11, 22)),
                prove(opening, stamps, closing).date());
        assertEquals(
                Optional.empty(),
                prove(closing, stamps(2), anchor(MORNING.plusSeconds(15 * 3600)))
                        .date());
    }

    @Test
    void whatIsHeldBackOrMovedIsFound() {
        var earlier = anchor(MORNING);
        var before = stamps(1);
        var opening = anchor(MORNING.plusSeconds(60));
        var stamps = stamps(3);
        var closing = anchor(MORNING.plusSeconds(3600));
        prove(earlier, before, opening);
        assertEquals("stamp-missing", refused(() -> prove(opening, stamps.subList(0, 2), closing)));
        assertEquals("stamp-outside", refused(() -> prove(opening, before, closing)));
        assertEquals("stamp-outside", refused(() -> prove(opening, List.of(stamps.get(0), stamps.get(0)), closing)));
        assertEquals("stamp-outside", refused(() -> prove(closing, stamps, opening)));
        assertEquals("stamp-missing", refused(() -> prove(earlier, before, closing)), "an anchor left out");
        var forged = new Counted.Stamped(message(9), stamps.get(0).stamp());
        assertEquals("stamp-forged", refused(() -> prove(opening, List.of(forged), closing)));
    }

    @Test
    void anEpochEndsWithThePowerAndTheLifeGoesOn() {
        var opening = anchor(MORNING);
        var stamps = stamps(2);
        long life = element.view().life();
        card.reset();
        TerminalElement.on(card);
        assertEquals("anchor-needed", refused(() -> ticks.stamp(message(1))), "no anchor, no stamp");
        var closing = anchor(MORNING.plusSeconds(60));
        assertNotEquals(opening.stamp().epoch(), closing.stamp().epoch());
        assertEquals(1, closing.stamp().count());
        assertEquals(life + 1, closing.stamp().life());
        assertEquals("stamp-other-epoch", refused(() -> prove(opening, stamps, closing)));
    }

    @Test
    void anAnchorPermitsSoManyStampsAndIsNotReplayed() {
        var nonce = Bytes.of(new byte[16]);
        var asked = TickStamps.asked(nonce, MORNING);
        var signature = Factory.signer(SERVICE).apply(element.view().key().toSign(asked));
        ticks.anchor(asked, signature);
        stamps(QUOTA);
        assertEquals("anchor-needed", refused(() -> ticks.stamp(message(1))));
        assertEquals("anchor-not-later", refused(() -> ticks.anchor(asked, signature)));
        card.reset();
        TerminalElement.on(card);
        assertEquals("anchor-not-later", refused(() -> ticks.anchor(asked, signature)), "after a reset either");
        var later = TickStamps.asked(nonce, MORNING.plusMillis(1));
        assertEquals("anchor-not-permitted", refused(() -> ticks.anchor(later, signature)));
        var other = new ElementKey(Factory.pair().getPublic(), false).toSign(later);
        assertEquals(
                "anchor-not-permitted",
                refused(() -> ticks.anchor(later, Factory.signer(SERVICE).apply(other))),
                "signed for another element");
    }

    @Test
    void noFormIsTakenForAnother() {
        var opening = anchor(MORNING);
        var stamp = ticks.stamp(message(1));
        var key = element.view().key();
        assertTrue(key.isStamp(message(1), stamp));
        assertFalse(key.isStamp(message(2), stamp));
        assertFalse(key.isAnchor(Bytes.of(message(1).toArray()), stamp));
        assertFalse(key.isStamp(message(1), opening.stamp()));
        assertFalse(new ElementKey(Factory.pair().getPublic(), false).isStamp(message(1), stamp));
    }
}
