package org.mizuhiki.mail;

import java.util.Arrays;
import org.mizuhiki.house.Bytes;

/// What kind of CMS a part carries: by its bytes, as the label beside it is nobody's word.
final class Envelopes {
    /// DER of object identifiers 1.2.840.113549.1.7.2 and .3 and 1.2.840.113549.1.9.16.1.23.
    private static final byte[] SIGNED_DATA = {6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 7, 2};

    private static final byte[] ENVELOPED = {6, 9, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 7, 3};
    private static final byte[] AUTH_ENVELOPED = {6, 11, 42, (byte) 134, 72, (byte) 134, (byte) 247, 13, 1, 9, 16, 1, 23
    };
    private static final int SEQUENCE = 0x30;

    private Envelopes() {}

    enum Kind {
        ENVELOPE,
        SIGNED,
        OTHER
    }

    static boolean isCms(Part part) {
        return part.headers().isType("application/pkcs7-mime", "application/x-pkcs7-mime");
    }

    static boolean isEnvelope(Part part) {
        return isCms(part) && kind(part) == Kind.ENVELOPE;
    }

    static Kind kind(Part part) {
        return kind(part.content());
    }

    /// The type stands first in a ContentInfo (RFC 5652, 3).
    static Kind kind(Bytes cms) {
        var raw = cms.toArray();
        if (raw.length < 2 || raw[0] != SEQUENCE) {
            return Kind.OTHER;
        }
        int length = raw[1] & 0xff;
        int at = 2 + (length > 0x80 ? length - 0x80 : 0);
        if (is(raw, at, ENVELOPED) || is(raw, at, AUTH_ENVELOPED)) {
            return Kind.ENVELOPE;
        }
        return is(raw, at, SIGNED_DATA) ? Kind.SIGNED : Kind.OTHER;
    }

    private static boolean is(byte[] raw, int at, byte[] type) {
        return at + type.length <= raw.length && Arrays.equals(raw, at, at + type.length, type, 0, type.length);
    }
}
