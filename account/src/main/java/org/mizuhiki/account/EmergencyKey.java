package org.mizuhiki.account;

import java.util.Map;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;

/// A patient's sealing key for emergencies (docs/flows/emergency.md): derived of what the patient's card signs
/// and what the key server adds, and of nothing else; it is on no disk. It is no way to the account: the master
/// key, the keyring and what they sign stay out of reach of who has it.
///
/// @param opener of letters' keys that the patient's device closed for it
/// @param token what the store asks for before it lets anybody fetch
public record EmergencyKey(Opener.XWing opener, Bytes token) implements AutoCloseable {
    /// What the card signs: for this patient and this permission, always the same.
    ///
    /// @param nonce of what the patient allows: after another one the old signature gives nothing
    public static Bytes challenge(PersonId patient, String nonce) {
        return Canonical.of(Map.of("purpose", "mizuhiki emergency v1 card", "person", patient.value(), "nonce", nonce))
                .encode();
    }

    /// The key, and the card that it is of.
    ///
    /// @param certificate SHA-256 of the certificate of the card's key
    public record OfCard(EmergencyKey key, Digest certificate) implements AutoCloseable {
        @Override
        public void close() {
            key.close();
        }
    }

    /// At the patient's own device.
    ///
    /// @param card to which its PIN was shown
    /// @param share the key server's part
    /// @throws Refusal `card-unfit`, and those of [NationalCard#sign]
    public static OfCard make(NationalCard card, PersonId patient, String nonce, Bytes share, Seals seals) {
        try (var signed = CardSignature.always(card, Credential.AUTHENTICATION, challenge(patient, nonce))) {
            return new OfCard(of(signed.signature(), patient, nonce, share, seals), signed.certificate());
        }
    }

    /// @param signature the card's over [#challenge]
    public static EmergencyKey of(Secret signature, PersonId patient, String nonce, Bytes share, Seals seals) {
        var context = Map.of("person", patient.value(), "nonce", nonce);
        try (var whole = Derivation.joined(signature, share.toArray());
                var token = Derivation.derive(whole, "emergency-token", context)) {
            return new EmergencyKey(
                    seals.readerKey(Derivation.derive(whole, "emergency-key", context)), token.lend(Bytes::of));
        }
    }

    /// Says nothing of what it holds.
    @Override
    public String toString() {
        return "EmergencyKey[" + opener.keyId() + "]";
    }

    @Override
    public void close() {
        opener.seed().close();
    }
}
