package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// The process that runs a card is killed while it writes; the card that is opened afterwards is as it was
/// before or after the last command, and never behind an answer that somebody saw.
@Tag("N1")
class KilledTest {
    private static final Program PURSE = new Program(
            "org.mizuhiki.chip.purse",
            List.of("Balance", "Purse", "Purse$Movement"),
            "Purse",
            Bytes.of(Cards.PURSE_AID),
            List.of());
    private static final int ROUNDS = 6;

    @TempDir
    private Path folder;

    /// The process that gets killed: moves one coin after the other and says how many.
    static final class Mover {
        private Mover() {}

        public static void main(String[] arguments) {
            try (var card = open(Path.of(arguments[0]))) {
                while (true) {
                    card.transmit(Cards.hex("80010100"));
                    System.out.println(read(card));
                }
            }
        }
    }

    private static SoftCard open(Path file) {
        var card = SoftCard.open(file, Secret.taking(new byte[32]), List.of(PURSE), new SecureRandom());
        card.transmit(Cards.hex("00a40400" + "05" + HexFormat.of().formatHex(Cards.PURSE_AID)));
        return card;
    }

    /// Left, if right agrees with it.
    private static int read(SoftCard card) {
        var raw = card.transmit(Cards.hex("80020000"));
        short left = (short) (((raw[0] & 0xff) << 8) | (raw[1] & 0xff));
        short right = (short) (((raw[2] & 0xff) << 8) | (raw[3] & 0xff));
        assertEquals(0, left + right, "both accounts moved or none");
        return left;
    }

    @Test
    void killedAtAnyInstantTheCardIsWhole() throws Exception {
        var file = folder.resolve("card");
        try (var card = SoftCard.open(file, Secret.taking(new byte[32]), List.of(PURSE), Cards.DIE)) {
            card.install(PURSE, Bytes.utf8("1234"));
        }
        for (int round = 0; round < ROUNDS; round++) {
            int seen = moveAndKill(file, 20 + Cards.DIE.nextInt(150));
            try (var card = open(file)) {
                int now = read(card);
                assertTrue(now == seen || now == seen + 1, "seen " + seen + ", now " + now);
            }
        }
    }

    private static int moveAndKill(Path file, int lines) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        var process = new ProcessBuilder(
                        java.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Mover.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        int seen = -1;
        try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < lines; i++) {
                seen = Integer.parseInt(String.valueOf(out.readLine()));
            }
            // the handle leaves the pipe open, the process would close it
            process.toHandle().destroyForcibly();
            // what it said before it died counts as seen
            for (var line = out.readLine(); line != null; line = out.readLine()) {
                seen = Integer.parseInt(line);
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return seen;
    }
}
