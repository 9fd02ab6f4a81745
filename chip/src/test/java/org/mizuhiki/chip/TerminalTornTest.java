package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.javacard.PowerLost;

/// The element's counters when the power ends before a write, and the element under commands of any kind.
@Tag("H9")
class TerminalTornTest {
    private static final Instant MORNING = Instant.parse("2026-11-22T00:00:00Z");

    private static byte[] fresh() {
        return CardLine.terminal(100).card().image();
    }

    private static void anchor(TerminalElement element, Instant time) {
        var asked = TickStamps.asked(Bytes.of(new byte[16]), time);
        element.stamps()
                .anchor(asked, Reception.service().apply(element.view().key().toSign(asked)));
    }

    @Test
    void noStampLeavesUncountedAndNoAnchorCountsTwice() {
        var before = fresh();
        int torn = 0;
        for (int write = 0; write < 100; write++) {
            var line = CardLine.revivedTerminal(before);
            var element = TerminalElement.on(line);
            var left = new AtomicInteger(write);
            line.card().feed(() -> {
                if (left.getAndDecrement() == 0) {
                    throw new PowerLost();
                }
            });
            try {
                anchor(element, MORNING);
            } catch (PowerLost e) {
                torn++;
                var again =
                        TerminalElement.on(CardLine.revivedTerminal(line.card().image()));
                assertEquals(0, again.view().life(), "torn at write " + write);
                anchor(again, MORNING);
                assertEquals(1, again.view().life(), "the anchor that was torn can be had again");
                continue;
            }
            var again = TerminalElement.on(CardLine.revivedTerminal(line.card().image()));
            assertEquals(1, again.view().life());
            var refusal = assertThrows(Refusal.class, () -> anchor(again, MORNING));
            assertEquals("anchor-not-later", refusal.code());
            break;
        }
        assertTrue(torn >= 3, torn + " writes");
    }

    @Test
    void anyCommandIsAnsweredAndNoneStampsWithoutAnAnchor() {
        var line = CardLine.revivedTerminal(fresh());
        var element = TerminalElement.on(line);
        var dice = new SplittableRandom(Cards.DIE.nextLong());
        int[] instructions = {0x60, 0x62, 0xca, 0x20, 0xa4};
        for (int i = 0; i < 20_000; i++) {
            var data = new byte[dice.nextInt(4) == 0 ? 32 : dice.nextInt(120)];
            dice.nextBytes(data);
            var header = Bytes.of(
                    (byte) (dice.nextInt(20) == 0 ? dice.nextInt(256) : 0x80),
                    (byte) instructions[dice.nextInt(instructions.length)],
                    (byte) (dice.nextInt(20) == 0 ? 1 : 0),
                    (byte) 0,
                    (byte) data.length);
            var answer = line.transmit(EKey.joined(header, Bytes.of(data)).toArray());
            int status = ((answer[answer.length - 2] & 0xff) << 8) | (answer[answer.length - 1] & 0xff);
            assertTrue(status != 0x6f00, "a defect");
            assertTrue(answer[answer.length - 2] != (byte) 0x90 || answer.length == 101, "only the state is told");
        }
        assertEquals(0, element.view().life());
    }
}
