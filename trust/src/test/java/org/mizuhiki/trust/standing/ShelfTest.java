package org.mizuhiki.trust.standing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

class ShelfTest {
    private static final Instant THEN = Instant.parse("2026-04-01T00:00:00Z");

    private static Digest source(int number) {
        return Bytes.utf8("source " + number).sha256();
    }

    private static int files(Path folder) throws IOException {
        try (var all = Files.list(folder)) {
            return (int) all.count();
        }
    }

    @Test
    void anOlderAnswerNeverReplacesANewerOne(@TempDir Path folder) throws IOException {
        var shelf = new Shelf(folder, 1000, 10);
        shelf.keep(source(1), Bytes.utf8("new"), THEN);
        shelf.keep(source(1), Bytes.utf8("old"), THEN.minusSeconds(1));
        assertEquals(Optional.of(Bytes.utf8("new")), shelf.find(source(1), 100));
        assertEquals(Optional.of(Bytes.utf8("new")), new Shelf(folder, 1000, 10).find(source(1), 100));
        assertEquals(Optional.empty(), shelf.find(source(2), 100));
    }

    @Test
    void theOldestGoWhenItIsFull(@TempDir Path folder) throws IOException {
        var shelf = new Shelf(folder, 1000, 3);
        for (int i = 0; i < 10; i++) {
            shelf.keep(source(i), Bytes.of(new byte[100]), THEN.plusSeconds(i));
        }
        assertEquals(3, files(folder));
        assertFalse(shelf.find(source(9), 100).isEmpty());
        shelf.keep(source(20), Bytes.of(new byte[950]), THEN.plusSeconds(99));
        assertEquals(1, files(folder));
        shelf.keep(source(21), Bytes.of(new byte[1001]), THEN.plusSeconds(100));
        assertEquals(Optional.empty(), shelf.find(source(21), 2000));
        assertEquals(Optional.empty(), shelf.find(source(20), 949), "larger than its kind may be");
    }

    @Test
    void whatACrashLeftHalfWrittenIsClearedAway(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve(source(1).hex() + ".der.draft"), "half");
        var shelf = new Shelf(folder, 1000, 3);
        assertEquals(0, files(folder));
        assertEquals(Optional.empty(), shelf.find(source(1), 100));
    }
}
