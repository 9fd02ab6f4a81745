package org.mizuhiki.chip;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// One key of a secure element, and the certificate for it. All methods may refuse with `chip-code-wrong`
/// (the refusal's words say how many tries are left), `chip-code-blocked`, `chip-slot-suspended`.
public interface KeySlot {
    /// Makes a P-256 key; one that has no certificate yet is kept, so that a lost answer costs no key.
    ///
    /// @throws org.mizuhiki.house.Refusal `chip-loaded` when there is a certificate
    PublicKey generate();

    Optional<PublicKey> publicKey();

    /// ECDSA with SHA-256, DER.
    ///
    /// @throws org.mizuhiki.house.Refusal `chip-empty` without a key, `chip-form-refused` for content that
    ///     could be taken for a statement of the element itself
    Bytes sign(Bytes content);

    /// Keeps the certificate of this slot's key; the same again changes nothing.
    ///
    /// @param chain own first
    /// @throws org.mizuhiki.house.Refusal `chip-empty`, `certificate-not-mine`, `certificate-too-large`
    void store(List<X509Certificate> chain);

    /// Own first; empty without a certificate.
    List<X509Certificate> chain();

    /// The element's own proof that this slot's key lies in it, if it is one that can prove that.
    ///
    /// @param nonce 32 bytes of the asker's
    default Optional<ChipProof> prove(Bytes nonce) {
        return Optional.empty();
    }

    /// Forgets key and certificate.
    void clear();
}
