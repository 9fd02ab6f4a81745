package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.card.Card;
import org.mizuhiki.chip.card.LoadFile;
import org.mizuhiki.house.Refusal;

/// An applet that means harm takes nothing from the services beside it: neither their card's image nor the
/// process that runs them all.
@Tag("N1")
@Tag("N7")
class HostileAppletTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final byte[] AID = Cards.hex("f04d5a4801");
    private static final LoadFile HOSTILE =
            LoadFile.fromClassPath("org.mizuhiki.chip.hostile", List.of("Hostile"), List.of());

    private final List<byte[]> images = new ArrayList<>();

    private Card card() {
        var card = Cards.withPurse(image -> images.add(image.clone()));
        card.install(HOSTILE, "Hostile", AID, new byte[0]);
        return card;
    }

    /// Whatever the attack's answer is, the purse is there after the next start.
    private void survives(String attack) {
        images.clear();
        var card = card();
        Cards.select(card, AID);
        assertTimeoutPreemptively(LONG, () -> {
            try {
                Cards.send(card, attack);
            } catch (Refusal e) {
                assertEquals("card-silent", e.code(), attack);
            }
        });
        var revived = Card.revive(images.getLast(), List.of(Cards.PURSE, HOSTILE), Cards.DIE, Card.FORGETFUL);
        assertEquals("9000", Cards.select(revived, Cards.PURSE_AID), attack);
        assertEquals("9000", Cards.send(revived, "80010500"), attack);
    }

    @Test
    void nothingItKeepsMakesTheImageUnreadable() {
        survives("80010000");
        survives("80020000");
        survives("80030000");
    }

    @Test
    void whateverItThrowsTheTerminalGetsAnAnswer() {
        var card = card();
        Cards.select(card, AID);
        assertEquals("6f00", Cards.send(card, "80040000"));
        assertEquals("9000", Cards.select(card, Cards.PURSE_AID));
    }

    @Test
    void workWithoutEndIsStopped() {
        var card = card();
        for (var way : List.of("80050000", "80090000")) {
            Cards.select(card, AID);
            var refusal =
                    assertTimeoutPreemptively(LONG, () -> assertThrows(Refusal.class, () -> Cards.send(card, way)));
            assertEquals("card-silent", refusal.code(), way);
        }
    }

    @Test
    void itCannotFillTheMemoryOfTheProcess() {
        var card = card();
        Cards.select(card, AID);
        assertEquals("6f00", Cards.send(card, "80060000"));
        assertEquals("9000", Cards.select(card, Cards.PURSE_AID));
        assertEquals("9000", Cards.send(card, "80010500"));
    }

    @Test
    void itCannotCatchBeingStopped() {
        var card = card();
        Cards.select(card, AID);
        assertEquals(
                "card-silent",
                assertThrows(Refusal.class, () -> Cards.send(card, "80070000")).code());
        Cards.select(card, AID);
        assertEquals("6f00", Cards.send(card, "80080000"), "nor the end of the stack");
    }

    @Test
    void fieldsOfOneNameAreBothTakenBack() {
        var card = new Card(Cards.DIE, Card.FORGETFUL);
        var file = LoadFile.fromClassPath("org.mizuhiki.chip.hostile", List.of("Above", "Below"), List.of());
        card.install(file, "Above", AID, new byte[0]);
        Cards.select(card, AID);
        assertEquals("00009000", Cards.send(card, "80010000"));
    }

    @Test
    void deletedItAnswersNoMore() {
        var card = card();
        Cards.select(card, AID);
        card.delete(AID);
        assertEquals("6985", Cards.send(card, "80090000"));
    }
}
