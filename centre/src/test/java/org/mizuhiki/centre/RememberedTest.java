package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// What a centre remembers of papers is bounded by their size: large ones push others out, not the process over.
@Tag("D4")
class RememberedTest {
    private static final int QUARTER = (int) (Remembered.MOST_BYTES / 4);

    private static Digest key(String text) {
        return Bytes.utf8(text).sha256();
    }

    @Test
    void theOldestUseGoesFirst() {
        var remembered = new Remembered<Integer>(size -> size);
        for (var name : new String[] {"a", "b", "c", "d"}) {
            remembered.put(key(name), QUARTER);
        }
        assertEquals(QUARTER, remembered.get(key("a")).orElseThrow());
        remembered.put(key("e"), 1);
        assertTrue(remembered.get(key("b")).isEmpty());
        assertTrue(
                remembered.get(key("a")).isPresent() && remembered.get(key("e")).isPresent());
    }

    @Test
    void theSameAgainCountsOnce() {
        var remembered = new Remembered<Integer>(size -> size);
        remembered.put(key("b"), QUARTER);
        for (int i = 0; i < 10; i++) {
            remembered.put(key("a"), QUARTER);
        }
        assertTrue(remembered.get(key("b")).isPresent());
    }
}
