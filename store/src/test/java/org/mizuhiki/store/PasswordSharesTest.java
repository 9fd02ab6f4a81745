package org.mizuhiki.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Blinding;
import org.mizuhiki.oprf.Guesses;
import org.mizuhiki.oprf.KeyShare;

@Tag("V4")
class PasswordSharesTest {
    private static final Guesses.Limit LIMIT = Guesses.Limit.OF_ALL;
    private static final Bytes BLINDED =
            Blinding.of(Secret.taking(new byte[] {1}), Workshop.DIE).request();

    private static final byte[] SHIFT = new byte[KeyShare.BYTES];

    static {
        SHIFT[0] = 7;
    }

    private final Digest first = Digest.of((byte) 1);
    private final Digest second = Digest.of((byte) 2);
    private final PersonId person = Workshop.person();

    @TempDir
    private static Path folder;

    private static Workshop shop;
    private static PostgresPasswordShares shares;

    @BeforeAll
    static void open() {
        shop = new Workshop(folder);
        shares = PostgresPasswordShares.open(shop.database, shop.clock, Workshop.DIE);
    }

    @AfterAll
    static void close() {
        shop.close();
    }

    private Bytes evaluated(Digest epoch) {
        shop.clock.advance(Duration.ofHours(2)); // so that no guess is left to count
        return shares.evaluate(person, epoch, BLINDED);
    }

    @Test
    void aShareEvaluatesTheSameUntilAnotherIsMade() {
        var before = shares.begin(person, first, BLINDED);
        assertEquals(before, shares.begin(person, first, BLINDED));
        assertEquals(before, evaluated(first));
        shares.keep(person, first);
        assertNotEquals(before, shares.begin(person, second, BLINDED));
        assertEquals(before, evaluated(first));
        assertNotEquals(before, evaluated(second));
    }

    /// Of a share that was there before, the key server may have had an evaluation already when it
    /// answered the device, and have taken it off its own.
    @Test
    void aDeviceIsAnsweredWithAFreshShareOnly() {
        shares.begin(person, first, BLINDED);
        var other = Blinding.of(Secret.taking(new byte[] {1}), Workshop.DIE).request();
        assertEquals("epoch-taken", Workshop.refusal(() -> shares.begin(person, first, other)));
        shares.keep(person, first);
        assertEquals("epoch-taken", Workshop.refusal(() -> shares.begin(person, first, BLINDED)));
        shares.shift(person, first, second, Bytes.of(SHIFT));
        assertEquals("epoch-taken", Workshop.refusal(() -> shares.begin(person, second, BLINDED)));
    }

    @Test
    void aCandidateThatNobodyCountsOnGoesAfterAWhile() {
        var before = shares.begin(person, first, BLINDED);
        shares.begin(person, second, BLINDED);
        shares.keep(person, second);
        assertEquals(before, shares.evaluate(person, first, BLINDED));
        shop.clock.advance(Duration.ofMinutes(16));
        shares.keep(person, second);
        assertNotEquals(before, shares.evaluate(person, first, BLINDED));
        assertEquals("epoch-unknown", Workshop.refusal(() -> shares.keep(person, first)));
        for (int i = 10; i < 19; i++) {
            shop.clock.advance(Duration.ofSeconds(1));
            shares.begin(person, Digest.of((byte) i), BLINDED);
        }
        assertEquals("epoch-unknown", Workshop.refusal(() -> shares.keep(person, Digest.of((byte) 10))));
        shares.keep(person, Digest.of((byte) 11));
    }

    @Test
    void aShiftedShareLacksExactlyTheShift() {
        shares.begin(person, first, BLINDED);
        shares.keep(person, first);
        try (var shift = KeyShare.random(Workshop.DIE)) {
            var bytes = shift.toSecret().lend(Bytes::of);
            shares.shift(person, first, second, bytes);
            shares.shift(person, first, second, bytes);
            assertEquals(evaluated(first), KeyShare.sum(evaluated(second), shift.evaluate(BLINDED)));
            assertEquals(
                    "epoch-unknown", Workshop.refusal(() -> shares.shift(person, Digest.of((byte) 9), first, bytes)));
        }
    }

    @Test
    void anEpochThatIsOverIsGoodForTwoMoreMinutes() {
        shares.begin(person, first, BLINDED);
        shares.keep(person, first);
        var before = shares.evaluate(person, first, BLINDED);
        shares.begin(person, second, BLINDED);
        shares.keep(person, second);
        shares.keep(person, second);
        shares.sweep();
        assertEquals(before, shares.evaluate(person, first, BLINDED));
        shop.clock.advance(Duration.ofMinutes(3));
        shares.sweep();
        assertNotEquals(before, shares.evaluate(person, first, BLINDED));
        assertNotEquals(before, shares.evaluate(person, second, BLINDED));
    }

    @Test
    void anIdThatNobodyHasIsAnsweredTheSameWayAlsoAfterARestart() {
        var answer = evaluated(first);
        assertEquals(answer, evaluated(second));
        var restarted = PostgresPasswordShares.open(shop.database, shop.clock, Workshop.DIE);
        assertEquals(answer, restarted.evaluate(person, first, BLINDED));
        assertNotEquals(answer, shares.evaluate(Workshop.person(), first, BLINDED));
    }

    @Test
    void knownAndUnknownIdsAreCountedAlikeWhateverTheAskerSays() {
        shares.begin(person, first, BLINDED);
        for (var id : List.of(person, Workshop.person())) {
            for (int i = 0; i <= LIMIT.free(); i++) {
                shares.evaluate(id, first, BLINDED);
                shop.clock.advance(Duration.ofSeconds(1));
            }
            assertEquals("login-rate-exceeded", Workshop.refusal(() -> shares.evaluate(id, first, BLINDED)));
            assertEquals("login-rate-exceeded", Workshop.refusal(() -> shares.evaluate(id, second, BLINDED)));
        }
    }

    @Test
    void guessesAtTheSameTimeAreAllCounted() {
        var answered = new AtomicInteger();
        var refused = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 3 * LIMIT.free(); i++) {
                threads.execute(() -> {
                    try {
                        shares.evaluate(person, first, BLINDED);
                        answered.incrementAndGet();
                    } catch (Refusal tooMany) {
                        refused.incrementAndGet();
                    }
                });
            }
        }
        assertEquals(3 * LIMIT.free(), answered.get() + refused.get());
        assertTrue(answered.get() > 0);
        // none of those that were answered was forgotten: the rest of the free ones, and no more
        for (int left = LIMIT.free() - answered.get(); left > 0; left--) {
            shares.evaluate(person, first, BLINDED);
        }
        assertTrue(answered.get() <= LIMIT.free());
        assertEquals("login-rate-exceeded", Workshop.refusal(() -> shares.evaluate(person, first, BLINDED)));
    }

    @Test
    void thePersonLearnsOfALock() {
        shares.begin(person, first, BLINDED);
        int tries = 0;
        for (int minute = 0; minute < 60 * 24 && shares.notices(person).isEmpty(); minute++) {
            try {
                shares.evaluate(person, first, BLINDED);
                tries++;
            } catch (Refusal refusal) {
                shop.clock.advance(Duration.ofMinutes(1));
            }
        }
        assertEquals(LIMIT.lockedFrom(), shares.notices(person).getFirst().times());
        assertTrue(tries < 2 * LIMIT.lockedFrom());
        assertTrue(shares.notices(Workshop.person()).isEmpty());
    }

    @Test
    void countsThatSayNothingAnyMoreAreForgotten() {
        shop.clock.advance(Duration.ofDays(10));
        shares.sweep();
        shares.evaluate(person, first, BLINDED);
        assertEquals(0, shares.sweep());
        shop.clock.advance(Duration.ofDays(10));
        assertEquals(1, shares.sweep());
    }
}
