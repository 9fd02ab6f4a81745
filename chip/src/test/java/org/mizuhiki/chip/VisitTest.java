package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Reception.CLINIC;
import static org.mizuhiki.chip.Reception.OTHER;
import static org.mizuhiki.chip.Reception.PATIENT;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// What the element says to a card and the card to the element is of one visit, or it is refused.
@Tag("H7")
class VisitTest {
    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void aVisitBindsBothAuthentications() {
        for (var card : List.of(PATIENT, HolderCard.elliptic())) {
            var reception = Reception.open();
            var anchor = reception.anchor();
            var evidence = reception.receive(card);
            assertEquals(card.key(), evidence.verify(reception.key()).getPublicKey());
            assertEquals(CLINIC, evidence.bound().institution());
            assertEquals(VisitEvidence.Mode.INSTITUTION, evidence.mode());
            assertEquals(anchor.stamp().imprint(), evidence.bound().anchor());
            assertEquals(evidence.bound().life() + 1, evidence.stamp().life());
        }
    }

    @Test
    void yesterdaysSignatureOfTheCardIsRefused() {
        var reception = Reception.open();
        var yesterday = reception.receive(PATIENT);
        var begun = reception.begin(PATIENT);
        var replayed = Optional.of(yesterday.signature());
        assertEquals("terminal-not-permitted", refused(() -> reception.finish(begun, PATIENT, replayed)));
    }

    @Test
    void theCardsSignatureIsLookedAtOnce() {
        var reception = Reception.open();
        var begun = reception.begin(PATIENT);
        var garbage = Optional.of(Bytes.of(new byte[256]));
        assertEquals("terminal-not-permitted", refused(() -> reception.finish(begun, PATIENT, garbage)));
        assertEquals("terminal-state", refused(() -> reception.finish(begun, PATIENT, Optional.empty())));
        var evidence = reception.receive(abandonedFirst(reception, begun));
        assertEquals("terminal-state", refused(() -> reception.finish(begun, PATIENT, Optional.empty())), "finished");
        evidence.verify(reception.key());
    }

    private static HolderCard abandonedFirst(Reception reception, Visits.Begun begun) {
        assertEquals("terminal-sealed", refused(() -> reception.begin(PATIENT)), "one visit at a time");
        assertTrue(reception.element.visits().abandon(begun).isGenuine(reception.key(), VisitEvidence.NO_ANCHOR));
        return PATIENT;
    }

    @Test
    void anotherVisitsPartsAreRefused() {
        var reception = Reception.open();
        var first = reception.begin(PATIENT);
        reception.element.visits().abandon(first);
        var second = reception.begin(PATIENT);
        var forFirst = Optional.of(PATIENT.sign(first.toSign()));
        assertEquals("terminal-not-permitted", refused(() -> reception.finish(second, PATIENT, forFirst)), "reordered");
        reception.element.visits().abandon(second);
        var challenge = PATIENT.challenge();
        assertNotEquals(second.bound().challenge(), challenge.sha256());
        assertEquals(
                "card-not-permitted",
                refused(() -> PATIENT.authenticate(CLINIC, reception.institutionKey(), second.authentication())),
                "an answer to a challenge of before");
    }

    @Test
    void aSwappedCardIsRefused() {
        var reception = Reception.open();
        var begun = reception.begin(PATIENT);
        assertEquals(
                "card-not-permitted",
                refused(() -> {
                    OTHER.challenge();
                    OTHER.authenticate(CLINIC, reception.institutionKey(), begun.authentication());
                }),
                "the answer was for another card");
        OTHER.pin();
        var others = Optional.of(OTHER.sign(begun.toSign()));
        assertEquals("terminal-not-permitted", refused(() -> reception.finish(begun, PATIENT, others)));
    }

    @Test
    void anAbsentCardAndAnotherTerminalsCardAreRefused() {
        var reception = Reception.open();
        var elsewhere = Reception.open();
        var here = reception.begin(PATIENT);
        var there = elsewhere.begin(OTHER);
        var relayed = Optional.of(OTHER.sign(there.toSign()));
        assertEquals(
                "terminal-not-permitted", refused(() -> reception.finish(here, OTHER, relayed)), "another's visit");
        elsewhere.finish(there, OTHER, relayed).verify(elsewhere.key());
        var visits = reception.element.visits();
        visits.abandon(here);
        assertEquals("terminal-state", refused(() -> reception.finish(here, PATIENT, Optional.empty())), "none begun");
        var begun = reception.begin(PATIENT);
        assertEquals("terminal-state", refused(() -> reception.finish(begun, PATIENT, Optional.of(Bytes.of()))));
        assertEquals("terminal-state", refused(visits::cardId), "no card has signed");
    }

    @Test
    void aVisitLiesBetweenTwoAnchors() {
        var reception = Reception.open();
        var begun = reception.begin(PATIENT);
        assertEquals("visit-unfinished", refused(reception::anchor));
        reception.finish(begun, PATIENT, Optional.empty()).verify(reception.key());
        reception.anchor();
    }

    @Test
    void aVisitEndsWithThePower() {
        var reception = Reception.open();
        var begun = reception.begin(PATIENT);
        reception.powerOffAndOn();
        reception.element.open(Reception.service());
        assertFalse(reception.element.view().unfinished());
        assertEquals("terminal-state", refused(() -> reception.finish(begun, PATIENT, Optional.empty())));
        assertEquals(VisitEvidence.NO_ANCHOR, reception.receive(PATIENT).bound().anchor());
    }

    @Test
    void theModeIsRecorded() {
        var reception = Reception.open();
        var begun = reception.element.visits().beginByPin(PATIENT.challenge());
        assertEquals(0, begun.authentication().size(), "the element says nothing to a card opened by PIN");
        PATIENT.pin();
        var evidence = reception.finish(begun, PATIENT, Optional.empty());
        evidence.verify(reception.key());
        assertEquals(VisitEvidence.Mode.PIN, evidence.mode());
        var embellished = new VisitEvidence(
                evidence.bound(),
                VisitEvidence.Mode.INSTITUTION,
                evidence.certificate(),
                evidence.signature(),
                evidence.stamp());
        assertEquals("visit-forged", refused(() -> embellished.verify(reception.key())));
    }
}
