package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

class PassphraseBoxTest {
    private static final SecureRandom DIE = new SecureRandom();

    /// The cheapest box that is read at all: the tests try thousands.
    private static final PassphraseBox QUICK = new Argon2Box(DIE, new Argon2Box.Cost(1 << 10, 1, 1));

    private static Secret secret(String text) {
        return Secret.taking(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String code(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(Refusal.class, action).code();
    }

    @Test
    void theUsualBoxOpensWithItsPassphraseOnly() {
        var boxes = new Seals(DIE).boxes();
        var box = boxes.close(secret("keyring"), secret("正しい馬 電池"));
        assertEquals(secret("keyring"), boxes.open(box, secret("正しい馬 電池")));
        assertEquals("passphrase-wrong", code(() -> boxes.open(box, secret("正しい馬 電地"))));
    }

    @Test
    void theSameContentTwiceLooksDifferent() {
        var one = QUICK.close(secret("x"), secret("p"));
        var two = QUICK.close(secret("x"), secret("p"));
        assertEquals(false, one.equals(two));
    }

    @Test
    void everyFlippedBitIsRefused() {
        var box = QUICK.close(secret("keyring"), secret("p")).toArray();
        for (int bit = 0; bit < box.length * 8; bit++) {
            box[bit / 8] ^= (byte) (1 << bit % 8);
            var flipped = Bytes.of(box);
            assertThrows(Refusal.class, () -> QUICK.open(flipped, secret("p")), "bit " + bit);
            box[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        var box = QUICK.close(secret("keyring"), secret("p")).toArray();
        for (int size = 0; size < box.length; size++) {
            var cut = Bytes.of(java.util.Arrays.copyOf(box, size));
            assertThrows(Refusal.class, () -> QUICK.open(cut, secret("p")));
        }
    }

    @Test
    void aBoxThatAsksForAHundredGigabytesIsRefusedUnopened() {
        var box = QUICK.close(secret("keyring"), secret("p")).toArray();
        box[8] = 0x06;
        assertEquals("box-malformed", code(() -> QUICK.open(Bytes.of(box), secret("p"))));
    }
}
