package org.mizuhiki.seal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Cipher;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;

/// Tink's segment format with a loop of our own, because the digests of both sides ride on the same buffers
/// while they are in the cache; what each part costs stands in docs/flows/seal.md.
final class SegmentStreams implements Streams {
    /// Buffers in flight between encryption and the digests.
    private static final int DEPTH = 8;

    private final SecureRandom die;
    private final int size;

    /// @param size bytes of a segment with its tag
    SegmentStreams(SecureRandom die, int size) {
        if (size < 64 << 10 || size > 1 << 20) {
            throw new IllegalArgumentException("segments have 64 KiB to 1 MiB");
        }
        this.die = die;
        this.size = size;
    }

    @Override
    public Secret newKey() {
        var key = new byte[32];
        die.nextBytes(key);
        return Secret.taking(key);
    }

    /// Sees every buffer before and after encryption; may hold on to it until [Buffers#settle].
    private interface Witness {
        void see(Buffers buffers);

        void header(byte[] header);
    }

    /// One segment in the clear and closed.
    private static final class Buffers {
        final byte[] plain;
        final byte[] closed;
        int plainLength;
        int closedLength;
        final Deque<Future<?>> readers = new ArrayDeque<>();

        Buffers(int size) {
            plain = new byte[size];
            closed = new byte[size];
        }

        /// Waits until nobody reads these buffers any more.
        void settle() throws IOException {
            while (!readers.isEmpty()) {
                try {
                    readers.remove().get();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new IOException("interrupted", e);
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private static final class Digests implements Witness, AutoCloseable {
        private final MessageDigest plain = Digest.sha256();
        private final MessageDigest closed = Digest.sha256();
        private final ExecutorService plainThread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("digest-plain").factory());
        private final ExecutorService closedThread = Executors.newSingleThreadExecutor(
                Thread.ofPlatform().daemon().name("digest-closed").factory());

        @Override
        public void header(byte[] header) {
            closed.update(header);
        }

        @Override
        public void see(Buffers b) {
            b.readers.add(plainThread.submit(() -> plain.update(b.plain, 0, b.plainLength)));
            b.readers.add(closedThread.submit(() -> closed.update(b.closed, 0, b.closedLength)));
        }

        @Override
        public void close() {
            plainThread.close();
            closedThread.close();
        }
    }

    private static final class Nobody implements Witness {
        @Override
        public void see(Buffers buffers) {}

        @Override
        public void header(byte[] header) {}
    }

    @Override
    public Written close(InputStream plain, OutputStream closed, Secret key, Bytes context) throws IOException {
        try (var digests = new Digests()) {
            long written = write(plain, closed, key, context, digests);
            return new Written(written, Digest.ofHash(digests.plain.digest()), Digest.ofHash(digests.closed.digest()));
        }
    }

    @Override
    public long closeUndigested(InputStream plain, OutputStream closed, Secret key, Bytes context) throws IOException {
        return write(plain, closed, key, context, new Nobody());
    }

    private long write(InputStream plain, OutputStream closed, Secret key, Bytes context, Witness witness)
            throws IOException {
        var segments = Segments.fresh(size, key, context, die);
        closed.write(segments.header());
        witness.header(segments.header());
        var ring = new ArrayDeque<Buffers>();
        var current = filled(new Buffers(size), plain, segments.plainSize());
        long written = 0;
        for (boolean last = false; !last; ) {
            int following = size - Segments.TAG;
            var next = filled(ring.size() < DEPTH - 1 ? new Buffers(size) : ring.remove(), plain, following);
            last = next.plainLength == 0;
            encrypt(segments, current, last);
            closed.write(current.closed, 0, current.closedLength);
            witness.see(current);
            written += current.plainLength;
            ring.add(current);
            current = next;
        }
        for (var buffers : ring) {
            buffers.settle();
        }
        return written;
    }

    private static Buffers filled(Buffers buffers, InputStream from, int length) throws IOException {
        buffers.settle();
        buffers.plainLength = from.readNBytes(buffers.plain, 0, length);
        return buffers;
    }

    private static void encrypt(Segments segments, Buffers buffers, boolean last) {
        buffers.closedLength = No.SEAL_BROKEN.unless(
                () -> segments.crypt(Cipher.ENCRYPT_MODE, buffers.plain, buffers.plainLength, buffers.closed, last));
    }

    @Override
    public InputStream open(InputStream closed, Secret key, Bytes context) throws IOException {
        var header = closed.readNBytes(Segments.HEADER);
        return new OpeningStream(closed, Segments.under(header, size, key, context), size);
    }
}
