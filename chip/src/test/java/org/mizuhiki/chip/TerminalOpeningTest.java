package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Reception.ADMINISTRATOR;
import static org.mizuhiki.chip.Reception.CLINIC;
import static org.mizuhiki.chip.Reception.OTHER;
import static org.mizuhiki.chip.Reception.PATIENT;
import static org.mizuhiki.chip.Reception.service;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// A stolen, moved or unplugged terminal is of no use: its element does nothing for an institution until
/// its service or its administrator opens it.
@Tag("H5")
class TerminalOpeningTest {
    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    private static String begin(Reception reception) {
        return refused(() -> reception.begin(PATIENT));
    }

    @Test
    void anElementThatIsNotOpenedAuthenticatesNobody() {
        var reception = Reception.fresh();
        assertEquals("terminal-not-permitted", begin(reception));
        reception.enrolled();
        assertEquals("terminal-not-permitted", begin(reception));
        reception.anchor();
        assertEquals("terminal-not-permitted", begin(reception), "an anchor does not open");
        reception.element.open(service());
        var evidence = reception.receive(PATIENT);
        reception.element.close();
        assertEquals("terminal-not-permitted", begin(reception));
        assertEquals(
                "terminal-not-permitted",
                refused(() -> reception.element.visits().cardId()));
        evidence.verify(reception.key());
    }

    @Test
    void nobodysElementReceivesNobody() {
        var reception = Reception.fresh();
        reception.element.open(service());
        assertEquals("terminal-sealed", begin(reception));
    }

    @Test
    void thePowerClosesAndTheKeysStay() {
        var reception = Reception.open();
        var key = reception.institutionKey();
        reception.powerOffAndOn();
        assertEquals(TerminalElement.Opened.CLOSED, reception.element.view().opened());
        assertEquals("terminal-not-permitted", begin(reception));
        reception.element.open(0, ADMINISTRATOR::sign);
        assertEquals(
                TerminalElement.Opened.BY_ADMINISTRATOR,
                reception.element.view().opened());
        reception.receive(PATIENT).verify(reception.key());
        assertEquals(key, reception.institutionKey());
    }

    @Test
    void anAdministratorsCardMayBeElliptic() {
        var reception = Reception.open();
        var administrator = HolderCard.elliptic();
        administrator.pin();
        reception.element.register(3, administrator.key(), service());
        reception.powerOffAndOn();
        reception.element.open(3, administrator::sign);
        reception.receive(PATIENT).verify(reception.key());
    }

    @Test
    void whatIsMovedOnlyTheServiceOpens() {
        var reception = Reception.open();
        reception.element.seal();
        assertTrue(reception.element.view().sealed());
        assertEquals("terminal-not-permitted", begin(reception));
        assertEquals("terminal-sealed", refused(() -> reception.element.open(0, ADMINISTRATOR::sign)));
        reception.powerOffAndOn();
        assertEquals("terminal-sealed", refused(() -> reception.element.open(0, ADMINISTRATOR::sign)));
        reception.element.open(service());
        assertFalse(reception.element.view().sealed());
        reception.receive(PATIENT).verify(reception.key());
    }

    @Test
    void othersOpenNothing() {
        var reception = Reception.open();
        reception.element.close();
        var stranger = Factory.signer(Factory.pair());
        OTHER.pin();
        var element = reception.element;
        assertEquals("terminal-not-permitted", refused(() -> element.open(stranger)));
        assertEquals("terminal-not-permitted", refused(() -> element.open(0, OTHER::sign)));
        assertEquals("terminal-administrator-unknown", refused(() -> element.open(1, ADMINISTRATOR::sign)));
        element.remove(0, service());
        assertEquals("terminal-administrator-unknown", refused(() -> element.open(0, ADMINISTRATOR::sign)));
        assertEquals("terminal-not-permitted", refused(() -> element.register(0, OTHER.key(), stranger)));
        assertEquals(TerminalElement.Opened.CLOSED, element.view().opened());
    }

    @Test
    void noSignatureOpensTwice() {
        var element = Reception.open().element;
        var heard = new ArrayList<Bytes>();
        element.open(content -> heard(heard, service().apply(content)));
        element.open(0, content -> heard(heard, ADMINISTRATOR.sign(content)));
        element.close();
        assertEquals("terminal-not-permitted", refused(() -> element.open(content -> heard.get(0))));
        assertEquals("terminal-not-permitted", refused(() -> element.open(0, content -> heard.get(1))));
        assertEquals(TerminalElement.Opened.CLOSED, element.view().opened());
    }

    private static Bytes heard(List<Bytes> all, Bytes signature) {
        all.add(signature);
        return signature;
    }

    @Test
    void aChallengeIsUsedUpByTheFirstTry() {
        var element = Reception.open().element;
        var challenge = element.challenge();
        var order = element.view().key().form('S', challenge, Bytes.of((byte) 0x40, (byte) 1, (byte) 0));
        var wrong = Factory.signer(Factory.pair()).apply(order);
        assertEquals("terminal-not-permitted", refused(() -> element.send(0x40, 1, 0, wrong)));
        assertEquals(
                "terminal-state",
                refused(() -> element.send(0x40, 1, 0, service().apply(order))));
    }

    /// A signature for one order, place or element is none for another.
    @Test
    void anOrderIsOneOrderForOneElement() {
        var element = Reception.open().element;
        var elsewhere = Reception.open().element.view().key();
        var place = Bytes.of((byte) 0x4a, (byte) 2, (byte) 0);
        var key = TerminalElement.raw(OTHER.key());
        var otherPlace = service().apply(element.view().key().form('S', element.challenge(), place, key));
        element.stage(key);
        assertEquals("terminal-not-permitted", refused(() -> element.send(0x4a, 3, 0, otherPlace)));
        var otherElement = service().apply(elsewhere.form('S', element.challenge(), place, key));
        element.stage(key);
        assertEquals("terminal-not-permitted", refused(() -> element.send(0x4a, 2, 0, otherElement)));
        var otherKey = service().apply(element.view().key().form('S', element.challenge(), place, key));
        element.stage(TerminalElement.raw(PATIENT.key()));
        assertEquals("terminal-not-permitted", refused(() -> element.send(0x4a, 2, 0, otherKey)));
    }

    @Test
    void whatGoesToAnotherInstitutionKeepsNothingOfTheFirst() {
        var reception = Reception.open();
        var before = reception.institutionKey();
        reception.receive(PATIENT);
        var after = reception.element.enrol("2710000001", service());
        assertNotEquals(before, after.authentication());
        var view = reception.element.view();
        assertEquals("2710000001", view.institution());
        assertTrue(view.sealed() && !view.keyed());
        assertEquals("terminal-not-permitted", begin(reception));
        reception.element.open(service());
        assertEquals("terminal-administrator-unknown", refused(() -> reception.element.open(0, ADMINISTRATOR::sign)));
        assertEquals("terminal-state", refused(() -> reception.element.visits().cardId()), "the last patient's ID");
        var begun = reception.element.visits().begin(PATIENT.challenge());
        assertEquals(
                "card-not-permitted",
                refused(() -> PATIENT.authenticate(CLINIC, before, begun.authentication())),
                "it no longer speaks for the first");
    }

    /// The card was answered in the name of the first institution.
    @Test
    void aVisitThatOneInstitutionBeganIsNotAnothers() {
        var reception = Reception.open();
        var begun = reception.begin(PATIENT);
        var element = reception.element;
        assertEquals("terminal-state", refused(() -> element.enrol("2710000001", service())));
        reception.finish(begun, PATIENT, Optional.empty()).verify(reception.key());
        element.enrol("2710000001", service());
    }

    /// Else a host could have its own key certified in the element's place.
    @Test
    void theInstitutionsKeysAreOfTheElementsMaking() {
        var element = Reception.fresh().element;
        var key = element.view().key();
        var keys = element.enrol(CLINIC, service());
        assertTrue(keys.isMadeBy(key));
        assertFalse(keys.isMadeBy(Reception.fresh().key()));
        var own = Factory.pair().getPublic();
        var later = element.enrol(CLINIC, service());
        var forged = List.of(
                new TerminalElement.InstitutionKeys(CLINIC, keys.challenge(), own, keys.agreement(), keys.proof()),
                new TerminalElement.InstitutionKeys(CLINIC, keys.challenge(), keys.authentication(), own, keys.proof()),
                new TerminalElement.InstitutionKeys(
                        "2710000001", keys.challenge(), keys.authentication(), keys.agreement(), keys.proof()),
                new TerminalElement.InstitutionKeys(
                        CLINIC, later.challenge(), keys.authentication(), keys.agreement(), keys.proof()));
        forged.forEach(other -> assertFalse(other.isMadeBy(key)));
    }

    @Test
    void aSecretSealedForAnotherElementIsRefused() {
        var reception = Reception.fresh();
        var elsewhere = Reception.fresh();
        var keys = reception.element.enrol(CLINIC, service());
        var sealed = Reception.shared().sealed(elsewhere.key(), keys.agreement(), Cards.DIE);
        assertEquals("terminal-secret-broken", refused(() -> reception.element.share(sealed, service())));
        var good = Reception.shared()
                .sealed(reception.key(), keys.agreement(), Cards.DIE)
                .toArray();
        for (int at : new int[] {1, 64, 65, 96, 97, 128}) {
            var bent = good.clone();
            bent[at] ^= 1;
            assertEquals("terminal-secret-broken", refused(() -> reception.element.share(Bytes.of(bent), service())));
        }
        assertFalse(reception.element.view().keyed());
        reception.element.share(Bytes.of(good), service());
        assertTrue(reception.element.view().keyed());
    }

    /// An administrator can open a stolen terminal offline only for so long.
    @Test
    void offlineAnElementReceivesSoManyVisits() {
        var reception = Reception.open();
        reception.powerOffAndOn();
        reception.element.open(0, ADMINISTRATOR::sign);
        for (int i = 0; i < Reception.QUOTA; i++) {
            reception.receive(PATIENT);
        }
        assertEquals("terminal-state", begin(reception));
        reception.powerOffAndOn();
        reception.element.open(0, ADMINISTRATOR::sign);
        assertEquals("terminal-state", begin(reception), "the power does not fill the reserve");
        reception.anchor();
        reception.receive(PATIENT).verify(reception.key());
    }
}
