package org.mizuhiki.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class WordsTest {
    private static final String ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

    @Test
    void everySingleWrongCharacterOfAPersonIdIsNoticed() {
        var id = PersonId.random(new SplittableRandom(7)).value();
        for (int at = 2; at < id.length(); at++) {
            if (id.charAt(at) == '-') {
                continue;
            }
            for (var c : ALPHABET.split("")) {
                var wrong = id.substring(0, at) + c + id.substring(at + 1);
                if (!wrong.equals(id)) {
                    assertThrows(Refusal.class, () -> new PersonId(wrong));
                }
            }
        }
    }

    @Test
    void randomPersonIdsAreValidAndDiffer() {
        var die = new SplittableRandom(1);
        assertNotEquals(PersonId.random(die), PersonId.random(die));
    }

    @Test
    void institutionCodesStartWithAPrefecture() {
        assertEquals("1311234567", new InstitutionCode("1311234567").value());
        assertThrows(Refusal.class, () -> new InstitutionCode("4811234567"));
        assertThrows(Refusal.class, () -> new InstitutionCode("131123456"));
        assertThrows(Refusal.class, () -> new InstitutionCode("１３１１２３４５６７"));
    }

    @Test
    void bytesAreNotChangedThroughTheirArrays() {
        var raw = new byte[] {1, 2};
        var bytes = Bytes.of(raw);
        raw[0] = 9;
        bytes.toArray()[1] = 9;
        assertEquals(Bytes.of((byte) 1, (byte) 2), bytes);
    }

    @Test
    void bytesPrintTheirSizeAndNotTheirContent() {
        assertFalse(Bytes.utf8("山田花子").toString().contains("山田"));
    }

    @Test
    void aSecretIsNeitherPrintedNorUsableAfterItsEnd() {
        var secret = Secret.taking("passphrase".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals("Secret[redacted]", secret.toString());
        assertEquals(10, (int) secret.lend(b -> b.length));
        secret.close();
        assertThrows(IllegalStateException.class, () -> secret.lend(b -> b.length));
    }

    @Test
    void aDigestIsLowerCaseHexOnly() {
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                Digest.of().hex());
        assertThrows(Refusal.class, () -> new Digest(Digest.of().hex().toUpperCase(java.util.Locale.ROOT)));
    }
}
