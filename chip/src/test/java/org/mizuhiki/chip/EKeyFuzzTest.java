package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Factory.code;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Whatever is sent to the e-Key, it answers with a status word that ISO 7816-4 knows, never with the one
/// for a defect, and what it guards stays as it was.
@Tag("N7")
class EKeyFuzzTest {
    private static final Set<Integer> STATUS = Set.of(
            0x9000, 0x6700, 0x6881, 0x6982, 0x6983, 0x6984, 0x6985, 0x6986, 0x6a80, 0x6a82, 0x6a84, 0x6a86, 0x6b00,
            0x6d00, 0x6e00);
    private static final byte[] INSTRUCTIONS = {
        0x20,
        0x2a,
        0x30,
        0x32,
        0x34,
        0x36,
        0x44,
        0x46,
        0x47,
        0x48,
        0x4a,
        0x4c,
        (byte) 0x88,
        (byte) 0xb0,
        (byte) 0xca,
        (byte) 0xa4
    };
    private static final byte[] START = start();

    private static byte[] start() {
        var line = CardLine.blank();
        var key = Factory.equipped(line);
        for (int i = 0; i <= 2; i++) {
            var slot = key.slot(i, code(i));
            slot.store(List.of(Factory.certificate(slot.generate())));
        }
        return line.card().image();
    }

    private static void send(CardLine line, byte[] command) {
        var answer = line.transmit(command);
        int status = ((answer[answer.length - 2] & 0xff) << 8) | (answer[answer.length - 1] & 0xff);
        assertTrue(
                STATUS.contains(status) || status >> 4 == 0x63c,
                () -> "%04x to %s".formatted(status, HexFormat.of().formatHex(command)));
        assertTrue(answer.length <= 258 && (status == 0x9000 || answer.length == 2));
    }

    static byte[] command(SplittableRandom dice) {
        int length = dice.nextInt(8) == 0 ? dice.nextInt(256) : dice.nextInt(4) == 0 ? 16 : dice.nextInt(40);
        var data = new byte[length];
        dice.nextBytes(data);
        if (length >= 2 && dice.nextBoolean()) {
            data[0] = 0;
            data[1] = (byte) dice.nextInt(4);
        }
        var command = new byte[length == 0 ? 4 : 5 + length];
        command[0] = (byte) (dice.nextInt(20) == 0 ? dice.nextInt(256) : dice.nextInt(8) == 0 ? 0x90 : 0x80);
        command[1] = dice.nextInt(20) == 0 ? (byte) dice.nextInt(256) : INSTRUCTIONS[dice.nextInt(INSTRUCTIONS.length)];
        command[2] = (byte) (dice.nextInt(20) == 0 ? dice.nextInt(256) : dice.nextInt(4));
        command[3] = (byte) (dice.nextInt(20) == 0 ? dice.nextInt(256) : dice.nextInt(4));
        if (length > 0) {
            command[4] = (byte) length;
            System.arraycopy(data, 0, command, 5, length);
        }
        return dice.nextInt(50) == 0 ? Arrays.copyOf(command, dice.nextInt(command.length + 1)) : command;
    }

    /// The fuzzer knows the code of slot 1 and no other; `-Dmizuhiki.fuzz.commands=10000000` makes it long.
    @Test
    void noSequenceOfCommandsFindsADefectOrAWayPastACode() {
        int commands = Integer.getInteger("mizuhiki.fuzz.commands", 30_000);
        long seed = Cards.DIE.nextLong();
        var dice = new SplittableRandom(seed);
        var line = CardLine.revived(START);
        var key = EKey.on(line);
        var known = Cards.hex("80200100" + "10" + HexFormat.of().formatHex(code(1).lend(byte[]::clone)));
        var identity = key.view().identity();
        var information = key.information();
        for (int i = 0; i < commands; i++) {
            send(line, dice.nextInt(12) == 0 ? known : command(dice));
            if (i % 5000 == 4999) {
                EKey.on(line);
                assertEquals(identity, key.view().identity(), "seed " + seed);
                assertEquals(information, key.information());
                untouched(line, seed);
                line = CardLine.revived(START);
                key = EKey.on(line);
            }
        }
    }

    /// What slots 0 and 2 hold has not changed, though their codes may be blocked by now.
    private static void untouched(CardLine line, long seed) {
        var states = EKey.on(line).view().slots();
        assertEquals(EKey.SlotState.CERTIFIED, states.get(0).state(), "seed " + seed);
        assertEquals(EKey.SlotState.CERTIFIED, states.get(2).state());
        assertEquals(EKey.SlotState.FREE, states.get(3).state());
    }

    /// The input is a sequence of commands, each after a byte with its length.
    @FuzzTest
    void anyCommandsAreAnswered(byte[] input) {
        var line = CardLine.revived(START);
        EKey.on(line);
        int at = 0;
        while (at < input.length) {
            int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
            send(line, Arrays.copyOfRange(input, at + 1, end));
            at = end;
        }
    }
}
