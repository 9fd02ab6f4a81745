package org.mizuhiki.oprf;

import java.io.ByteArrayInputStream;
import java.security.SecureRandom;
import java.util.HexFormat;

/// Chance that was written down before, for published vectors.
final class PresetDie extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final transient ByteArrayInputStream preset;

    PresetDie(String... hex) {
        preset = new ByteArrayInputStream(HexFormat.of().parseHex(String.join("", hex)));
    }

    /// Scalars are drawn as 64 bytes of which the remainder is taken: one smaller than the order stays what
    /// it is.
    static String scalar(String hex) {
        return hex + "00".repeat(32);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        if (preset.read(bytes, 0, bytes.length) != bytes.length) {
            throw new AssertionError("more was drawn than the vector has");
        }
    }
}
