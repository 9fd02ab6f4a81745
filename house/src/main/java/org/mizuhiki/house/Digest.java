package org.mizuhiki.house;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// A SHA-256 digest as 64 lower-case hexadecimal digits; it names seals, statements, blobs and ledger
/// leaves.
public record Digest(String hex) implements Comparable<Digest> {
    private static final int DIGITS = 64;

    /// @throws Refusal `digest-malformed` when `hex` is not 64 lower-case hexadecimal digits
    public Digest {
        if (!isHash(hex)) {
            throw Refusal.of(
                    "digest-malformed", "識別子が正しくありません（64桁の16進数）", "An identifier must be 64 hexadecimal digits");
        }
    }

    private static boolean isHash(String hex) {
        for (int i = 0; i < hex.length(); i++) {
            char c = hex.charAt(i);
            if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
                return false;
            }
        }
        return hex.length() == DIGITS;
    }

    public static Digest of(byte... content) {
        return ofHash(sha256().digest(content));
    }

    /// Wraps the 32 bytes of a hash that was computed elsewhere, such as over a stream.
    public static Digest ofHash(byte... hash) {
        return new Digest(HexFormat.of().formatHex(hash));
    }

    /// A fresh SHA-256, for hashing streams.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    public byte[] toArray() {
        return HexFormat.of().parseHex(hex);
    }

    @Override
    public int compareTo(Digest other) {
        return hex.compareTo(other.hex);
    }

    @Override
    public String toString() {
        return hex;
    }
}
