package org.mizuhiki.house;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("B2")
class CanonicalTest {
    private static final Canonical RECORD =
            Canonical.of(Map.of("kind", "lateral-grant", "理由", "紹介\n\"至急\"\\\u0001", "a", ""));

    @Test
    void keysAreSortedAndEscapesAreThoseOfRfc8785() {
        assertEquals(
                "{\"a\":\"\",\"kind\":\"lateral-grant\",\"理由\":\"紹介\\n\\\"至急\\\"\\\\\\u0001\"}",
                RECORD.encode().asUtf8());
    }

    @Test
    void whatWasWrittenIsRead() {
        assertEquals(RECORD, Canonical.decode(RECORD.encode()));
    }

    @Test
    void everyOtherSpellingOfTheSameRecordIsRefused() {
        for (var spelling : List.of(
                "{\"a\":\"1\", \"b\":\"2\"}",
                "{\"b\":\"2\",\"a\":\"1\"}",
                "{\"a\":\"1\",\"a\":\"1\"}",
                "{\"a\":\"\\u0031\"}",
                "{\"a\":\"\\/\"}",
                "{\"a\":1}",
                "{\"a\":\"1\"}\n",
                "{\"a\":\"1\",}",
                "{\"a\":null}",
                "[]",
                "{",
                "")) {
            assertRefused(Bytes.utf8(spelling));
        }
    }

    @Test
    void bytesThatAreNotUtf8AreRefused() {
        assertRefused(Bytes.of(
                (byte) '{', (byte) '"', (byte) 0xff, (byte) '"', (byte) ':', (byte) '"', (byte) '"', (byte) '}'));
    }

    @Test
    void everyFlippedBitGivesAnotherRecordOrARefusal() {
        var encoded = RECORD.encode().toArray();
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            var flipped = encoded.clone();
            flipped[bit / 8] ^= (byte) (1 << bit % 8);
            try {
                var read = Canonical.decode(Bytes.of(flipped));
                assertEquals(Bytes.of(flipped), read.encode(), "what is accepted has one encoding");
            } catch (Refusal refused) {
                assertEquals("record-not-canonical", refused.code());
            }
        }
    }

    @Test
    void aMissingFieldIsNamedInTheRefusal() {
        var refusal = assertThrows(Refusal.class, () -> RECORD.get("until"));
        assertEquals("record-field-missing", refusal.code());
        assertEquals(true, refusal.japanese().contains("until"));
    }

    @FuzzTest
    void anyRecordSurvivesTheRoundTripAndAnyInputIsReadOrRefused(FuzzedDataProvider data) {
        var fields = new HashMap<String, String>();
        for (int i = data.consumeInt(0, 5); i > 0; i--) {
            fields.put(data.consumeAsciiString(20), data.consumeAsciiString(40));
        }
        var written = Canonical.of(fields);
        assertEquals(written, Canonical.decode(written.encode()));
        try {
            var raw = Bytes.of(data.consumeRemainingAsBytes());
            assertEquals(raw, Canonical.decode(raw).encode());
        } catch (Refusal refused) {
            assertEquals("record-not-canonical", refused.code());
        }
    }

    private static void assertRefused(Bytes encoded) {
        assertEquals(
                "record-not-canonical",
                assertThrows(Refusal.class, () -> Canonical.decode(encoded)).code());
    }
}
