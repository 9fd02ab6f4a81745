package org.mizuhiki.bridge.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("V5")
class WordsTest {
    private static Words words(String text) {
        var in = new ByteArrayInputStream(text.getBytes(StandardCharsets.ISO_8859_1));
        return new Words(in, new ByteArrayOutputStream(), 1000);
    }

    private static List<String> read(String text) throws Exception {
        return words(text).next().orElseThrow().stream().map(WordsTest::text).toList();
    }

    private static String text(Words.Word word) {
        return switch (word) {
            case Words.Word.Text t -> t.text();
            case Words.Word.Many(var all) ->
                all.stream().map(WordsTest::text).toList().toString();
        };
    }

    @Test
    void atomsStringsLiteralsListsAndSectionsAreWords() throws Exception {
        assertEquals(
                List.of("a1", "FETCH", "1:*", "[UID, BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.10>]"),
                read("a1 FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (DATE FROM)]<0.10>)\r\n"));
        assertEquals(List.of("a", "LOGIN", "x y", "se\"cret"), read("a LOGIN \"x y\" \"se\\\"cret\"\r\n"));
        assertEquals(List.of("a", "APPEND", "Sent", "ab\r\ncd"), read("a APPEND Sent {6}\r\nab\r\ncd\r\n"));
        assertEquals(List.of("a", "APPEND", "Sent", "abc"), read("a APPEND Sent {3+}\r\nabc\r\n"));
    }

    @Test
    void boundsAreKeptAndABadLineIsOnlyItself() throws Exception {
        assertThrows(Words.Bad.class, () -> read("a APPEND Sent {99999}\r\n"));
        assertThrows(Words.Bad.class, () -> read("a " + "x".repeat(100_000) + "\r\n"));
        assertThrows(Words.Bad.class, () -> read("a " + "(".repeat(20) + "\r\n"));
        var two = words("a \"never closed\r\nb NOOP\r\n");
        assertThrows(Words.Bad.class, two::next);
        assertEquals("b", text(two.next().orElseThrow().getFirst()));
    }

    @Test
    void setsOfNumbersMeanWhatRfc3501Says() throws Exception {
        var set = Numbers.read("1,4:6,9:*", 12);
        assertTrue(set.has(1) && set.has(5) && set.has(12) && !set.has(7) && !set.has(13));
        assertTrue(Numbers.read("*:3", 5).has(4));
        assertThrows(Words.Bad.class, () -> Numbers.read("0", 5));
        assertThrows(Words.Bad.class, () -> Numbers.read("1:x", 5));
    }

    @FuzzTest(maxDuration = "60s")
    void commandsAreReadOrRefused(byte[] input) throws Exception {
        var words = new Words(new ByteArrayInputStream(input), new ByteArrayOutputStream(), 1000);
        for (int i = 0; i < 1000; i++) {
            try {
                if (words.next().equals(Optional.empty())) {
                    return;
                }
            } catch (Words.Bad bad) {
                if (bad.fatal()) {
                    return;
                }
            }
        }
    }
}
