package org.mizuhiki.chip;

import java.security.KeyPair;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;

/// A terminal at an institution's reception with its service, which signs what it is asked to; and how a
/// patient is received there.
final class Reception {
    static final KeyPair SERVICE = Factory.pair();
    static final String CLINIC = "1311234567";
    static final int QUOTA = 20;
    static final Instant MORNING = Instant.parse("2026-11-22T00:00:00Z");
    static final HolderCard PATIENT = HolderCard.rsa();
    static final HolderCard OTHER = HolderCard.rsa();
    static final HolderCard ADMINISTRATOR = administrator();
    private static final byte[] SHARED = new byte[32];

    static {
        Cards.DIE.nextBytes(SHARED);
    }

    final CardChannel line;
    final TerminalElement element;
    private PublicKey institutionKey = SERVICE.getPublic();
    private Instant time = MORNING;

    private Reception(CardChannel line) {
        this.line = line;
        element = TerminalElement.on(line);
    }

    private static HolderCard administrator() {
        var card = HolderCard.rsa();
        card.pin();
        return card;
    }

    static Function<Bytes, Bytes> service() {
        return Factory.signer(SERVICE);
    }

    static InstitutionSecret shared() {
        return new InstitutionSecret(Secret.taking(SHARED.clone()));
    }

    /// An element as its factory made it.
    static Reception fresh() {
        return over(CardLine.terminal(QUOTA));
    }

    static Reception over(CardChannel line) {
        return new Reception(line);
    }

    /// Enrolled, with K_inst and an administrator, sealed.
    Reception enrolled() {
        var keys = element.enrol(CLINIC, service());
        institutionKey = keys.authentication();
        element.share(shared().sealed(element.view().key(), keys.agreement(), Cards.DIE), service());
        element.register(0, ADMINISTRATOR.key(), service());
        return this;
    }

    /// Enrolled, opened online, with an anchor.
    static Reception open() {
        var reception = fresh().enrolled();
        reception.element.open(service());
        reception.anchor();
        return reception;
    }

    PublicKey institutionKey() {
        return institutionKey;
    }

    ElementKey key() {
        return element.view().key();
    }

    CardLine card() {
        return (CardLine) line;
    }

    void powerOffAndOn() {
        line.reset();
        TerminalElement.on(line);
    }

    Bytes asked() {
        time = time.plusSeconds(60);
        var nonce = new byte[16];
        Cards.DIE.nextBytes(nonce);
        return TickStamps.asked(Bytes.of(nonce), time);
    }

    DateStamps.Anchor anchor() {
        var asked = asked();
        var stamp = element.stamps().anchor(asked, service().apply(key().toSign(asked)));
        return new DateStamps.Anchor(asked, stamp, time.plusSeconds(1));
    }

    /// C1 to C4.
    Visits.Begun begin(HolderCard card) {
        var begun = element.visits().begin(card.challenge());
        card.authenticate(CLINIC, institutionKey, begun.authentication());
        return begun;
    }

    VisitEvidence receive(HolderCard card) {
        return element.visits().finish(begin(card), card.certificate(), card::sign);
    }

    /// The card's signature for a visit, given to the element under a certificate.
    VisitEvidence finish(Visits.Begun begun, HolderCard certified, Optional<Bytes> signature) {
        return element.visits()
                .finish(begun, certified.certificate(), content -> signature.orElseGet(() -> certified.sign(content)));
    }
}
