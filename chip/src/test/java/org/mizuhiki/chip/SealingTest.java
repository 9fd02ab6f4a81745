package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Reception.PATIENT;
import static org.mizuhiki.chip.Reception.service;

import java.util.Arrays;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// Whoever answers for a terminal learns from its element, not from its host, that it travels sealed.
@Tag("H5")
class SealingTest {
    private static Bytes nonce(int first) {
        var nonce = new byte[32];
        nonce[0] = (byte) first;
        return Bytes.of(nonce);
    }

    @Test
    void anElementSaysThatItIsSealedAndThatNothingHappenedOnItsWay() {
        var reception = Reception.open();
        var element = reception.element;
        reception.receive(PATIENT);
        assertFalse(element.sealing(nonce(1)).sealed());
        element.seal();
        var left = element.sealing(nonce(2));
        assertTrue(left.sealed() && left.isBy(reception.key(), nonce(2)));
        reception.powerOffAndOn();
        var arrived = element.sealing(nonce(3));
        assertTrue(arrived.sealed() && arrived.isBy(reception.key(), nonce(3)));
        assertEquals(left.life(), arrived.life());
        // another one that was opened and sealed again on its way tells
        element.open(service());
        reception.anchor();
        reception.receive(PATIENT);
        element.seal();
        assertTrue(element.sealing(nonce(4)).life() > arrived.life());
    }

    @Test
    void noOtherWordPassesForIt() {
        var reception = Reception.open();
        var element = reception.element;
        var opened = element.sealing(nonce(1));
        // the host says so of an opened one, with the element's word about something else
        var claimed = new Sealing(true, opened.life(), opened.signature());
        assertFalse(claimed.isBy(reception.key(), nonce(1)));
        element.seal();
        var sealed = element.sealing(nonce(1));
        assertTrue(sealed.isBy(reception.key(), nonce(1)));
        assertFalse(sealed.isBy(reception.key(), nonce(2)), "yesterday's");
        assertFalse(sealed.isBy(Reception.fresh().key(), nonce(1)), "another element's");
        assertFalse(new Sealing(true, sealed.life() + 1, sealed.signature()).isBy(reception.key(), nonce(1)));
        var raw = sealed.signature().toArray();
        for (int bit = 0; bit < raw.length * 8; bit++) {
            var bent = raw.clone();
            bent[bit / 8] ^= (byte) (1 << (bit % 8));
            assertFalse(new Sealing(true, sealed.life(), Bytes.of(bent)).isBy(reception.key(), nonce(1)), "bit " + bit);
        }
    }

    @Test
    void aNonceHasThirtyTwoBytes() {
        var element = Reception.fresh().element;
        for (int size : new int[] {0, 16, 31, 33, 64}) {
            var other = Bytes.of(Arrays.copyOf(new byte[] {1}, size));
            assertThrows(Refusal.class, () -> element.sealing(other), "size " + size);
        }
    }
}
