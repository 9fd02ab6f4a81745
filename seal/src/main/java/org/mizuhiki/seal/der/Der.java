package org.mizuhiki.seal.der;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Sequence;

/// Reads exactly one DER value (X.690) of bounded depth and element count. The structure is walked without
/// recursion or allocation before any parser sees it, so nesting bombs and forged lengths cost nothing.
public final class Der {
    /// Deepest nesting that is read; a time stamp with certificates inside a signature stays below 24.
    private static final int MAX_DEPTH = 40;

    private static final int MAX_ELEMENTS = 20_000;

    private Der() {}

    /// @throws IOException when `bytes` is not one DER value, or over the limits; other bytes may not
    /// follow
    public static ASN1Primitive read(byte[] bytes) throws IOException {
        walk(bytes);
        var value = ASN1Primitive.fromByteArray(bytes);
        // One value, one spelling: unsorted sets, padded integers and odd booleans do not come back the same.
        if (!Arrays.equals(value.getEncoded(ASN1Encoding.DER), bytes)) {
            throw new IOException("not DER");
        }
        return value;
    }

    /// @throws IOException when re-encoding `parsed` does not give `bytes` back: then a field was ignored
    public static void same(ASN1Object parsed, byte[] bytes) throws IOException {
        if (!Arrays.equals(write(parsed), bytes)) {
            throw new IOException("holds more than is understood");
        }
    }

    /// Ecdsa-Sig-Value (RFC 3279 section 2.2.3) in its one spelling: providers forgive a missing sign
    /// octet, which would give one signature two encodings.
    public static boolean isEcdsaSignature(byte[] bytes) {
        try {
            var pair = ASN1Sequence.getInstance(read(bytes));
            return pair.size() == 2
                    && ASN1Integer.getInstance(pair.getObjectAt(0)).getValue().signum() > 0
                    && ASN1Integer.getInstance(pair.getObjectAt(1)).getValue().signum() > 0;
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    public static byte[] write(ASN1Object value) {
        try {
            return value.getEncoded(ASN1Encoding.DER);
        } catch (IOException e) {
            throw new IllegalStateException("a value made here has an encoding", e);
        }
    }

    private static void walk(byte[] bytes) throws IOException {
        var ends = new int[MAX_DEPTH];
        int depth = 0;
        int at = 0;
        int end = bytes.length;
        for (int elements = 0; depth > 0 || elements == 0; elements++) {
            if (elements > MAX_ELEMENTS) {
                throw new IOException("too many elements");
            }
            boolean constructed = (octet(bytes, at, end) & 0x20) != 0;
            at = afterTag(bytes, at, end);
            int length = length(bytes, at, end);
            at += lengthOctets(length);
            if (length > end - at) {
                throw new IOException("runs over its end");
            }
            if (constructed) {
                if (depth == MAX_DEPTH) {
                    throw new IOException("nested too deeply");
                }
                ends[depth++] = end;
                end = at + length;
            } else {
                at += length;
            }
            while (depth > 0 && at == end) {
                end = ends[--depth];
            }
        }
        if (at != bytes.length) {
            throw new IOException("bytes follow");
        }
    }

    private static int octet(byte[] bytes, int at, int end) throws IOException {
        if (at >= end) {
            throw new IOException("cut off");
        }
        return bytes[at] & 0xff;
    }

    /// Tag numbers above 30 occur nowhere in our formats.
    private static int afterTag(byte[] bytes, int at, int end) throws IOException {
        if ((octet(bytes, at, end) & 0x1f) == 0x1f) {
            throw new IOException("multi-byte tag");
        }
        return at + 1;
    }

    private static int length(byte[] bytes, int at, int end) throws IOException {
        int first = octet(bytes, at, end);
        if (first < 0x80) {
            return first;
        }
        int octets = first & 0x7f;
        if (octets == 0 || octets > 4) {
            throw new IOException("indefinite or monstrous length");
        }
        long value = 0;
        for (int i = 1; i <= octets; i++) {
            value = value << 8 | octet(bytes, at + i, end);
        }
        if (value > Integer.MAX_VALUE || lengthOctets((int) value) != octets + 1) {
            throw new IOException("length not in its shortest form");
        }
        return (int) value;
    }

    private static int lengthOctets(int length) {
        if (length < 0x80) {
            return 1;
        }
        return 1 + (39 - Integer.numberOfLeadingZeros(length)) / 8;
    }
}
