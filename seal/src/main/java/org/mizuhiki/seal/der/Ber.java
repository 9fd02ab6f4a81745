package org.mizuhiki.seal.der;

import java.io.IOException;

/// Bounds one BER value (X.690, 8) before a parser sees it. Mail programs write indefinite lengths and chunks,
/// so [Der] is too strict for them; but of millions of tiny elements a parser makes an object each, some
/// hundred bytes for two on the wire. The walk here allocates nothing.
public final class Ber {
    /// A mail of 16 MiB in chunks of 1,000 bytes, as BouncyCastle writes them, has 17,000.
    static final int MAX_ELEMENTS = 100_000;

    private static final int MAX_DEPTH = 40;
    private static final int MAX_LENGTH_OCTETS = 8;
    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_TAG = 0x1f;
    private static final int INDEFINITE = 0x80;

    private final byte[] bytes;
    private final int[] ends = new int[MAX_DEPTH];
    private final boolean[] untilMarks = new boolean[MAX_DEPTH];
    private int depth;
    private int at;
    private int end;
    private boolean untilMark;

    private Ber(byte[] bytes) {
        this.bytes = bytes;
        this.end = bytes.length;
    }

    /// @throws IOException when the first value in `bytes` is none, or over the limits; what follows it is the
    /// parser's to refuse
    public static void mustBeBounded(byte[] bytes) throws IOException {
        new Ber(bytes).walk();
    }

    private void walk() throws IOException {
        for (int elements = 0; depth > 0 || elements == 0; elements++) {
            if (elements > MAX_ELEMENTS) {
                throw new IOException("too many elements");
            }
            if (untilMark && octet(at) == 0 && octet(at + 1) == 0) {
                at += 2;
                leave();
            } else {
                element();
            }
            while (depth > 0 && !untilMark && at == end) {
                leave();
            }
        }
    }

    private void element() throws IOException {
        int tag = octet(at);
        int first = octet(at + 1);
        boolean constructed = (tag & CONSTRUCTED) != 0;
        if ((tag & LONG_TAG) == LONG_TAG || (first == INDEFINITE && !constructed)) {
            throw new IOException("a form that no CMS has");
        }
        at += 2;
        if (first == INDEFINITE) {
            enter(end, true);
            return;
        }
        int length = first < INDEFINITE ? first : length(first - INDEFINITE);
        if (length > end - at) {
            throw new IOException("runs over its end");
        }
        if (constructed) {
            enter(at + length, false);
        } else {
            at += length;
        }
    }

    private int length(int octets) throws IOException {
        if (octets > MAX_LENGTH_OCTETS) {
            throw new IOException("monstrous length");
        }
        long value = 0;
        for (int i = 0; i < octets; i++) {
            value = value << 8 | octet(at++);
            if (value > Integer.MAX_VALUE) {
                throw new IOException("monstrous length");
            }
        }
        return (int) value;
    }

    private void enter(int newEnd, boolean mark) throws IOException {
        if (depth == MAX_DEPTH) {
            throw new IOException("nested too deeply");
        }
        ends[depth] = end;
        untilMarks[depth++] = untilMark;
        end = newEnd;
        untilMark = mark;
    }

    private void leave() {
        end = ends[--depth];
        untilMark = untilMarks[depth];
    }

    private int octet(int index) throws IOException {
        if (index >= end) {
            throw new IOException("cut off");
        }
        return bytes[index] & 0xff;
    }
}
