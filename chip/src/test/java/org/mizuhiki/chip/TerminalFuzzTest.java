package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Whatever is sent to a terminal's element, it answers with a status word that ISO 7816-4 knows, never
/// with the one for a defect; without a signature nothing is opened, stamped, evidenced or told.
@Tag("H5")
class TerminalFuzzTest {
    private static final Set<Integer> STATUS = Set.of(
            0x9000, 0x6700, 0x6881, 0x6982, 0x6984, 0x6985, 0x6986, 0x6a80, 0x6a82, 0x6a83, 0x6a84, 0x6a86, 0x6d00,
            0x6e00);
    private static final int[] INSTRUCTIONS = {
        0x40, 0x42, 0x44, 0x44, 0x44, 0x46, 0x48, 0x4a, 0x4c, 0x50, 0x52, 0x54, 0x56, 0x56, 0x58, 0x58, 0x5a, 0x5c,
        0x84, 0x84, 0xca
    };
    private static final int[] LENGTHS = {0, 1, 16, 24, 32, 65, 70, 72, 94, 129, 250, 255};
    private static final int FINISH = 0x58;
    private static final int CARD_ID = 0x5c;
    private static final Bytes MODULUS = TerminalElement.raw(Reception.PATIENT.key());
    private static final Bytes POINT = Points.point(Reception.SERVICE.getPublic());
    private static final byte[] START = start();

    private static byte[] start() {
        var reception = Reception.fresh().enrolled();
        reception.element.open(Reception.service());
        return reception.card().card().image();
    }

    private static int send(CardLine line, byte[] command) {
        var answer = line.transmit(command);
        int status = ((answer[answer.length - 2] & 0xff) << 8) | (answer[answer.length - 1] & 0xff);
        assertTrue(
                STATUS.contains(status),
                () -> "%04x to %s".formatted(status, HexFormat.of().formatHex(command)));
        assertTrue(answer.length <= 258 && (status == 0x9000 || answer.length == 2));
        return status;
    }

    static byte[] command(SplittableRandom dice) {
        int length = dice.nextInt(5) == 0 ? dice.nextInt(256) : LENGTHS[dice.nextInt(LENGTHS.length)];
        var data = new byte[length];
        dice.nextBytes(data);
        if (length == 250 && dice.nextBoolean()) {
            System.arraycopy(MODULUS.toArray(), 0, data, 0, length);
        } else if (length == 65 && dice.nextBoolean()) {
            data[0] = 4;
        }
        var command = new byte[length == 0 ? 4 : 5 + length];
        command[0] = (byte) (dice.nextInt(20) == 0 ? dice.nextInt(256) : 0x80);
        int ins = dice.nextInt(20) == 0 ? dice.nextInt(256) : INSTRUCTIONS[dice.nextInt(INSTRUCTIONS.length)];
        command[1] = (byte) ins;
        command[2] = (byte) (dice.nextInt(20) == 0 ? dice.nextInt(256) : dice.nextInt(3));
        boolean offset = ins == 0x44 && dice.nextBoolean();
        command[3] = (byte) (offset ? 250 : dice.nextInt(5) == 0 ? dice.nextInt(256) : 0);
        if (length > 0) {
            command[4] = (byte) length;
            System.arraycopy(data, 0, command, 5, length);
        }
        return dice.nextInt(50) == 0 ? Arrays.copyOf(command, dice.nextInt(command.length + 1)) : command;
    }

    /// Steps that random commands hardly find together. Opening and anchor are true, all else is garbage.
    private static int step(Reception reception, SplittableRandom dice, boolean opened) {
        var garbage = new byte[dice.nextBoolean() ? 256 : 70];
        dice.nextBytes(garbage);
        var element = reception.element;
        try {
            switch (dice.nextInt(6)) {
                case 0 -> {
                    if (opened) {
                        element.open(Reception.service());
                        reception.anchor();
                    }
                }
                case 1 -> element.open(content -> Bytes.of(Arrays.copyOf(garbage, 70)));
                case 2 -> element.open(0, content -> Bytes.of(garbage));
                case 3 -> element.visits().begin(Bytes.of(Arrays.copyOf(garbage, 16)));
                case 4 -> element.stage(EKey.joined(MODULUS, Bytes.of(garbage)));
                default -> {
                    element.stage(EKey.joined(garbage.length == 256 ? MODULUS : POINT, Bytes.of(garbage)));
                    element.send(FINISH, garbage.length == 256 ? 1 : 2, 0, Bytes.of(Arrays.copyOf(garbage, 32)));
                    throw new AssertionError("evidence of garbage");
                }
            }
            return 0;
        } catch (Refusal e) {
            return e.code().equals("terminal-not-permitted") ? 1 : 0;
        }
    }

    /// A reader of protocol T=0 takes what the card sends back of such an instruction for a status word.
    @Test
    void noInstructionBeginsLikeAStatusWord() {
        var line = CardLine.revivedTerminal(START);
        TerminalElement.on(line);
        for (int low = 0; low < 16; low++) {
            assertEquals(0x6d00, send(line, new byte[] {(byte) 0x80, (byte) (0x60 + low), 0, 0}));
            assertEquals(0x6d00, send(line, new byte[] {(byte) 0x80, (byte) (0x90 + low), 0, 0}));
        }
    }

    /// The fuzzer can sign nothing but what opens the element and anchors it.
    /// `-Dmizuhiki.fuzz.commands=10000000` makes it long.
    @Test
    void noSequenceOfCommandsFindsADefectOrAWayPastASignature() {
        int commands = Integer.getInteger("mizuhiki.fuzz.commands", 30_000);
        long seed = Cards.DIE.nextLong();
        var dice = new SplittableRandom(seed);
        int done = 0;
        int looked = 0;
        for (int round = 0; done < commands; round++) {
            var line = CardLine.revivedTerminal(START);
            var reception = Reception.over(line);
            boolean opened = round % 2 == 0;
            var before = reception.element.view();
            int most = Math.min(5000, commands - done);
            for (int i = 0; i < most; i++) {
                if (dice.nextInt(30) == 0) {
                    looked += step(reception, dice, opened);
                    continue;
                }
                var command = command(dice);
                int status = send(line, command);
                boolean told = command.length > 1 && (command[1] == CARD_ID || command[1] == FINISH);
                assertTrue(!told || command[0] != (byte) 0x80 || status != 0x9000, "seed " + seed);
            }
            done += most;
            unmoved(before, TerminalElement.on(line).view(), opened, seed);
        }
        assertTrue(looked > commands / 1000, looked + " signatures were looked at");
    }

    private static void unmoved(TerminalElement.View before, TerminalElement.View after, boolean opened, long seed) {
        assertEquals(before.key(), after.key(), "seed " + seed);
        assertEquals(before.institution(), after.institution());
        assertTrue(after.keyed());
        if (!opened) {
            assertEquals(before.life(), after.life(), "seed " + seed);
            assertEquals(before.reserve(), after.reserve());
            assertEquals(TerminalElement.Opened.CLOSED, after.opened());
        }
    }

    /// The input is a sequence of commands, each after a byte with its length.
    @FuzzTest
    void anyCommandsAreAnswered(byte[] input) {
        var line = CardLine.revivedTerminal(START);
        TerminalElement.on(line);
        int at = 0;
        while (at < input.length) {
            int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
            send(line, Arrays.copyOfRange(input, at + 1, end));
            at = end;
        }
    }
}
