package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Factory.MANAGER;
import static org.mizuhiki.chip.Factory.MANUFACTURER;
import static org.mizuhiki.chip.Factory.PROVIDER_A;
import static org.mizuhiki.chip.Factory.PROVIDER_B;
import static org.mizuhiki.chip.Factory.SERVICE_A;
import static org.mizuhiki.chip.Factory.code;
import static org.mizuhiki.chip.Factory.signer;

import java.security.KeyPair;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;

/// The e-Key of seed 003, D.5 and D.8, and table A.1.
@Tag("N7")
class EKeyTest {
    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    private static void order(EKey key, ChipOrder order) {
        key.order(order, Optional.empty(), signer(MANAGER));
    }

    private static void deliver(EKey key, KeyPair by, int version, String text) {
        var content = Bytes.utf8(text);
        var form = EKeyForms.content(key.view().chip(), SERVICE_A, EKey.Content.CONNECTION, version, content);
        key.deliver(
                1,
                code(1),
                EKey.Content.CONNECTION,
                version,
                content,
                signer(by).apply(form));
    }

    @Test
    @Tag("D16")
    void deviceInformationIsTheManufacturersAndWrittenOnce() {
        var key = EKey.on(Factory.blank());
        assertFalse(key.view().personalised());
        var information = EKeyForms.information(MANAGER.getPublic(), "serial 1");
        var form = EKeyForms.personalisation(key.view().chip(), information);
        assertEquals(
                "chip-not-permitted",
                refused(() -> key.personalise(information, signer(MANAGER).apply(form))));
        var other = EKey.on(Factory.blank()).view().chip();
        assertEquals(
                "chip-not-permitted",
                refused(() -> key.personalise(
                        information, signer(MANUFACTURER).apply(EKeyForms.personalisation(other, information)))),
                "another chip's information");
        key.personalise(information, signer(MANUFACTURER).apply(form));
        assertTrue(key.view().personalised());
        assertEquals(information, key.information());
        assertThrows(
                Refusal.class,
                () -> key.personalise(information, signer(MANUFACTURER).apply(form)));
        assertEquals(information, key.information());
    }

    @Test
    void anUnpersonalisedChipDoesNothingElse() {
        var key = EKey.on(Factory.blank());
        assertEquals("chip-state", refused(() -> key.prove(Bytes.of(new byte[32]))));
        assertEquals("chip-state", refused(key::receipt));
    }

    @Test
    void tierOneProvesTheChipAndItsKey() {
        var key = Factory.equipped(Factory.blank());
        var nonce = Bytes.of(Arrays.copyOf(new byte[] {1, 2, 3}, 32));
        var identity = key.view().identity();
        var none = Bytes.of(new byte[65]);
        var unnamed = Bytes.of(new byte[16]);
        assertTrue(EKeyForms.isProof(identity, nonce, 0, none, unnamed, key.prove(nonce)));
        var point = Points.point(key.slot(0, code(0)).generate());
        var proof = key.prove(nonce);
        assertTrue(EKeyForms.isProof(identity, nonce, 0, point, unnamed, proof));
        assertFalse(EKeyForms.isProof(identity, nonce, 1, point, unnamed, proof));
        assertFalse(EKeyForms.isProof(identity, nonce, 0, none, unnamed, proof));
        assertFalse(EKeyForms.isProof(identity, Bytes.of(new byte[32]), 0, point, unnamed, proof));
        assertFalse(EKeyForms.isProof(identity, nonce, 0, point, SERVICE_A, proof));
        var stranger = EKey.on(Factory.blank()).view().identity();
        assertFalse(EKeyForms.isProof(stranger, nonce, 0, point, unnamed, proof));
    }

    @Test
    void aSuspendedSlotServesNobodyAndIsUntouchedWhenResumed() {
        var key = Factory.equipped(Factory.blank());
        var slot = key.slot(1, code(1));
        var made = slot.generate();
        order(key, ChipOrder.suspend(1, SERVICE_A));
        assertEquals("chip-slot-suspended", refused(() -> slot.sign(Bytes.utf8("x"))));
        assertTrue(key.view().slots().get(1).suspended());
        key.slot(2, code(2)).generate();
        order(key, ChipOrder.resume(1, SERVICE_A));
        assertTrue(Crypto.verifies(made, Bytes.utf8("x"), slot.sign(Bytes.utf8("x"))));
    }

    @Test
    void aDeletedServiceLeavesNothingToTheNext() {
        var key = Factory.equipped(Factory.blank());
        var slot = key.slot(1, code(1));
        var made = slot.generate();
        slot.store(List.of(Factory.certificate(made)));
        deliver(key, PROVIDER_A, 5, "secret route");
        var untouched = key.slot(2, code(2)).generate();
        assertEquals("chip-slot-unknown", refused(() -> order(key, ChipOrder.remove(7, SERVICE_A))));
        assertEquals(EKey.SlotState.CERTIFIED, key.view().slots().get(1).state());
        order(key, ChipOrder.remove(1, SERVICE_A));
        assertEquals(EKey.SlotState.FREE, key.view().slots().get(1).state());
        assertEquals("chip-state", refused(() -> slot.sign(Bytes.utf8("x"))));
        var again = ChipOrder.install(1, PROVIDER_B.getPublic(), SERVICE_A);
        key.order(again, Optional.of(code(4)), signer(MANAGER));
        var next = key.slot(1, code(4));
        assertEquals(List.of(), next.chain());
        assertEquals(0, key.connection(1, code(4)).size());
        assertFalse(made.equals(next.generate()));
        assertEquals(untouched, key.slot(2, code(2)).publicKey().orElseThrow());
    }

    @Test
    void connectionInformationIsTheProvidersAndNeverGoesBack() {
        var key = Factory.equipped(Factory.blank());
        key.slot(1, code(1)).generate();
        deliver(key, PROVIDER_A, 2, "centre 192.0.2.1");
        assertEquals("chip-not-permitted", refused(() -> deliver(key, PROVIDER_B, 3, "centre 203.0.113.9")));
        assertEquals("chip-slot-suspended", refused(() -> deliver(key, PROVIDER_A, 2, "old")));
        assertEquals("chip-slot-suspended", refused(() -> deliver(key, PROVIDER_A, 1, "older")));
        assertEquals(Bytes.utf8("centre 192.0.2.1"), key.connection(1, code(1)));
        var long_ = "x".repeat(2048);
        deliver(key, PROVIDER_A, 300, long_);
        assertEquals(Bytes.utf8(long_), key.connection(1, code(1)));
        assertEquals("chip-code-wrong", refused(() -> key.connection(1, code(2))));
    }

    @Test
    void aBlockedSlotIsUnblockedByTheManagerWithANewCode() {
        var key = Factory.equipped(Factory.blank());
        var made = key.slot(1, code(1)).generate();
        for (int i = 0; i < 5; i++) {
            assertEquals("chip-code-wrong", refused(() -> key.slot(1, code(9)).generate()));
        }
        assertEquals("chip-code-blocked", refused(() -> key.slot(1, code(1)).generate()));
        key.order(ChipOrder.unblock(1, SERVICE_A), Optional.of(code(7)), signer(MANAGER));
        assertEquals(made, key.slot(1, code(7)).generate());
    }

    @Test
    void aServiceCannotHaveTheChipsOwnWordsSigned() {
        var key = Factory.equipped(Factory.blank());
        var slot = key.slot(1, code(1));
        slot.generate();
        var form = EKeyForms.personalisation(key.view().chip(), Bytes.utf8("forged"));
        assertEquals("chip-form-refused", refused(() -> slot.sign(form)));
    }

    @Test
    void anOpenSlotGivesNoWayIntoAnother() {
        var card = Factory.blank();
        var key = Factory.equipped(card);
        key.slot(1, code(1)).generate();
        key.slot(2, code(2)).generate();
        assertEquals("9000", send(card, "80200200" + "10" + "63".repeat(16)));
        for (var attempt : List.of(
                "802a01000378797a",
                "8047010000",
                "80460100",
                "804c0100",
                "804a0100",
                "80b001010200" + "00",
                "80b001020200" + "00",
                "80440101030000aa",
                "8048010122" + "00".repeat(34),
                "8088010020" + "00".repeat(32))) {
            assertEquals("6982", send(card, attempt), attempt);
        }
        card.reset();
        EKey.on(card);
        assertEquals("6982", send(card, "802a02000378797a"), "after a reset nothing is open");
    }

    private static String send(SoftCard card, String command) {
        return HexFormat.of().formatHex(card.transmit(Cards.hex(command)));
    }
}
