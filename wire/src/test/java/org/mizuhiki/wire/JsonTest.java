package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// The binding of JSON to records.
class JsonTest {
    public enum Colour {
        RED,
        GREEN
    }

    public record Inner(Bytes bytes, Optional<Instant> until) {}

    public record All(
            PersonId person,
            Digest digest,
            InstitutionCode code,
            Instant at,
            Duration length,
            long count,
            boolean yes,
            Colour colour,
            List<Inner> inner,
            Map<String, String> texts,
            Optional<String> more) {}

    private static All sample() {
        return new All(
                new PersonId("P-0000-0000-0000"),
                Digest.of(),
                new InstitutionCode("1311234567"),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                Duration.ofMinutes(90),
                Long.MAX_VALUE,
                true,
                Colour.GREEN,
                List.of(
                        new Inner(Bytes.utf8("医\u0000"), Optional.empty()),
                        new Inner(Bytes.of(), Optional.of(Instant.EPOCH))),
                Map.of("k", "v"),
                Optional.of("m"));
    }

    @Test
    void everyTypeOfTheHouseComesBackAsItWas() {
        assertEquals(sample(), Json.read(Json.write(sample()), All.class));
        var text = Json.write(sample()).asUtf8();
        assertTrue(text.contains("\"at\":\"2026-01-02T03:04:05.678Z\""), text);
        assertTrue(text.contains("\"length\":\"PT1H30M\""), text);
        assertTrue(text.contains("\"person\":\"P-0000-0000-0000\""), text);
    }

    @Test
    void anAbsentOptionalIsEmptyAndIsNotWritten() {
        var inner = new Inner(Bytes.of(), Optional.empty());
        assertEquals("{\"bytes\":\"\"}", Json.write(inner).asUtf8());
        assertEquals(inner, Json.read(Bytes.utf8("{\"bytes\":\"\"}"), Inner.class));
        assertEquals(inner, Json.read(Bytes.utf8("{\"bytes\":\"\",\"until\":null}"), Inner.class));
    }

    @Test
    void listsAreRead() {
        var list = List.of(new Inner(Bytes.utf8("a"), Optional.empty()));
        assertEquals(list, Json.readList(Json.write(list), Inner.class));
        assertThrows(Refusal.class, () -> Json.readList(Bytes.utf8("[null]"), Inner.class));
    }

    @Test
    void onlyOneSpellingOfBytesIsTaken() {
        for (var text : List.of("AB==", "AA", "A", "AA==\\n", "_-8=", "AAAA====")) {
            var refusal = assertThrows(
                    Refusal.class, () -> Json.read(Bytes.utf8("{\"bytes\":\"" + text + "\"}"), Inner.class));
            assertTrue(List.of("bytes-not-base64", "body-malformed").contains(refusal.code()), refusal.code());
        }
    }

    @Test
    void nullsInsideListsAndForRequiredComponentsAreRefused() {
        var json = Json.write(sample()).asUtf8();
        for (var name :
                List.of("person", "digest", "code", "at", "length", "count", "yes", "colour", "inner", "texts")) {
            var nulled = json.replaceFirst(
                    "\"" + name + "\":(\"[^\"]*\"|\\[.*?]|\\{.*?}|[a-z0-9]+)", "\"" + name + "\":null");
            assertFalse(nulled.equals(json), name);
            assertEquals("body-malformed", refusal(nulled), name);
        }
        assertEquals("body-malformed", refusal(json.replace("[{", "[null,{")));
        assertEquals("body-malformed", refusal(json.replace("\"GREEN\"", "1")));
        assertEquals("body-malformed", refusal(json.replace("\"GREEN\"", "\"BLUE\"")));
        assertEquals("body-malformed", refusal(json.replace("true", "\"true\"")));
        assertEquals("body-malformed", refusal(json.replace("\"2026-01-02T03:04:05.678Z\"", "1767323045")));
    }

    private static String refusal(String json) {
        return assertThrows(Refusal.class, () -> Json.read(Bytes.utf8(json), All.class), json)
                .code();
    }

    @Test
    void everyFlippedBitIsRefusedOrReadAsWhatItSays() {
        var whole = Json.write(sample()).toArray();
        for (int bit = 0; bit < whole.length * 8; bit++) {
            var flipped = whole.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            readsOrRefuses(flipped);
        }
    }

    @Test
    void everyTruncationIsRefused() {
        var whole = Json.write(sample()).toArray();
        for (int length = 0; length < whole.length; length++) {
            var part = Bytes.of(java.util.Arrays.copyOf(whole, length));
            assertThrows(Refusal.class, () -> Json.read(part, All.class));
        }
    }

    @Test
    void bombsAreRefused() {
        assertEquals("body-malformed", refusal("[".repeat(100_000)));
        assertEquals("body-malformed", refusal("{\"count\":" + "9".repeat(100_000) + "}"));
        assertEquals("body-malformed", refusal("{\"count\":1e999999999}"));
        assertEquals("body-malformed", refusal("{\"" + "a".repeat(100_000) + "\":1}"));
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(byte[] json) {
        readsOrRefuses(json);
    }

    /// What is read is written again as something that reads the same.
    private static void readsOrRefuses(byte[] json) {
        All read;
        try {
            read = Json.read(Bytes.of(json), All.class);
        } catch (Refusal e) {
            return;
        }
        assertEquals(read, Json.read(Json.write(read), All.class));
    }
}
