package org.mizuhiki.chip.tpm;

import java.io.ByteArrayOutputStream;
import org.mizuhiki.house.Bytes;

/// Writes structures of a TPM (Part 2).
public final class Writer {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    public Writer number8(int value) {
        out.write(value);
        return this;
    }

    public Writer number16(int value) {
        return number8(value >>> 8).number8(value);
    }

    public Writer number32(int value) {
        return number16(value >>> 16).number16(value);
    }

    public Writer bytes(Bytes value) {
        out.writeBytes(value.toArray());
        return this;
    }

    /// TPM2B.
    public Writer sized(Bytes value) {
        return number16(value.size()).bytes(value);
    }

    public Bytes done() {
        return Bytes.of(out.toByteArray());
    }
}
