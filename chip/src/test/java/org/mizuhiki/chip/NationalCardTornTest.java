package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.NationalCardTest.refused;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.PowerLost;

/// The power of the simulated ID card ends before each permanent write.
@Tag("V4")
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

    private record Sent(Bytes image, Bytes command) {}

    /// Whole runs would make thousands of keys: each command is torn at each of its writes, on the card as it
    /// was before that command.
    @Test
    void aTornPersonalisationIsDoneAgain() {
        var line = Town.blank();
        var all = new AtomicInteger();
        line.card().feed(all::incrementAndGet);
        var sent = new ArrayList<Sent>();
        Town.personalise(new Tap(
                line, command -> sent.add(new Sent(Bytes.of(line.card().image()), Bytes.of(command)))));
        int torn = 0;
        var kinds = new HashSet<Byte>();
        for (var step : sent) {
            Consumer<CardLine> command = l -> l.transmit(step.command().toArray());
            int writes = writes(selected(step), command);
            for (int write = 0; write < writes; write++) {
                var left = torn(write, selected(step), command);
                assertEquals("card-state", refused(() -> NationalCard.on(left).tokenName()));
                if (write == writes / 2 && kinds.add(step.command().toArray()[1])) {
                    unfinished(left);
                }
            }
            torn += writes;
        }
        assertEquals(all.get(), torn, "every write of the whole run was one of these");
    }

    private static CardLine selected(Sent step) {
        var line = Town.revived(step.image().toArray());
        NationalCard.on(line);
        return line;
    }

    private static void unfinished(CardLine line) {
        assertEquals("card-state", refused(() -> NationalCard.on(line).tokenName()));
        Town.personalise(line);
        NationalCard.on(line).verify(AUTHENTICATION, Town.pin());
    }
}
