package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;

class NoncesTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    private static Nonces nonces() {
        return new Nonces(Duration.ofMinutes(10), Clock.fixed(NOW, ZoneOffset.UTC), DIE);
    }

    @Test
    void eachIsGoodOnce() {
        var nonces = nonces();
        var first = nonces.fresh();
        var second = nonces.fresh();
        assertTrue(nonces.take(second));
        assertTrue(nonces.take(first));
        assertFalse(nonces.take(first));
        assertFalse(nonces.take(second));
    }

    @Test
    void thoseOfAnotherProcessAreNoneAndNoBitCanBeChanged() {
        assertFalse(nonces().take(nonces().fresh()));
        var nonces = nonces();
        var whole = nonces.fresh();
        for (int i = 0; i < whole.size() * 8; i++) {
            var bent = whole.toArray();
            bent[i / 8] ^= (byte) (1 << (i % 8));
            assertFalse(nonces.take(Bytes.of(bent)));
        }
        assertTrue(nonces.take(whole));
    }

    @Test
    void eachEndsWithItsLife() {
        var hands = new TestHands();
        var nonces = new Nonces(Duration.ofMinutes(10), hands, DIE);
        var early = nonces.fresh();
        var late = nonces.fresh();
        hands.now = NOW.plus(Duration.ofMinutes(10)).minusMillis(1);
        assertTrue(nonces.take(early));
        hands.now = NOW.plus(Duration.ofMinutes(10));
        assertFalse(nonces.take(late));
    }

    private static final class TestHands extends Clock {
        private Instant now = NOW;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public java.time.ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }

    @Test
    void theOldestEndWhenManyWereGivenOutAndDoNotComeBack() {
        var nonces = nonces();
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
