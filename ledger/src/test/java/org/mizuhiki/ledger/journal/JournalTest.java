package org.mizuhiki.ledger.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Refusal;

@Tag("B2")
class JournalTest {
    @TempDir
    Path folder;

    private static final class Read implements Journal.Replay {
        private final List<String> entries = new ArrayList<>();
        private long begun = -1;

        @Override
        public void begin(long first) {
            begun = first;
        }

        @Override
        public void accept(long first, List<byte[]> batch) {
            assertEquals(first, begun + entries.size());
            batch.forEach(e -> entries.add(new String(e, StandardCharsets.UTF_8)));
        }
    }

    private static List<byte[]> batch(String... entries) {
        return Arrays.stream(entries)
                .map(e -> e.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private List<String> reopened() throws IOException {
        var read = new Read();
        Journal.open(folder, 1 << 20, read).close();
        return read.entries;
    }

    private Path written() throws IOException {
        try (var journal = Journal.open(folder, 1 << 20, new Read())) {
            journal.append(batch("one", "two"));
            journal.append(batch("three"));
            journal.append(batch("", "five"));
        }
        return folder.resolve("00000000000000000000");
    }

    @Test
    void whatWasAppendedIsThereAgain() throws IOException {
        written();
        assertEquals(List.of("one", "two", "three", "", "five"), reopened());
    }

    @Test
    void aTailTornAtAnyByteIsCutAndEverythingBeforeItStays() throws IOException {
        var file = written();
        var whole = Files.readAllBytes(file);
        int last = whole.length - 24 - 2 - 6;
        for (int length = last; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertEquals(List.of("one", "two", "three"), reopened());
            assertEquals(last, Files.size(file));
            try (var journal = Journal.open(folder, 1 << 20, new Read())) {
                journal.append(batch("four"));
            }
            assertEquals(List.of("one", "two", "three", "four"), reopened());
        }
    }

    @Test
    void aFlippedBitIsNeverTakenForAnEntry() throws IOException {
        var file = written();
        var whole = Files.readAllBytes(file);
        int last = whole.length - 24 - 2 - 6;
        for (int bit = 0; bit < whole.length * 8; bit++) {
            var broken = whole.clone();
            broken[bit / 8] ^= (byte) (1 << bit % 8);
            Files.write(file, broken);
            if (bit / 8 < last) {
                // something whole stands behind the damage: acknowledged entries would be lost, so it says so
                assertEquals(
                        "ledger-damaged",
                        assertThrows(Refusal.class, this::reopened).code());
            } else {
                assertEquals(List.of("one", "two", "three"), reopened());
            }
        }
    }

    @Test
    void filesFollowEachOtherAndOldOnesGo() throws IOException {
        var expected = new ArrayList<String>();
        try (var journal = Journal.open(folder, 100, new Read())) {
            for (int i = 0; i < 50; i++) {
                journal.append(batch("entry " + i));
                expected.add("entry " + i);
            }
            assertTrue(journal.segments().size() > 5);
        }
        assertEquals(expected, reopened());
        var read = new Read();
        try (var journal = Journal.open(folder, 100, read)) {
            journal.dropBelow(20);
        }
        read = new Read();
        Journal.open(folder, 100, read).close();
        assertTrue(read.begun > 0 && read.begun <= 20);
        assertEquals(expected.subList((int) read.begun, 50), read.entries);
    }

    @Test
    void aMissingFileInTheMiddleIsNoticed() throws IOException {
        try (var journal = Journal.open(folder, 100, new Read())) {
            for (int i = 0; i < 50; i++) {
                journal.append(batch("entry " + i));
            }
            var second = journal.segments().keySet().stream().sorted().skip(1).findFirst();
            Files.delete(journal.segments().get(second.orElseThrow()));
        }
        assertEquals(
                "ledger-damaged", assertThrows(Refusal.class, this::reopened).code());
    }

    @FuzzTest
    void noBytesMakeTheReaderFail(FuzzedDataProvider data) {
        var bytes = data.consumeRemainingAsBytes();
        Frame.at(ByteBuffer.wrap(bytes), 0)
                .ifPresent(frame -> assertEquals(
                        ByteBuffer.wrap(bytes, 0, frame.size()), Frame.encode(frame.first(), frame.entries())));
    }
}
