package org.mizuhiki.chip;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import org.mizuhiki.house.Bytes;

/// What is signed for institution authentication to the [NationalCard], which is OUR OWN protocol: the real
/// card's is not public. All signatures are P-256 with SHA-256, DER.
public final class InstitutionForms {
    private static final int NAME = 16;
    private static final int CHALLENGE = 16;

    private InstitutionForms() {}

    /// An institution's certificate as a card reads it (89 bytes), which the institutions' root signs.
    ///
    /// @param institution its ID, at most 16 characters of ASCII
    public static Bytes certificate(String institution, PublicKey key) {
        return EKey.joined(head(1), name(institution), Points.point(key));
    }

    /// The institution's answer to the card's challenge, which the institution's key signs.
    ///
    /// @param challenge the 16 bytes of [NationalCard#challenge]
    public static Bytes answer(String institution, Bytes challenge) {
        if (challenge.size() != CHALLENGE) {
            throw new IllegalArgumentException("a challenge has 16 bytes");
        }
        return EKey.joined(head(2), name(institution), challenge);
    }

    private static Bytes head(int tag) {
        return EKey.joined(Bytes.utf8("MZINST1"), Bytes.of((byte) tag));
    }

    static Bytes name(String institution) {
        boolean fits = !institution.isEmpty()
                && institution.length() <= NAME
                && StandardCharsets.US_ASCII.newEncoder().canEncode(institution);
        if (!fits) {
            throw new IllegalArgumentException("an institution's ID on a card has 1 to 16 characters of ASCII");
        }
        return Bytes.of(java.util.Arrays.copyOf(institution.getBytes(StandardCharsets.US_ASCII), NAME));
    }
}
