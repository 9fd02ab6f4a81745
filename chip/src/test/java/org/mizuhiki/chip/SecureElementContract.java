package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// What every secure element does, whatever stands behind it: each back end runs these.
@Tag("N7")
abstract class SecureElementContract {
    /// A fresh element with the device's slot and services 1 and 2 behind the codes of [Factory#code].
    abstract SecureElement element();

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void aKeyIsMadeInsideAndSignsWhatOthersVerify() {
        try (var element = element()) {
            for (int number = 0; number <= 2; number++) {
                var slot = element.slot(number, Factory.code(number));
                assertEquals(Optional.empty(), slot.publicKey());
                assertEquals("chip-empty", refused(() -> slot.sign(Bytes.utf8("x"))));
                var key = slot.generate();
                assertEquals(key, slot.generate(), "a key without a certificate is kept");
                assertEquals(Optional.of(key), slot.publicKey());
                for (int size : new int[] {0, 1, 7, 8, 255, 256, 1000, 4096}) {
                    var content = Bytes.of(new byte[size]);
                    assertTrue(Crypto.verifies(key, content, slot.sign(content)), "slot " + number + ", " + size);
                }
            }
        }
    }

    @Test
    void aCertificateIsKeptForItsOwnKeyOnly() {
        try (var element = element()) {
            var slot = element.slot(1, Factory.code(1));
            var foreign = Factory.certificate(Factory.CA.getPublic());
            assertEquals("chip-empty", refused(() -> slot.store(List.of(foreign))));
            var key = slot.generate();
            assertEquals("certificate-not-mine", refused(() -> slot.store(List.of(foreign))));
            assertEquals(List.of(), slot.chain());
            var chain = List.of(Factory.certificate(key), Factory.authority());
            slot.store(chain);
            slot.store(chain);
            assertEquals(chain, slot.chain());
            assertEquals("chip-loaded", refused(slot::generate));
            slot.clear();
            assertEquals(List.of(), slot.chain());
            assertEquals("chip-empty", refused(() -> slot.sign(Bytes.utf8("x"))));
            assertNotEquals(key, slot.generate());
        }
    }

    @Test
    void aSlotIsUsedByWhoeverHasItsCodeOnly() {
        try (var element = element()) {
            var mine = element.slot(1, Factory.code(1));
            var key = mine.generate();
            mine.store(List.of(Factory.certificate(key)));
            var other = element.slot(1, Factory.code(2));
            element.slot(2, Factory.code(2)).generate();
            assertEquals("chip-code-wrong", refused(() -> other.sign(Bytes.utf8("x"))));
            assertEquals("chip-code-wrong", refused(other::chain));
            assertEquals("chip-code-wrong", refused(other::clear));
            assertTrue(Crypto.verifies(key, Bytes.utf8("y"), mine.sign(Bytes.utf8("y"))));
        }
    }

    @Test
    void wrongCodesBlockOneSlotAndNoOther() {
        try (var element = element()) {
            assumeTrue(
                    element.wrongCodes() == WrongCodes.BLOCK_SLOT,
                    "wrong codes do something else here: " + element.wrongCodes());
            var key = element.slot(1, Factory.code(1)).generate();
            var wrong = element.slot(1, Secret.taking(new byte[16]));
            String last = "";
            for (int i = 0; i < 20 && !last.equals("chip-code-blocked"); i++) {
                last = refused(() -> wrong.sign(Bytes.utf8("x")));
            }
            assertEquals("chip-code-blocked", last);
            var right = element.slot(1, Factory.code(1));
            assertEquals("chip-code-blocked", refused(() -> right.sign(Bytes.utf8("x"))));
            var other = element.slot(2, Factory.code(2)).generate();
            assertNotEquals(key, other);
            assertFalse(Crypto.verifies(
                    key, Bytes.utf8("x"), element.slot(2, Factory.code(2)).sign(Bytes.utf8("x"))));
        }
    }

    @Test
    void thereIsNoSlotBeyondTheLast() {
        try (var element = element()) {
            assertEquals("chip-slot-unknown", refused(() -> element.slot(element.services() + 1, Factory.code(1))));
            assertEquals("chip-slot-unknown", refused(() -> element.slot(-1, Factory.code(1))));
        }
    }
}
