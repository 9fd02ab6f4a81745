package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.LoadFile;
import org.mizuhiki.house.Refusal;

/// An applet that does not come back holds nothing up: its card is reset, as a reader would.
@Tag("N1")
class WatchdogTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] AID = Cards.hex("f04d5a4501");
    private static final LoadFile ENDLESS =
            LoadFile.fromClassPath("org.mizuhiki.chip.endless", List.of("Endless"), List.of());

    private static Card card() {
        var card = Cards.withPurse(Card.FORGETFUL);
        card.install(ENDLESS, "Endless", AID, new byte[0]);
        return card;
    }

    private static String silent(Runnable attempt) {
        return assertTimeoutPreemptively(
                LONG, () -> assertThrows(Refusal.class, attempt::run).code());
    }

    @Test
    void loopsAndCallsWithoutEndAreStoppedAndTheCardGoesOn() {
        var card = card();
        for (var way : List.of("80010000", "80020000", "80030000")) {
            assertEquals("9000", Cards.select(card, AID));
            assertEquals("card-silent", silent(() -> Cards.send(card, way)), way);
            assertEquals("6985", Cards.send(card, "80060000"), "nothing is selected any more");
        }
        assertEquals("9000", Cards.select(card, Cards.PURSE_AID));
        assertEquals("9000", Cards.send(card, "80010500"));
    }

    @Test
    void workThatTheCardDoesForAnAppletCountsToo() {
        var card = card();
        for (var way : List.of("80070000", "80080000", "80090000")) {
            assertEquals("9000", Cards.select(card, AID));
            assertEquals("card-silent", silent(() -> Cards.send(card, way)), way);
        }
    }

    @Test
    void whatItsTransactionWroteIsTakenBack() {
        var card = card();
        Cards.select(card, AID);
        assertEquals("card-silent", silent(() -> Cards.send(card, "80040000")));
        Cards.select(card, AID);
        assertEquals("009000", Cards.send(card, "80060000"));
    }

    @Test
    void anAppletThatNeverEndsItsInstallationIsNotInstalled() {
        var card = Cards.withPurse(Card.FORGETFUL);
        assertEquals("card-silent", silent(() -> card.install(ENDLESS, "Endless", AID, new byte[] {1})));
        assertEquals("6a82", Cards.select(card, AID));
        assertEquals("9000", Cards.select(card, Cards.PURSE_AID));
    }

    @Test
    void aMillionCallsAreNotTooMany() {
        var card = card();
        Cards.select(card, AID);
        assertEquals("9000", Cards.send(card, "80050000"));
        assertEquals("9000", Cards.send(card, "80050000"), "each command has its own");
    }
}
