package org.mizuhiki.chip;

import java.io.ByteArrayInputStream;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// The evidence of one visit: that a card signed at an opened element of an institution, after this anchor
/// and before whatever the element counted next.
///
/// It does not say that the card lay at the terminal (its commands may have been relayed), and `mode` is
/// what the element was asked for: with INSTITUTION it did authenticate itself to that challenge, but a
/// host could have had the holder's PIN shown besides. Whether the certificate is good is the caller's to
/// check.
///
/// @param certificate DER, of the card's authentication key
/// @param signature the card's, over [Bound#toSign]
/// @param stamp B: the element's
public record VisitEvidence(Bound bound, Mode mode, Bytes certificate, Bytes signature, TickStamps.Stamp stamp)
        implements Counted {
    /// How the card was opened.
    public enum Mode {
        INSTITUTION(1),
        PIN(2);

        private final int number;

        Mode(int number) {
            this.number = number;
        }

        int number() {
            return number;
        }
    }

    /// The anchor of a visit without one: the element was opened offline and met no service since power-on.
    public static final Digest NO_ANCHOR = Digest.ofHash(new byte[32]);

    /// What the card signs (C5): `X ‖ element ‖ institution(16) ‖ c ‖ C ‖ N ‖ H(Rc) ‖ anchor`.
    ///
    /// @param life c: mu when the visit was begun, unsigned
    /// @param count C then, unsigned
    /// @param epoch N
    /// @param challenge SHA-256 of the card's
    /// @param anchor [TickStamps.Stamp#imprint] of the anchor before, or [#NO_ANCHOR]
    public record Bound(String institution, long life, long count, Bytes epoch, Digest challenge, Digest anchor) {
        Bytes toSign(ElementKey element) {
            return element.form(
                    'X',
                    InstitutionForms.name(institution),
                    TickStamps.long64(life),
                    TickStamps.long64(count),
                    epoch,
                    Bytes.of(challenge.toArray()),
                    Bytes.of(anchor.toArray()));
        }
    }

    /// Checks the evidence by itself.
    ///
    /// @return the card's certificate, whose path, purpose and revocation are not checked
    /// @throws Refusal `visit-forged` when a signature is wrong or the parts are not of one visit
    public X509Certificate verify(ElementKey element) {
        // 1. the element: this institution, these counters, this certificate and signature, one power-on
        var content = EKey.joined(
                InstitutionForms.name(bound.institution()),
                TickStamps.long64(bound.life()),
                TickStamps.long64(bound.count()),
                Bytes.of(bound.toSign(element).sha256().toArray()),
                Bytes.of((byte) mode.number()),
                Bytes.of(certificate.sha256().toArray()),
                Bytes.of(signature.sha256().toArray()));
        boolean elements = element.signed('B', content, stamp)
                && stamp.epoch().equals(bound.epoch())
                && Long.compareUnsigned(stamp.life(), bound.life()) > 0;
        // 2. the card: over X, by the key of this certificate
        var card = card();
        if (!elements || !isOf(card.getPublicKey(), bound.toSign(element), signature)) {
            throw forged();
        }
        return card;
    }

    private X509Certificate card() {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(certificate.toArray()));
        } catch (CertificateException e) {
            throw forged();
        }
    }

    static boolean isOf(PublicKey card, Bytes content, Bytes signature) {
        return switch (card.getAlgorithm()) {
            case "RSA" -> Crypto.verifies("SHA256withRSA", card, content, signature);
            case "EC" -> Crypto.verifies(card, content, signature);
            default -> false;
        };
    }

    private static Refusal forged() {
        return Refusal.of("visit-forged", "受診の証拠が正しくありません", "This is no evidence of a visit");
    }

    @Override
    public boolean isGenuine(ElementKey element, Digest anchor) {
        verify(element);
        return bound.anchor().equals(anchor);
    }

    @Override
    public List<Place> places() {
        return List.of(new Place(bound.count(), bound.life()), new Place(stamp.count(), stamp.life()));
    }
}
