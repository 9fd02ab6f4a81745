package org.mizuhiki.chip;

import java.security.PublicKey;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// The seed's medical card ID: the hash of the card's deterministic RSA signature (PKCS#1 v1.5) over one
/// fixed message of the institution. Kept for institutions that have such IDs; [Visits#cardId] is better
/// in all:
///
/// - any party for whom the card may sign can have this message signed, and then knows the ID;
/// - the signature can be replayed: it does not show that the card is there;
/// - a card that signs with PSS or ECDSA has no such ID;
/// - a renewed certificate with a new key changes it, and nothing links the two;
/// - a list of hashes of serial numbers, which the seed suggests for revocation, is searched through in
///   minutes.
public final class FixedMessageCardId {
    private FixedMessageCardId() {}

    /// What the card signs.
    public static Bytes toSign(String institution) {
        return EKey.joined(Bytes.utf8("MZCARD1F"), InstitutionForms.name(institution));
    }

    /// @throws Refusal `card-id-unfit` for a card that is not RSA, and for a signature that is not this
    ///     card's
    public static Digest of(String institution, PublicKey card, Bytes signature) {
        boolean fits = card.getAlgorithm().equals("RSA")
                && Crypto.verifies("SHA256withRSA", card, toSign(institution), signature);
        if (!fits) {
            throw Refusal.of("card-id-unfit", "このカードの署名からIDを作れません", "This signature makes no card ID");
        }
        return signature.sha256();
    }
}
