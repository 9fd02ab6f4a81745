package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.NationalCard.Credential.AUTHENTICATION;
import static org.mizuhiki.chip.Reception.CLINIC;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A visit between the two applets, the terminal's element and the simulated national ID card, with nothing
/// but bytes between them.
@Tag("H7")
class WholeVisitTest {
    private final Reception reception = Reception.open();
    private final NationalCard card = NationalCard.on(Town.card());

    private void present() {
        var certificate = InstitutionForms.certificate(CLINIC, reception.institutionKey());
        card.present(certificate, Factory.signer(Town.ROOT).apply(certificate));
    }

    private Visits.Begun begin() {
        present();
        return reception.element.visits().begin(card.challenge());
    }

    private VisitEvidence finish(Visits.Begun begun) {
        return reception
                .element
                .visits()
                .finish(begun, card.certificate(AUTHENTICATION), x -> card.sign(AUTHENTICATION, x.sha256()));
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void aPatientIsReceivedWithoutPin() {
        var opening = reception.anchor();
        var begun = begin();
        card.authenticate(begun.authentication());
        var evidence = finish(begun);
        var closing = reception.anchor();
        assertEquals(card.certificate(AUTHENTICATION), evidence.verify(reception.key()));
        assertTrue(DateStamps.prove(reception.key(), opening, List.of(evidence), closing)
                .date()
                .isPresent());
        var id = reception.element.visits().cardId();
        assertEquals(Reception.shared().cardId(card.certificate(AUTHENTICATION).getPublicKey()), id);
        assertEquals(3, card.tries(AUTHENTICATION), "no PIN was shown");
    }

    @Test
    void aPatientMayShowThePinInstead() {
        var fresh = new byte[16];
        Cards.DIE.nextBytes(fresh);
        var begun = reception.element.visits().beginByPin(Bytes.of(fresh));
        card.verify(AUTHENTICATION, Town.pin());
        var evidence = finish(begun);
        evidence.verify(reception.key());
        assertEquals(VisitEvidence.Mode.PIN, evidence.mode());
    }

    @Test
    void theCardSignsOnlyAfterThisElementsAnswerToThisChallenge() {
        var begun = begin();
        assertEquals("card-not-permitted", refused(() -> finish(begun)));
        reception.element.visits().abandon(begun);
        var again = begin();
        assertEquals("card-not-permitted", refused(() -> card.authenticate(begun.authentication())), "replayed");
        var elsewhere = Reception.open().element.visits().begin(card.challenge());
        assertEquals(
                "card-not-permitted", refused(() -> card.authenticate(elsewhere.authentication())), "another's key");
        reception.element.visits().abandon(again);
    }

    /// The seed's ID is made of a signature that the card gives once it believes the institution.
    @Test
    void theSeedsCardIdCanBeHad() {
        var begun = begin();
        card.authenticate(begun.authentication());
        var signature =
                card.sign(AUTHENTICATION, FixedMessageCardId.toSign(CLINIC).sha256());
        var key = card.certificate(AUTHENTICATION).getPublicKey();
        assertEquals(signature.sha256(), FixedMessageCardId.of(CLINIC, key, signature));
        finish(begun).verify(reception.key());
    }
}
