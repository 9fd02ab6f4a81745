package org.mizuhiki.enrol.acme;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class NoncesTest {
    private static final SecureRandom DIE = new SecureRandom();

    @Test
    void eachIsGoodOnce() {
        var nonces = new Nonces(DIE);
        var first = nonces.fresh();
        var second = nonces.fresh();
        assertTrue(nonces.take(second));
        assertTrue(nonces.take(first));
        assertFalse(nonces.take(first));
        assertFalse(nonces.take(second));
    }

    @Test
    void thoseOfAnotherProcessAreNone() {
        assertFalse(new Nonces(DIE).take(new Nonces(DIE).fresh()));
    }

    @Test
    void theOldestEndWhenManyWereGivenOutAndDoNotComeBack() {
        var nonces = new Nonces(DIE);
        var used = nonces.fresh();
        var old = nonces.fresh();
        assertTrue(nonces.take(used));
        for (int i = 0; i < 1 << 16; i++) {
            nonces.fresh();
        }
        assertFalse(nonces.take(used));
        assertFalse(nonces.take(old));
        assertTrue(nonces.take(nonces.fresh()));
    }
}
