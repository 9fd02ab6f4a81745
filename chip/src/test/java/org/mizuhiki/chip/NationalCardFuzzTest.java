package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.NationalCard.Credential;

/// Whatever is sent to the simulated ID card, it answers with a status word that ISO 7816-4 knows, never with
/// the one for a defect, and signs for nobody who has not shown what is asked.
@Tag("V4")
class NationalCardFuzzTest {
    private static final Set<Integer> STATUS = Set.of(
            0x9000, 0x6700, 0x6881, 0x6982, 0x6983, 0x6985, 0x6986, 0x6a80, 0x6a82, 0x6a84, 0x6a86, 0x6b00, 0x6d00,
            0x6e00);
    private static final byte[] INSTRUCTIONS = {
        0x20, 0x24, 0x2a, 0x44, 0x46, (byte) 0x82, (byte) 0x84, (byte) 0xa4, (byte) 0xb0, (byte) 0xd6, (byte) 0xda
    };
    private static final List<String> FILES =
            List.of("0001", "0002", "0006", "000a", "000b", "0017", "0018", "001a", "001b", "0003");
    private static final int[] PARAMETERS = {0x0000, 0x0080, 0x0180, 0x00be, 0x020c, 0x0017, 0x0018, 0x0082, 0x000a};

    private static int send(CardLine line, byte[] command) {
        var answer = line.transmit(command);
        int status = ((answer[answer.length - 2] & 0xff) << 8) | (answer[answer.length - 1] & 0xff);
        assertTrue(
                STATUS.contains(status) || status >> 4 == 0x63c,
                () -> "%04x to %s".formatted(status, HexFormat.of().formatHex(command)));
        assertTrue(answer.length <= 258 && (status == 0x9000 || answer.length == 2));
        return status;
    }

    private static byte[] command(SplittableRandom dice) {
        int length = switch (dice.nextInt(6)) {
            case 0 -> 0;
            case 1 -> 2;
            case 2 -> 4;
            case 3 -> 51;
            default -> dice.nextInt(256);
        };
        var command = new byte[5 + length + dice.nextInt(2)];
        dice.nextBytes(command);
        command[0] = (byte) (dice.nextInt(20) == 0 ? dice.nextInt(256) : dice.nextBoolean() ? 0x80 : 0);
        command[1] = dice.nextInt(20) == 0 ? (byte) dice.nextInt(256) : INSTRUCTIONS[dice.nextInt(INSTRUCTIONS.length)];
        if (dice.nextInt(8) > 0) {
            int parameters = PARAMETERS[dice.nextInt(PARAMETERS.length)];
            command[2] = (byte) (parameters >> 8);
            command[3] = (byte) parameters;
        }
        command[4] = (byte) length;
        if (length == 51) {
            System.arraycopy(Cards.hex("3031300d060960864801650304020105000420"), 0, command, 5, 19);
        }
        return dice.nextInt(50) == 0 ? Arrays.copyOf(command, dice.nextInt(command.length + 1)) : command;
    }

    private static byte[] select(SplittableRandom dice) {
        return Cards.hex("00a4020c02" + FILES.get(dice.nextInt(FILES.size())));
    }

    /// The fuzzer knows no PIN but guesses, and no institution; `-Dmizuhiki.fuzz.commands=10000000` makes it long.
    @Test
    void noSequenceOfCommandsFindsADefectOrASignature() {
        int commands = Integer.getInteger("mizuhiki.fuzz.commands", 60_000);
        long seed = Cards.DIE.nextLong();
        var dice = new SplittableRandom(seed);
        var line = Town.card();
        var card = NationalCard.on(line);
        var certificate = card.certificate(Credential.AUTHENTICATION);
        for (int i = 0; i < commands; i++) {
            var command = dice.nextInt(4) == 0 ? select(dice) : command(dice);
            int status = send(line, command);
            boolean signs = command.length > 3 && command[0] == (byte) 0x80 && command[1] == 0x2a;
            assertTrue(status != 0x9000 || !signs, "signed; seed " + seed);
            if (i % 5000 == 4999) {
                unchanged(line, certificate, seed);
                line = Town.card();
                NationalCard.on(line);
            }
        }
    }

    private static void unchanged(CardLine line, X509Certificate certificate, long seed) {
        var card = NationalCard.on(line);
        assertEquals("JPKIAPICCTOKEN2", card.tokenName(), "seed " + seed);
        assertEquals(certificate, card.certificate(Credential.AUTHENTICATION));
    }

    /// In personalisation anybody may write; no sequence makes a card that lacks something look complete.
    @Test
    void noSequenceOfCommandsActivatesACardWithoutCertificates() {
        long seed = Cards.DIE.nextLong();
        var dice = new SplittableRandom(seed);
        var line = Town.blank();
        Cards.select(line.card(), NationalCard.AID.toArray());
        for (int i = 0; i < 20_000; i++) {
            var command = command(dice);
            int status = send(line, command);
            boolean activates = command.length > 3 && command[0] == (byte) 0x80 && command[1] == 0x44;
            assertTrue(status != 0x9000 || !activates, "seed " + seed);
        }
    }

    /// The input is a sequence of commands, each after a byte with its length.
    @FuzzTest
    void anyCommandsAreAnswered(byte[] input) {
        var line = Town.card();
        NationalCard.on(line);
        int at = 0;
        while (at < input.length) {
            int end = Math.min(input.length, at + 1 + (input[at] & 0xff));
            send(line, Arrays.copyOfRange(input, at + 1, end));
            at = end;
        }
    }
}
