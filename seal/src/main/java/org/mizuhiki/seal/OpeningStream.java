package org.mizuhiki.seal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import javax.crypto.Cipher;

/// Plaintext of checked segments only: a segment's bytes come out after its tag held, and the end is the
/// end only after the last segment's tag held.
final class OpeningStream extends InputStream {
    private final InputStream closed;
    private final Segments segments;
    private final byte[] sealed;
    private final byte[] plain;
    /// Bytes of the next segment that were read to see whether there is one.
    private int ahead;

    private int from;
    private int to;
    private State state = State.MORE;

    private enum State {
        MORE,
        LAST,
        BROKEN
    }

    OpeningStream(InputStream closed, Segments segments, int size) {
        this.closed = closed;
        this.segments = segments;
        this.sealed = new byte[size + 1];
        this.plain = new byte[size];
    }

    @Override
    public int read() throws IOException {
        var one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, into.length);
        if (length == 0) {
            return 0;
        }
        if (!hasMore()) {
            return -1;
        }
        int taken = Math.min(length, to - from);
        System.arraycopy(plain, from, into, offset, taken);
        from += taken;
        return taken;
    }

    /// Whole segments at a time, without a copy in between.
    @Override
    public long transferTo(OutputStream out) throws IOException {
        long moved = 0;
        while (hasMore()) {
            int length = to - from;
            out.write(plain, from, length);
            from = to;
            moved += length;
        }
        return moved;
    }

    private boolean hasMore() throws IOException {
        while (from == to) {
            if (state == State.BROKEN) {
                throw No.SEAL_BROKEN.refusal();
            }
            if (state == State.LAST) {
                return false;
            }
            advance();
        }
        return true;
    }

    private void advance() throws IOException {
        int whole = segments.closedSize();
        int filled = ahead + closed.readNBytes(sealed, ahead, whole + 1 - ahead);
        boolean last = filled <= whole;
        int length = last ? filled : whole;
        // Broken until proven otherwise: whatever is thrown below, nothing follows.
        state = State.BROKEN;
        // An empty last segment is right for an empty object only; elsewhere it would be a second spelling.
        No.SEAL_BROKEN.check(length > Segments.TAG || (length == Segments.TAG && segments.isFirst()));
        to = No.SEAL_BROKEN.unless(() -> segments.crypt(Cipher.DECRYPT_MODE, sealed, length, plain, last));
        from = 0;
        sealed[0] = sealed[whole];
        ahead = last ? 0 : 1;
        state = last ? State.LAST : State.MORE;
    }
}
