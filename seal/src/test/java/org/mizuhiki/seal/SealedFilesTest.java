package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Refusal;

class SealedFilesTest {
    private static final TestPki PKI = new TestPki();
    private static final Seals SEALS = new Seals(PKI.die);
    private static final Author AUTHOR = PKI.author("Dr A");
    private static final Canonical METADATA = Canonical.of(Map.of("kind", "image"));
    private static final Opener.XWing READER = SEALS.newReaderKey();

    /// The same form as for gigabytes, from 1000 bytes on.
    private static final SealedFiles FILES = new DiskFiles(SEALS.letters(), SEALS.streams(), 1000);

    @TempDir
    Path dir;

    private Path in;
    private Path sealed;
    private Path out;

    @BeforeEach
    void names() {
        in = dir.resolve("in");
        sealed = dir.resolve("sealed");
        out = dir.resolve("out");
    }

    private byte[] close(int size) throws IOException {
        var content = new byte[size];
        PKI.die.nextBytes(content);
        Files.write(in, content);
        Files.deleteIfExists(sealed);
        FILES.close(in, sealed, METADATA, AUTHOR, PKI.stamps(), List.of(new Reader.XWing(READER.publicKey())));
        return content;
    }

    private String refused(byte[] changed, Opener opener) throws IOException {
        Files.write(sealed, changed);
        var code = assertThrows(Refusal.class, () -> FILES.open(sealed, out, opener))
                .code();
        assertFalse(Files.exists(out), "no plaintext under the asked name");
        try (var names = Files.list(dir)) {
            assertTrue(names.noneMatch(n -> n.toString().endsWith(".part")), "no plaintext left over");
        }
        return code;
    }

    @Test
    void filesOfBothFormsComeBackBitForBit() throws IOException {
        for (int size : new int[] {0, 1, 1000, 1001, 65480, 65481, 300_000}) {
            var content = close(size);
            var opened = FILES.open(sealed, out, READER);
            assertArrayEquals(content, Files.readAllBytes(out));
            assertEquals(METADATA, opened.metadata());
            assertEquals(size, opened.size());
            assertEquals(AUTHOR.certificate(), opened.signature().signer());
            assertEquals(opened, FILES.verify(sealed, READER));
            Files.delete(out);
        }
    }

    @Test
    void aSmallFileIsAPlainLetter() throws IOException {
        var content = close(500);
        var letter = SEALS.letters().decode(Bytes.of(Files.readAllBytes(sealed)));
        assertEquals(Bytes.of(content), SEALS.letters().open(letter, READER).content());
    }

    @Test
    void anotherReaderIsAddedWithoutTouchingTheCiphertext() throws IOException {
        for (int size : new int[] {500, 300_000}) {
            var content = close(size);
            var before = Files.readAllBytes(sealed);
            var next = SEALS.newReaderKey();
            FILES.addReader(sealed, READER, new Reader.XWing(next.publicKey()));
            for (var opener : List.of(READER, next)) {
                FILES.open(sealed, out, opener);
                assertArrayEquals(content, Files.readAllBytes(out));
                Files.delete(out);
            }
            if (size > 1000) {
                var after = Files.readAllBytes(sealed);
                assertArrayEquals(Arrays.copyOf(before, size), Arrays.copyOf(after, size));
            }
            assertEquals(2, FILES.inspect(sealed).readers().size());
        }
    }

    @Test
    void anInterruptedAddReaderIsFinishedByTheNext() throws IOException {
        var content = close(5000);
        var before = Files.readAllBytes(sealed);
        var next = SEALS.newReaderKey();
        FILES.addReader(sealed, READER, new Reader.XWing(next.publicKey()));
        var after = Files.readAllBytes(sealed);
        int end = (int) LargeFile.find(sealed).orElseThrow().end();
        var side = java.nio.ByteBuffer.allocate(8 + after.length - end)
                .putLong(end)
                .put(after, end, after.length - end);
        // the machine stopped while the trailer was half written
        Files.write(sealed, Arrays.copyOf(after, end + 100));
        Files.write(dir.resolve("sealed.trailer"), side.array());
        FILES.addReader(sealed, READER, new Reader.XWing(SEALS.newReaderKey().publicKey()));
        FILES.open(sealed, out, next);
        assertArrayEquals(content, Files.readAllBytes(out));
        assertFalse(Files.exists(dir.resolve("sealed.trailer")));
        assertTrue(before.length < after.length);
    }

    @Test
    void whatCanBeSeenWithoutAKeyIsNoMoreThanThis() throws IOException {
        close(5000);
        var look = FILES.inspect(sealed);
        assertEquals("mizuhiki-letter-1", look.suite());
        assertTrue(look.segmented());
        assertEquals(List.of(READER.keyId()), look.readers());
        assertEquals(Files.size(sealed), look.fileSize());
        var text = Files.readString(sealed, StandardCharsets.ISO_8859_1);
        assertFalse(text.contains("image"));
    }

    @Test
    void flippedBytesAllOverALargeFileAreRefused() throws IOException {
        close(1001);
        var bytes = Files.readAllBytes(sealed);
        for (int i = 0; i < bytes.length; i += 7) {
            bytes[i] ^= (byte) (1 << i % 8);
            Files.write(sealed, bytes);
            assertThrows(Refusal.class, () -> FILES.verify(sealed, READER), "byte " + i);
            if (i % 100 == 0) {
                refused(bytes, READER);
            }
            bytes[i] ^= (byte) (1 << i % 8);
        }
    }

    @Test
    void everyTruncationOfALargeFileIsRefused() throws IOException {
        close(1001);
        var bytes = Files.readAllBytes(sealed);
        for (int size = 0; size < bytes.length; size += 97) {
            refused(Arrays.copyOf(bytes, size), READER);
        }
        refused(Arrays.copyOf(bytes, bytes.length + 1), READER);
    }

    @Test
    void segmentsReorderedOrFromAnotherFileAreRefused() throws IOException {
        int segment = 64 << 10;
        close(4 * segment);
        var one = Files.readAllBytes(sealed);
        close(4 * segment);
        var other = Files.readAllBytes(sealed);
        var reordered = other.clone();
        System.arraycopy(other, segment, reordered, 2 * segment, segment);
        System.arraycopy(other, 2 * segment, reordered, segment, segment);
        assertEquals("seal-broken", refused(reordered, READER));
        var swapped = other.clone();
        System.arraycopy(one, segment, swapped, segment, segment);
        assertEquals("seal-broken", refused(swapped, READER));
        // another file's segments whole, under this file's letter
        int end = 4 * segment + Segments.HEADER + 5 * Segments.TAG;
        System.arraycopy(one, 0, other, 0, end);
        assertEquals("seal-broken", refused(other, READER));
    }

    @Test
    void aTrailersLetterIsNoWholeFile() throws IOException {
        close(5000);
        var letter = LargeFile.letter(sealed, LargeFile.find(sealed).orElseThrow());
        assertEquals("seal-broken", refused(letter.toArray(), READER));
    }

    @Test
    void whoHasNoSlotGetsNothing() throws IOException {
        close(5000);
        assertEquals("seal-not-for-you", refused(Files.readAllBytes(sealed), SEALS.newReaderKey()));
    }

    @Test
    void nothingIsWrittenOver() throws IOException {
        close(500);
        Files.writeString(out, "mine");
        assertEquals(
                "file-exists",
                assertThrows(Refusal.class, () -> FILES.open(sealed, out, READER))
                        .code());
        assertEquals("mine", Files.readString(out));
    }

    private void streams(String size) throws Exception {
        try (var sparse = new RandomAccessFile(in.toFile(), "rw")) {
            sparse.setLength(Long.parseLong(size) << 20);
            sparse.seek(123_456_789);
            sparse.write(1);
        }
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var child = new ProcessBuilder(
                        java,
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BigFile.class.getName(),
                        dir.toString())
                .redirectErrorStream(true)
                .start();
        var said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!child.waitFor(30, TimeUnit.SECONDS)) {
            child.destroyForcibly();
        }
        assertEquals(0, child.waitFor(), said);
        assertEquals(-1, Files.mismatch(in, out));
    }

    @Test
    void threeHundredMegabytesPassThroughAHeapOfSixtyFour() throws Exception {
        streams("300");
    }

    @Test
    @Tag("slow")
    @org.junit.jupiter.api.condition.EnabledIfSystemProperty(named = "mizuhiki.slow", matches = "true")
    void fiveGigabytesPassThroughAHeapOfSixtyFour() throws Exception {
        streams("5120");
    }
}
