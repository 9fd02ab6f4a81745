package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// ASN.1 bombs and other forms that a forgiving parser would take.
class HostileInputTest {
    private static final Seals SEALS = new Seals(new SecureRandom());

    private static Bytes hex(String text) {
        return Bytes.of(HexFormat.of().parseHex(text));
    }

    /// SEQUENCE in SEQUENCE in SEQUENCE, definite and indefinite.
    private static Bytes nested(int depth, boolean indefinite) {
        var bytes = new byte[depth * 2];
        for (int i = 0; i < depth; i++) {
            bytes[2 * i] = 0x30;
            bytes[2 * i + 1] = (byte) (indefinite ? 0x80 : Math.min(127, 2 * (depth - i - 1)));
        }
        return Bytes.of(bytes);
    }

    private static Bytes manyElements() {
        var bytes = new byte[4 + 65_000];
        Arrays.fill(bytes, (byte) 0);
        bytes[0] = 0x30;
        bytes[1] = (byte) 0x82;
        bytes[2] = (byte) (65_000 >> 8);
        bytes[3] = (byte) 65_000;
        for (int i = 4; i < bytes.length; i += 2) {
            bytes[i] = 5;
        }
        return Bytes.of(bytes);
    }

    private static List<Bytes> bombs() {
        return List.of(
                hex(""),
                hex("30"),
                hex("3080"),
                hex("308400000000"),
                hex("30847fffffff"),
                hex("3085ffffffffff"),
                hex("1f8100"),
                hex("3003020100"),
                hex("300402020001"),
                nested(60, false),
                nested(100_000, true),
                manyElements());
    }

    @Test
    void everyBombIsRefusedByEveryParser() {
        for (var bomb : bombs()) {
            assertEquals("seal-malformed", code(() -> SEALS.letters().decode(bomb)));
            assertEquals("record-malformed", code(() -> SEALS.records().verify(bomb)));
            assertEquals("stamp-broken", code(() -> SEALS.stamps().verify(bomb, Digest.of(new byte[0]))));
        }
    }

    @Test
    void whatIsOverTheBoundIsNotEvenParsed() {
        var big = Bytes.of(new byte[SignedRecords.MAX_BYTES + 1]);
        assertEquals("record-malformed", code(() -> SEALS.records().verify(big)));
        assertEquals("stamp-broken", code(() -> SEALS.stamps().verify(big, Digest.of(new byte[0]))));
    }

    private static String code(org.junit.jupiter.api.function.Executable action) {
        return assertThrows(Refusal.class, action).code();
    }
}
