package org.mizuhiki.chip;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// Visits at a terminal: what the element says to a card and the card to the element is bound by the
/// element's counter. One visit at a time; one that comes to nothing is abandoned, and the element signs
/// that too, so that its counts stay without gaps.
public final class Visits {
    private static final int BEGIN = 0x56;
    private static final int FINISH = 0x58;
    private static final int ABANDON = 0x5a;
    private static final int CARD_ID = 0x5c;
    private static final int RSA = 1;
    private static final int P256 = 2;
    private static final int TOLD = 64;

    private final TerminalElement element;

    Visits(TerminalElement element) {
        this.element = element;
    }

    /// C3. The element answers the card's challenge as its institution.
    ///
    /// @param challenge of the card, 16 bytes
    /// @throws Refusal `terminal-not-permitted` when the element is not opened; `terminal-state` when its
    ///     stamps are used up; `terminal-sealed` when a visit is unfinished
    public Begun begin(Bytes challenge) {
        return begin(VisitEvidence.Mode.INSTITUTION, challenge);
    }

    /// For a card that its holder opens by PIN; the element says nothing to it.
    ///
    /// @param challenge of the card or 16 fresh bytes
    public Begun beginByPin(Bytes challenge) {
        return begin(VisitEvidence.Mode.PIN, challenge);
    }

    private Begun begin(VisitEvidence.Mode mode, Bytes challenge) {
        var raw = element.send(BEGIN, mode.number(), 0, challenge).toArray();
        var view = element.view();
        var bound = new VisitEvidence.Bound(
                view.institution(),
                TickStamps.unsigned(raw, 0, 8),
                TickStamps.unsigned(raw, 8, 8),
                TerminalElement.part(raw, 16, 32),
                challenge.sha256(),
                TerminalElement.digest(raw, 32));
        return new Begun(view.key(), mode, bound, TerminalElement.part(raw, TOLD, raw.length));
    }

    /// A visit that waits for its card.
    ///
    /// @param authentication C4: what EXTERNAL AUTHENTICATE carries; empty for a card opened by PIN
    public record Begun(ElementKey key, VisitEvidence.Mode mode, VisitEvidence.Bound bound, Bytes authentication) {
        /// C5: what the card signs, with its authentication key and SHA-256.
        public Bytes toSign() {
            return bound.toSign(key);
        }
    }

    /// C6 and C7: has the card sign; the element looks at the signature once, and signs that it saw it.
    ///
    /// @param card gets [Begun#toSign]
    /// @throws Refusal `terminal-not-permitted` when this is not the card's signature for this very visit
    public VisitEvidence finish(Begun begun, X509Certificate certificate, Function<Bytes, Bytes> card) {
        var signature = card.apply(begun.toSign());
        var key = TerminalElement.raw(certificate.getPublicKey());
        element.stage(EKey.joined(key, signature));
        var encoded = encoded(certificate);
        var raw = element.send(
                FINISH,
                key.size() == 65 ? P256 : RSA,
                0,
                Bytes.of(encoded.sha256().toArray()));
        return new VisitEvidence(begun.bound(), begun.mode(), encoded, signature, TickStamps.read(raw.toArray()));
    }

    private static Bytes encoded(X509Certificate certificate) {
        try {
            return Bytes.of(certificate.getEncoded());
        } catch (CertificateEncodingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    /// What the element says of a visit that was begun and came to nothing.
    public AbandonedVisit abandon(Begun begun) {
        var raw = element.send(ABANDON, 0, 0, Bytes.of()).toArray();
        return new AbandonedVisit(
                begun.bound().institution(), begun.bound().life(), begun.bound().count(), TickStamps.read(raw));
    }

    /// The medical card ID of the card whose visit was finished last: of the institution, whose terminals
    /// share K_inst.
    ///
    /// @throws Refusal `terminal-state` without such a card, or without K_inst
    public Digest cardId() {
        return TerminalElement.digest(element.send(CARD_ID, 0, 0, Bytes.of()).toArray(), 0);
    }

    /// The same, another at each terminal.
    public Digest terminalCardId() {
        return TerminalElement.digest(element.send(CARD_ID, 1, 0, Bytes.of()).toArray(), 0);
    }
}
