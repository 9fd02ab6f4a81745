package org.mizuhiki.chip;

import java.security.PublicKey;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;

/// The visit service's statement that two medical card IDs of an institution are of one holder, whose card
/// was renewed: `"MZCARD1" ‖ R ‖ institution(16) ‖ before(32) ‖ after(32)`. It is also how IDs outlive the
/// day when the national card's keys become elliptic.
///
/// @param signature the service's
public record CardRenewal(String institution, Digest before, Digest after, Bytes signature) {
    public static Bytes toSign(String institution, Digest before, Digest after) {
        return EKey.joined(
                Bytes.utf8("MZCARD1R"),
                InstitutionForms.name(institution),
                Bytes.of(before.toArray()),
                Bytes.of(after.toArray()));
    }

    public boolean isSignedBy(PublicKey service) {
        return Crypto.verifies(service, toSign(institution, before, after), signature);
    }
}
