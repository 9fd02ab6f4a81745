package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.NationalCardTest.refused;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.PowerLost;

/// The power of the simulated ID card ends before each permanent write.
@Tag("F5")
class NationalCardTornTest {
    private static int writes(CardLine line, Consumer<CardLine> operation) {
        var count = new AtomicInteger();
        line.card().feed(count::incrementAndGet);
        operation.accept(line);
        return count.get();
    }

    private static CardLine torn(int write, CardLine line, Consumer<CardLine> operation) {
        var left = new AtomicInteger(write);
        line.card().feed(() -> {
            if (left.getAndDecrement() == 0) {
                throw new PowerLost();
            }
        });
        assertThrows(PowerLost.class, () -> operation.accept(line), "write " + write);
        return Town.revived(line.card().image());
    }

    @Test
    void aPinIsTheOldOneOrTheNew() {
        Consumer<CardLine> change = line -> {
            var card = NationalCard.on(line);
            card.verify(AUTHENTICATION, Town.pin());
            card.change(AUTHENTICATION, Town.secret("9876"));
        };
        int writes = writes(Town.card(), change);
        assertTrue(writes >= 3, writes + " writes");
        for (int write = 0; write < writes; write++) {
            var card = NationalCard.on(torn(write, Town.card(), change));
            boolean old = opens(card, "1234");
            boolean next = opens(card, "9876");
            assertTrue(old ^ next, "torn at write " + write);
        }
    }

    private static boolean opens(NationalCard card, String pin) {
        try {
            card.verify(AUTHENTICATION, Town.secret(pin));
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    @Test
    void anInstitutionsRightIsNeverLeftBehind() {
        Consumer<CardLine> enter = line -> Town.enter(NationalCard.on(line));
        int writes = writes(Town.card(), enter);
        assertTrue(writes >= 1, writes + " writes");
        for (int write = 0; write < writes; write++) {
            var card = NationalCard.on(torn(write, Town.card(), enter));
            assertEquals(
                    "card-not-permitted",
                    refused(() -> card.sign(AUTHENTICATION, Bytes.of().sha256())));
            Town.enter(card);
            card.sign(AUTHENTICATION, Bytes.of().sha256());
        }
    }

    /// Of some thousand writes a few are tried, and the last, with which the card is in use;
    /// `-Dmizuhiki.torn.step=1` tries each.
    @Test
    void aTornPersonalisationIsDoneAgain() {
        var blank = Town.blank().card().image();
        int writes = writes(Town.revived(blank), Town::personalise);
        int step = Integer.getInteger("mizuhiki.torn.step", writes / 5 + 1);
        for (int write = 0; write < writes; write += step) {
            unfinished(torn(write, Town.revived(blank), Town::personalise));
        }
        var line = Town.revived(blank);
        var tap = new Tap(line, command -> {
            if (command[1] == NationalCardTest.ACTIVATE) {
                line.card().feed(() -> {
                    throw new PowerLost();
                });
            }
        });
        assertThrows(PowerLost.class, () -> Town.personalise(tap));
        unfinished(Town.revived(line.card().image()));
    }

    private static void unfinished(CardLine line) {
        assertEquals("card-state", refused(() -> NationalCard.on(line).tokenName()));
        Town.personalise(line);
        NationalCard.on(line).verify(AUTHENTICATION, Town.pin());
    }
}
