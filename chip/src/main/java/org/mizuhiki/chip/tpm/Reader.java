package org.mizuhiki.chip.tpm;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;

/// Reads structures of a TPM (Part 2): big-endian numbers, and runs of bytes after their length in 16 bits.
public final class Reader {
    /// Bytes that are not the structure they should be.
    public static final class Malformed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Malformed(String why) {
            super(why);
        }
    }

    private final ByteBuffer left;

    private Reader(ByteBuffer left) {
        this.left = left;
    }

    /// Reads all of it: what is left over is malformed too.
    ///
    /// @throws Malformed when it is not so
    public static <T> T whole(Bytes raw, Function<Reader, T> read) {
        var reader = new Reader(ByteBuffer.wrap(raw.toArray()));
        try {
            var value = read.apply(reader);
            if (reader.left.hasRemaining()) {
                throw new Malformed("more bytes than the structure has");
            }
            return value;
        } catch (BufferUnderflowException e) {
            throw new Malformed("fewer bytes than the structure has");
        }
    }

    public int number16() {
        return left.getShort() & 0xffff;
    }

    public int number32() {
        return left.getInt();
    }

    public long number64() {
        return left.getLong();
    }

    public Bytes bytes(int size) {
        if (size < 0 || size > left.remaining()) {
            throw new BufferUnderflowException();
        }
        var raw = new byte[size];
        left.get(raw);
        return Bytes.of(raw);
    }

    /// TPM2B.
    public Bytes sized() {
        return bytes(number16());
    }

    public void skip(int size) {
        bytes(size);
    }

    /// @throws Malformed when it is not so
    public void expect16(int value) {
        if (number16() != value) {
            throw new Malformed("not the number that belongs here");
        }
    }

    /// @throws Malformed when it is not so
    public void expect32(int value) {
        if (number32() != value) {
            throw new Malformed("not the number that belongs here");
        }
    }

    /// The rest of it.
    public Bytes rest() {
        return bytes(left.remaining());
    }
}
