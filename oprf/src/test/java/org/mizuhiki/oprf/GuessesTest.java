package org.mizuhiki.oprf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.oprf.Guesses.Limit;

@Tag("V4")
class GuessesTest {
    private static final Instant NOW = Instant.parse("2026-04-01T00:00:00Z");
    private static final Limit LIMIT = Limit.OF_PROVEN;

    /// What a patient guesser gets in a time: tries as soon as it is allowed.
    private static int triesWithin(Limit limit, Duration time) {
        var guesses = Guesses.NONE;
        int tries = 0;
        for (var now = NOW; now.isBefore(NOW.plus(time)); now = now.plusSeconds(30)) {
            try {
                guesses = guesses.tried(limit, now);
                tries++;
            } catch (Refusal refusal) {
                assertEquals("login-rate-exceeded", refusal.code());
            }
        }
        return tries;
    }

    @Test
    void aFewTriesAreFreeThenEachWaitIsTwiceTheOneBefore() {
        var guesses = Guesses.NONE;
        for (int i = 0; i < LIMIT.free(); i++) {
            guesses = guesses.tried(LIMIT, NOW);
        }
        var now = NOW;
        for (int seconds = 1; seconds < 1000; seconds *= 2) {
            var held = guesses;
            var early = now.plusSeconds(seconds).minusMillis(1);
            assertThrows(Refusal.class, () -> held.tried(LIMIT, early));
            now = now.plusSeconds(seconds);
            guesses = guesses.tried(LIMIT, now);
        }
        assertEquals(LIMIT.free() + 10, guesses.times());
    }

    @Test
    void nobodyGetsThousandsOfTriesInAMonth() {
        assertTrue(triesWithin(Limit.OF_PROVEN, Duration.ofDays(30)) < 150);
        assertTrue(triesWithin(Limit.OF_ALL, Duration.ofDays(30)) < 24 * 30 + 100);
    }

    @Test
    void aLockIsSaidOnceAndLastsADayForEachTry() {
        var guesses = new Guesses(LIMIT.lockedFrom() - 1, NOW);
        var then = NOW.plus(LIMIT.longestWait());
        guesses = guesses.tried(LIMIT, then);
        assertTrue(guesses.justLocked(LIMIT));
        var locked = guesses;
        assertThrows(Refusal.class, () -> locked.tried(LIMIT, then.plus(Duration.ofHours(23))));
        assertFalse(locked.tried(LIMIT, then.plus(LIMIT.locked())).times() > LIMIT.lockedFrom());
    }

    @Test
    void triesAreForgivenWithTime() {
        var guesses = new Guesses(3, NOW);
        assertFalse(guesses.over(LIMIT, NOW.plus(Duration.ofDays(2))));
        assertTrue(guesses.over(LIMIT, NOW.plus(Duration.ofDays(3))));
        assertEquals(1, guesses.tried(LIMIT, NOW.plus(Duration.ofDays(3))).times());
    }

    @Test
    void aClockThatWentBackForgivesNothing() {
        var guesses = new Guesses(LIMIT.free() + 2, NOW);
        assertThrows(Refusal.class, () -> guesses.tried(LIMIT, NOW.minusSeconds(3600)));
    }
}
