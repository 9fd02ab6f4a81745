package org.mizuhiki.registration;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// The chip of a device, as far as registration needs it (seed 003, D.5 and D.8): two tiers with a key
/// each, made inside and used inside.
public interface Chip {
    /// A tier of the chip.
    enum Tier {
        /// Authenticates the chip and manages what is on it: the device certificate.
        DEVICE("1"),
        /// The right to use a service: the service certificate.
        SERVICE("2");

        private final String text;

        Tier(String text) {
            this.text = text;
        }

        String text() {
            return text;
        }
    }

    /// Makes a P-256 key in a tier; a key that was made before and has no certificate yet is kept, so that
    /// a lost answer costs no key.
    ///
    /// @throws org.mizuhiki.house.Refusal `chip-loaded` when the tier has a certificate
    PublicKey generate(Tier tier);

    /// ECDSA with SHA-256, DER.
    ///
    /// @throws org.mizuhiki.house.Refusal `chip-empty` without a key in this tier
    Bytes sign(Tier tier, Bytes content);

    /// Keeps the certificate of a tier's key; loading the same again changes nothing.
    ///
    /// @param chain own first
    /// @throws org.mizuhiki.house.Refusal `certificate-not-mine`, `chip-empty`
    void load(Tier tier, List<X509Certificate> chain);

    Optional<X509Certificate> loaded(Tier tier);

    /// Empties a tier for a new key, when its certificate was withdrawn.
    void clear(Tier tier);
}
