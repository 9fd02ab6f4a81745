package org.mizuhiki.account;

import java.security.interfaces.RSAPublicKey;
import java.util.Map;
import org.mizuhiki.chip.NationalCard;
import org.mizuhiki.chip.NationalCard.Credential;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// What a national ID card makes of this account's challenge: always the same value, which only this card
/// can make. An RSA signature of PKCS#1 v1.5 (RFC 8017, 8.2) has no randomness in it; RSASSA-PSS and ECDSA
/// have, and a card that signs with these is refused: its signatures would open nothing the next time.
///
/// @param certificate SHA-256 of the certificate of the card's key: another card, or the same after its
/// certificates were renewed, needs a slot of its own
public record CardSignature(WayIn.OfCard way, Digest certificate) implements AutoCloseable {
    private static final String ALGORITHM = "SHA256withRSA";
    private static final int LEAST_BITS = 2048;

    /// By the key for signatures, which no institution's terminal may use without its PIN: who had the other
    /// key's signature over this challenge, and every admitted terminal gets those, would have the account.
    ///
    /// @param card to which the PIN for signatures was shown
    /// @throws Refusal `card-unfit`, and those of [NationalCard#sign]
    public static CardSignature of(NationalCard card, PersonId person) {
        var challenge = Canonical.of(Map.of("purpose", "mizuhiki account v1 card", "person", person.value()))
                .encode();
        var signed = always(card, Credential.SIGNATURE, challenge);
        return new CardSignature(new WayIn.OfCard(signed.signature()), signed.certificate());
    }

    /// @param signature a secret of whoever has the card and what the key asks for
    record Always(Secret signature, Digest certificate) implements AutoCloseable {
        @Override
        public void close() {
            signature.close();
        }
    }

    /// @throws Refusal `card-unfit`, and those of [NationalCard#sign]
    static Always always(NationalCard card, Credential key, Bytes challenge) {
        var certificate = card.certificate(key);
        if (!(certificate.getPublicKey() instanceof RSAPublicKey rsa)
                || rsa.getModulus().bitLength() < LEAST_BITS) {
            throw No.cardUnfit(
                    "このカードの鍵（RSA以外）は、毎回同じ署名を作れないため使えません",
                    "This card's key is not RSA: its signatures differ each time and open nothing");
        }
        var first = card.sign(key, challenge.sha256());
        if (!Crypto.verifies(ALGORITHM, rsa, challenge, first)) {
            throw No.cardUnfit("カードの署名が、カードの証明書と合いません", "The card's signature does not fit the certificate on it");
        }
        if (!card.sign(key, challenge.sha256()).equals(first)) {
            throw No.cardUnfit("カードの署名が毎回違うため使えません", "The card signs differently each time; it cannot be used");
        }
        return new Always(Secret.taking(first.toArray()), Digest.of(encoded(certificate)));
    }

    private static byte[] encoded(java.security.cert.X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (java.security.cert.CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }

    Canonical notes() {
        return Canonical.of(Map.of("certificate", certificate.hex()));
    }

    static Bytes share(java.security.SecureRandom die) {
        var share = new byte[org.mizuhiki.keys.Account.SHARE];
        die.nextBytes(share);
        return Bytes.of(share);
    }

    @Override
    public void close() {
        way.close();
    }
}
