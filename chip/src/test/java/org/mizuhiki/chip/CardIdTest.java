package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Reception.CLINIC;
import static org.mizuhiki.chip.Reception.OTHER;
import static org.mizuhiki.chip.Reception.PATIENT;
import static org.mizuhiki.chip.Reception.service;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// By which ID an institution knows a card again, and nobody else does.
@Tag("H10")
class CardIdTest {
    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    private static String idAt(Reception reception, HolderCard card) {
        reception.receive(card);
        return reception.element.visits().cardId().hex();
    }

    @Test
    void aCardHasOneIdAtAllTerminalsOfAnInstitution() {
        var one = Reception.open();
        var another = Reception.open();
        var id = idAt(one, PATIENT);
        assertEquals(id, idAt(one, PATIENT));
        assertEquals(id, idAt(another, PATIENT));
        assertNotEquals(id, idAt(one, OTHER));
        assertEquals(Reception.shared().cardId(PATIENT.key()).hex(), id, "what the service computes for its lists");
    }

    @Test
    void aTerminalMayHaveItsOwn() {
        var one = Reception.open();
        var another = Reception.open();
        idAt(one, PATIENT);
        idAt(another, PATIENT);
        var id = one.element.visits().terminalCardId();
        assertNotEquals(id, another.element.visits().terminalCardId());
        assertNotEquals(id, one.element.visits().cardId());
        assertEquals(Reception.shared().terminalCardId(one.key(), PATIENT.key()), id);
    }

    @Test
    void anotherInstitutionHasAnotherId() {
        var clinic = Reception.open();
        var id = idAt(clinic, PATIENT);
        var secret = new byte[32];
        Cards.DIE.nextBytes(secret);
        var other = new InstitutionSecret(Secret.taking(secret));
        var hospital = Reception.fresh();
        var keys = hospital.element.enrol("2710000001", service());
        hospital.element.share(other.sealed(hospital.key(), keys.agreement(), Cards.DIE), service());
        hospital.element.open(service());
        var begun = hospital.element.visits().begin(PATIENT.challenge());
        PATIENT.authenticate("2710000001", keys.authentication(), begun.authentication());
        hospital.finish(begun, PATIENT, Optional.empty());
        assertNotEquals(id, hospital.element.visits().cardId().hex());
    }

    @Test
    void onlyACardThatHasJustSignedHasAnId() {
        var reception = Reception.open();
        var visits = reception.element.visits();
        assertEquals("terminal-state", refused(visits::cardId));
        var begun = reception.begin(PATIENT);
        var wrong = Optional.of(Bytes.of(new byte[256]));
        assertEquals("terminal-not-permitted", refused(() -> reception.finish(begun, PATIENT, wrong)));
        assertEquals("terminal-state", refused(visits::cardId), "its signature was wrong");
        visits.abandon(begun);
        idAt(reception, PATIENT);
        reception.begin(OTHER);
        assertEquals("terminal-state", refused(visits::cardId), "the next visit has begun");
        reception.powerOffAndOn();
        reception.element.open(service());
        assertEquals("terminal-state", refused(visits::cardId));
    }

    @Test
    void withoutTheSharedSecretThereIsNoId() {
        var reception = Reception.fresh();
        var keys = reception.element.enrol(CLINIC, service());
        reception.element.open(service());
        var begun = reception.element.visits().begin(PATIENT.challenge());
        PATIENT.authenticate(CLINIC, keys.authentication(), begun.authentication());
        reception.finish(begun, PATIENT, Optional.empty()).verify(reception.key());
        assertEquals("terminal-state", refused(reception.element.visits()::cardId));
    }

    /// The list names cards as the institution does; who has the list and not K_inst learns nothing.
    @Test
    void aRevokedCardIsFoundWithoutItsSerialNumber() {
        var revoked = Set.of(Reception.shared().cardId(OTHER.key()));
        var reception = Reception.open();
        reception.receive(OTHER);
        assertTrue(revoked.contains(reception.element.visits().cardId()));
        reception.receive(PATIENT);
        assertFalse(revoked.contains(reception.element.visits().cardId()));
    }

    @Test
    @Tag("H11")
    void aRenewedCardIsLinkedByTheService() {
        var reception = Reception.open();
        reception.receive(PATIENT);
        var before = reception.element.visits().cardId();
        var renewed = HolderCard.elliptic();
        reception.receive(renewed);
        var after = reception.element.visits().cardId();
        assertNotEquals(before, after, "RSA before, ECDSA now");
        var signature = service().apply(CardRenewal.toSign(CLINIC, before, after));
        var statement = new CardRenewal(CLINIC, before, after, signature);
        assertTrue(statement.isSignedBy(Reception.SERVICE.getPublic()));
        assertFalse(statement.isSignedBy(Factory.pair().getPublic()));
        assertFalse(
                new CardRenewal(CLINIC, after, before, signature).isSignedBy(Reception.SERVICE.getPublic()),
                "the other way round");
        assertFalse(new CardRenewal("2710000001", before, after, signature).isSignedBy(Reception.SERVICE.getPublic()));
    }

    @Test
    void theSeedsIdIsMadeOfAFixedMessage() {
        PATIENT.pin();
        var signature = PATIENT.sign(FixedMessageCardId.toSign(CLINIC));
        var id = FixedMessageCardId.of(CLINIC, PATIENT.key(), signature);
        assertEquals(id, FixedMessageCardId.of(CLINIC, PATIENT.key(), PATIENT.sign(FixedMessageCardId.toSign(CLINIC))));
        var hospital = PATIENT.sign(FixedMessageCardId.toSign("2710000001"));
        assertNotEquals(id, FixedMessageCardId.of("2710000001", PATIENT.key(), hospital));
        assertEquals("card-id-unfit", refused(() -> FixedMessageCardId.of(CLINIC, OTHER.key(), signature)));
        assertEquals("card-id-unfit", refused(() -> FixedMessageCardId.of(CLINIC, PATIENT.key(), hospital)));
        var elliptic = HolderCard.elliptic();
        elliptic.pin();
        var other = elliptic.sign(FixedMessageCardId.toSign(CLINIC));
        assertEquals("card-id-unfit", refused(() -> FixedMessageCardId.of(CLINIC, elliptic.key(), other)));
    }
}
