package org.mizuhiki.house;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// An immutable run of bytes that are not secret; copies on the way in and on the way out, so that records
/// may hold it.
public final class Bytes {
    private static final Bytes EMPTY = new Bytes(new byte[0]);
    private final byte[] value;

    private Bytes(byte[] value) {
        this.value = value;
    }

    public static Bytes of(byte... value) {
        return value.length == 0 ? EMPTY : new Bytes(value.clone());
    }

    public static Bytes utf8(String text) {
        return new Bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /// @throws Refusal `bytes-not-base64` when the text is not padded standard base64
    public static Bytes base64(String text) {
        try {
            return new Bytes(Base64.getDecoder().decode(text));
        } catch (IllegalArgumentException e) {
            throw Refusal.of("bytes-not-base64", "文字列がBase64ではありません", "The text is not base64", e);
        }
    }

    public byte[] toArray() {
        return value.clone();
    }

    public int size() {
        return value.length;
    }

    public String asBase64() {
        return Base64.getEncoder().encodeToString(value);
    }

    public String asHex() {
        return HexFormat.of().formatHex(value);
    }

    public String asUtf8() {
        return new String(value, StandardCharsets.UTF_8);
    }

    public Digest sha256() {
        return Digest.of(value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes b && MessageDigest.isEqual(value, b.value);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(value);
    }

    /// Size and fingerprint only: contents may be a patient's.
    @Override
    public String toString() {
        return "Bytes[" + value.length + " B, sha256 " + sha256().hex().substring(0, 12) + "…]";
    }
}
