package org.mizuhiki.oprf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.oprf.ristretto.Element;
import org.mizuhiki.oprf.ristretto.Expansion;
import org.mizuhiki.oprf.ristretto.Scalar;

/// The suite ristretto255-SHA512 of RFC 9497, 4.1, in mode OPRF (0x00): what client and server share.
final class Suite {
    private static final String CONTEXT = "OPRFV1-\0-ristretto255-SHA512";
    private static final byte[] TO_GROUP = ascii("HashToGroup-" + CONTEXT);
    private static final byte[] KEY_PAIR = ascii("DeriveKeyPair" + CONTEXT);

    private Suite() {}

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /// HashToGroup. The identity would say the same to every key, and comes up by no chance (2^-252).
    static Element hashToGroup(byte[] input) {
        return Expansion.toElement(input, TO_GROUP);
    }

    /// DeriveKeyPair of RFC 9497, 3.2.1, without the public half.
    static Scalar deriveKey(byte[] seed, byte[] info) {
        for (int counter = 0; counter < 256; counter++) {
            var input = joined(seed, prefixed(info), new byte[] {(byte) counter});
            var key = Expansion.toScalar(input, KEY_PAIR);
            Arrays.fill(input, (byte) 0);
            if (!key.isZero()) {
                return key;
            }
        }
        throw new IllegalStateException("256 zero scalars in a row cannot happen");
    }

    /// DeserializeElement: the identity is refused, because it would make any key give the same.
    ///
    /// @throws Refusal `element-malformed`, `element-identity`
    static Element element(Bytes encoded) {
        var element = Element.decode(encoded.toArray());
        if (element.isIdentity()) {
            throw identity();
        }
        return element;
    }

    static Refusal identity() {
        return Refusal.of(
                "element-identity", "群の単位元は受け付けません", "The identity of the group is no message of this protocol");
    }

    /// Two bytes of length, then the bytes.
    static byte[] prefixed(byte... bytes) {
        return joined(new byte[] {(byte) (bytes.length >> 8), (byte) bytes.length}, bytes);
    }

    static byte[] joined(byte[]... parts) {
        int size = 0;
        for (var part : parts) {
            size += part.length;
        }
        var all = new byte[size];
        int at = 0;
        for (var part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }
}
