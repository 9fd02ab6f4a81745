package org.mizuhiki.seal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

class StreamsTest {
    private static final int SEGMENT = 64 << 10;
    private static final SecureRandom DIE = new SecureRandom();
    private static final Streams STREAMS = new Seals(DIE).streams();
    private static final Bytes CONTEXT = Bytes.utf8("context");

    private static byte[] random(int size) {
        var bytes = new byte[size];
        DIE.nextBytes(bytes);
        return bytes;
    }

    private static byte[] close(byte[] plain, Secret key) throws IOException {
        var out = new ByteArrayOutputStream();
        STREAMS.close(new ByteArrayInputStream(plain), out, key, CONTEXT);
        return out.toByteArray();
    }

    private static byte[] open(byte[] closed, Secret key, Bytes context) throws IOException {
        return STREAMS.open(new ByteArrayInputStream(closed), key, context).readAllBytes();
    }

    private static void assertRefused(byte[] closed, Secret key) {
        var refusal = assertThrows(Refusal.class, () -> open(closed, key, CONTEXT));
        assertEquals("seal-broken", refusal.code());
    }

    /// Sizes around every edge: nothing, one byte, the first segment (shorter by the header) and the next
    /// ones.
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65479, 65480, 65481, 131000, 131000 - 1, 131001, 1 << 20})
    void whatWasClosedComesBackBitForBit(int size) throws IOException {
        var plain = random(size);
        var key = STREAMS.newKey();
        var out = new ByteArrayOutputStream();
        var written = STREAMS.close(new ByteArrayInputStream(plain), out, key, CONTEXT);
        assertArrayEquals(plain, open(out.toByteArray(), key, CONTEXT));
        var moved = new ByteArrayOutputStream();
        assertEquals(
                size,
                STREAMS.open(new ByteArrayInputStream(out.toByteArray()), key, CONTEXT)
                        .transferTo(moved));
        assertArrayEquals(plain, moved.toByteArray());
        assertEquals(size, written.size());
        assertEquals(Digest.of(plain), written.plain());
        assertEquals(Digest.of(out.toByteArray()), written.closed());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65479, 65480, 65481, 131000, 131001, 1 << 20})
    void tinkReadsOursAndWeReadTinks(int size) throws Exception {
        var plain = random(size);
        var key = STREAMS.newKey();
        var tink = key.lend(k -> {
            try {
                return new AesGcmHkdfStreaming(k, "HmacSha256", 32, SEGMENT, 0);
            } catch (java.security.GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        });
        var ours = close(plain, key);
        assertArrayEquals(
                plain,
                tink.newDecryptingStream(new ByteArrayInputStream(ours), CONTEXT.toArray())
                        .readAllBytes());
        var theirs = new ByteArrayOutputStream();
        try (var out = tink.newEncryptingStream(theirs, CONTEXT.toArray())) {
            out.write(plain);
        }
        assertArrayEquals(plain, open(theirs.toByteArray(), key, CONTEXT));
    }

    @Test
    void theUndigestedFormIsTheSameFormat() throws IOException {
        var plain = random(200_000);
        var key = STREAMS.newKey();
        var out = new ByteArrayOutputStream();
        assertEquals(plain.length, STREAMS.closeUndigested(new ByteArrayInputStream(plain), out, key, CONTEXT));
        assertArrayEquals(plain, open(out.toByteArray(), key, CONTEXT));
    }

    @Test
    void everyFlippedBitIsRefused() throws IOException {
        var key = STREAMS.newKey();
        var closed = close(random(40), key);
        for (int bit = 0; bit < closed.length * 8; bit++) {
            closed[bit / 8] ^= (byte) (1 << bit % 8);
            assertRefused(closed, key);
            closed[bit / 8] ^= (byte) (1 << bit % 8);
        }
    }

    @Test
    void cutExtendedReorderedAndSwappedSegmentsAreRefused() throws IOException {
        var key = STREAMS.newKey();
        var closed = close(random(4 * SEGMENT), key);
        for (int size :
                new int[] {0, 1, 39, 40, 55, 56, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, closed.length - 1}) {
            assertRefused(Arrays.copyOf(closed, size), key);
        }
        assertRefused(Arrays.copyOf(closed, closed.length + 1), key);
        var reordered = closed.clone();
        System.arraycopy(closed, SEGMENT, reordered, 2 * SEGMENT, SEGMENT);
        System.arraycopy(closed, 2 * SEGMENT, reordered, SEGMENT, SEGMENT);
        assertRefused(reordered, key);
        var other = close(random(4 * SEGMENT), key);
        System.arraycopy(other, SEGMENT, closed, SEGMENT, SEGMENT);
        assertRefused(closed, key);
    }

    @Test
    void anotherKeyOrContextIsRefused() throws IOException {
        var key = STREAMS.newKey();
        var closed = close(random(100), key);
        assertRefused(closed, STREAMS.newKey());
        assertThrows(Refusal.class, () -> open(closed, key, Bytes.utf8("other")));
    }

    @Test
    void nothingFollowsABrokenSegment() throws IOException {
        var key = STREAMS.newKey();
        var plain = random(3 * SEGMENT);
        var closed = close(plain, key);
        closed[SEGMENT + 5] ^= 1;
        var in = STREAMS.open(new ByteArrayInputStream(closed), key, CONTEXT);
        int first = SEGMENT - Segments.HEADER - Segments.TAG;
        assertArrayEquals(Arrays.copyOf(plain, first), in.readNBytes(first));
        assertThrows(Refusal.class, in::read);
        assertThrows(Refusal.class, in::read);
    }
}
