package org.mizuhiki.oprf.ristretto;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// expand_message_xmd of RFC 9380, 5.3.1, with SHA-512, and what RFC 9497 makes of it: elements and
/// scalars.
public final class Expansion {
    private static final int HASH = 64;
    private static final int BLOCK = 128;

    private Expansion() {}

    /// HashToGroup of RFC 9497, 4.1.
    ///
    /// @param tag the domain separation tag, 1 to 255 bytes
    public static Element toElement(byte[] message, byte[] tag) {
        var uniform = expand(message, tag);
        var element = Element.fromUniform(uniform);
        Arrays.fill(uniform, (byte) 0);
        return element;
    }

    /// HashToScalar of RFC 9497, 4.1.
    public static Scalar toScalar(byte[] message, byte[] tag) {
        var uniform = expand(message, tag);
        var scalar = Scalar.reduce(uniform);
        Arrays.fill(uniform, (byte) 0);
        return scalar;
    }

    /// 64 bytes: the first block is all that is needed, so steps 8 to 10 of the RFC fall away.
    static byte[] expand(byte[] message, byte[] tag) {
        if (tag.length == 0 || tag.length > 255) {
            throw new IllegalArgumentException("a tag has 1 to 255 bytes, not " + tag.length);
        }
        var sha512 = sha512();
        sha512.update(new byte[BLOCK]);
        sha512.update(message);
        sha512.update(new byte[] {0, HASH, 0});
        sha512.update(tag);
        sha512.update((byte) tag.length);
        var b0 = sha512.digest();
        sha512.update(b0);
        sha512.update((byte) 1);
        sha512.update(tag);
        sha512.update((byte) tag.length);
        var b1 = sha512.digest();
        Arrays.fill(b0, (byte) 0);
        return b1;
    }

    private static MessageDigest sha512() {
        try {
            return MessageDigest.getInstance("SHA-512");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-512", e);
        }
    }
}
