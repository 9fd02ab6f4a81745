package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

/// The bounds are derived anew: elements with drifting ticks are simulated in true time, answers are held
/// back, the authority's clock is wrong, and the truth always lies within what is proven.
@Tag("H8")
class TickClockTest {
    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");
    private static final Duration TICK = Duration.ofMillis(10);
    private static final double DRIFT = 0.001;
    private static final Duration ERROR = Duration.ofMillis(500);
    private static final TickClock CLOCK = new TickClock(TICK, DRIFT, ERROR, Duration.ofSeconds(5));

    /// Counts ticks whose length wanders within the drift; true time in seconds since power-on.
    private static final class Element {
        private final double rate;
        private final double phase;

        Element(SplittableRandom dice) {
            // as slow or as fast as it may be, in half of the cases
            double share = dice.nextBoolean() ? (dice.nextBoolean() ? 1 : -1) : dice.nextDouble(-1, 1);
            rate = TICK.toNanos() / 1e9 * (1 + share * DRIFT);
            phase = dice.nextDouble();
        }

        long count(double time) {
            return (long) Math.floor(time / rate + phase);
        }
    }

    private static Instant at(double seconds) {
        return START.plusNanos(Math.round(seconds * 1e9));
    }

    private static TickClock.Anchor anchor(Element element, double sent, double there, double back, double wrong) {
        return new TickClock.Anchor(element.count(sent), at(sent + there + wrong), element.count(sent + there + back));
    }

    @Test
    void theTruthLiesWithinWhatIsProven() {
        long seed = new java.security.SecureRandom().nextLong();
        var dice = new SplittableRandom(seed);
        int proven = 0;
        for (int i = 0; i < 200_000; i++) {
            var element = new Element(dice);
            double sent = dice.nextDouble(1, 100_000);
            double there = dice.nextDouble(0, 2.4);
            double back = dice.nextDouble(0.011, 2.4);
            var anchor = anchor(element, sent, there, back, dice.nextDouble(-0.4999, 0.4999));
            double stamped =
                    dice.nextInt(3) == 0 ? sent + dice.nextDouble() * (there + back) : dice.nextDouble(0, 200_000);
            if (anchor.after() == anchor.before()) {
                continue;
            }
            var between = CLOCK.when(anchor, element.count(stamped));
            assertTrue(
                    between.holds(at(stamped)),
                    () -> "seed " + seed + ": " + at(stamped) + " not in " + between + " by " + anchor);
            proven++;
        }
        assertTrue(proven > 190_000, proven + " stamps");
    }

    /// The bounds are not wider than the anchor, the drift and the errors make them.
    @Test
    void nothingIsGivenAway() {
        var anchor = new TickClock.Anchor(1000, START, 1020);
        var near = CLOCK.when(anchor, 1020);
        assertEquals(START.minusMillis(500), near.after().plusNanos(2), "not before the authority's time");
        assertTrue(Duration.between(START, near.before()).toMillis() <= 500 + 211);
        var hour = CLOCK.when(anchor, 1020 + 360_000);
        var width = Duration.between(hour.after(), hour.before());
        assertTrue(width.toMillis() <= 2 * 500 + 7200 + 250, "width " + width);
    }

    @Test
    @Tag("H9")
    void aClosingAnchorTightensAndExposesAnElementThatWasSlowed() {
        var dice = new SplittableRandom(7);
        for (int i = 0; i < 1000; i++) {
            var element = new Element(dice);
            var opening = anchor(element, 10, 0.1, 0.1, 0.3);
            var closing = anchor(element, 30_000, 0.1, 0.1, -0.3);
            double stamped = dice.nextDouble(11, 29_999);
            long count = element.count(stamped);
            var both = CLOCK.when(opening, count).and(CLOCK.when(closing, count));
            assertTrue(both.holds(at(stamped)));
        }
        var opening = new TickClock.Anchor(0, START, 5);
        var closing = new TickClock.Anchor(100_000, START.plusSeconds(2000), 100_005);
        assertEquals(
                "tick-anchors-disagree",
                assertThrows(Refusal.class, () -> CLOCK.when(opening, 50_000).and(CLOCK.when(closing, 50_000)))
                        .code(),
                "ticks of 20 ms where the maker says 10");
    }

    /// The tick wanders around its own mean while it is measured and while it is used.
    @Test
    @Tag("H9")
    void twoAnchorsCalibrateTheTickAndTheTruthStillLiesWithin() {
        double wander = 0.000_01;
        var dice = new SplittableRandom(11);
        for (int i = 0; i < 20_000; i++) {
            double mean = TICK.toNanos() / 1e9 * (1 + dice.nextDouble(-0.99, 0.99) * DRIFT);
            double swing = dice.nextDouble(-1, 1) * wander * mean;
            double length = 40_000 + dice.nextDouble(0, 40_000);
            // slower in the first half, faster in the second: the mean is the mean
            var element = new Object() {
                long count(double time) {
                    double half = Math.min(time, length / 2);
                    return (long) Math.floor(half / (mean + swing) + (time - half) / (mean - swing));
                }
            };
            var first = new TickClock.Anchor(element.count(0.0), at(0.1 + 0.4), element.count(0.2));
            var second =
                    new TickClock.Anchor(element.count(length - 0.2), at(length - 0.1 - 0.4), element.count(length));
            // the two halves have equal times, so the mean over ticks differs from `mean` by a square of the swing
            var measured = CLOCK.calibrated(first, second, 3 * wander);
            assertTrue(measured.drift() < DRIFT / 5, () -> "tightened to " + measured.drift());
            double stamped = dice.nextDouble(1, length - 1);
            var between = measured.when(first, element.count(stamped));
            assertTrue(between.holds(at(stamped)), () -> at(stamped) + " not in " + between);
        }
    }

    @Test
    @Tag("H9")
    void anElementThatWasSlowedBetweenItsAnchorsIsExposedByCalibration() {
        var opening = new TickClock.Anchor(0, START, 5);
        var slowed = new TickClock.Anchor(100_000, START.plusSeconds(2000), 100_005);
        assertEquals(
                "tick-anchors-disagree",
                assertThrows(Refusal.class, () -> CLOCK.calibrated(opening, slowed, 0))
                        .code());
        var near = new TickClock.Anchor(10, START.plusMillis(100), 15);
        assertEquals(CLOCK, CLOCK.calibrated(opening, near, 0), "too close to say more");
    }

    @Test
    void anAnswerThatWasHeldBackIsNoAnchor() {
        assertEquals(
                "tick-anchor-too-slow",
                assertThrows(Refusal.class, () -> CLOCK.when(new TickClock.Anchor(0, START, 501), 600))
                        .code());
        assertEquals(
                "tick-anchor-reversed",
                assertThrows(Refusal.class, () -> CLOCK.when(new TickClock.Anchor(9, START, 9), 600))
                        .code());
        assertEquals(
                "tick-anchor-reversed",
                assertThrows(Refusal.class, () -> CLOCK.when(new TickClock.Anchor(9, START, 8), 600))
                        .code());
    }
}
