package org.mizuhiki.chip;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.Refusal;

/// When an element stamped a message, as far as its ticks and one time stamp prove it (Time Stamp with Tick
/// Stamp). The element has no clock; it counts ticks of a known length, and the count says how far two
/// stamps of one epoch lie apart, to a tick.
///
/// An anchor ties ticks to time: the element stamped at C1, a time-stamping authority stamped that at Ts,
/// the element stamped the authority's answer at C2. So C1 was before Ts and C2 after it.
///
/// @param length of a tick, as the element's maker says
/// @param drift by which share the tick may be longer or shorter, 0 to less than 1
/// @param error of the time-stamping authority's clock
/// @param slowest how far C1 and C2 of an anchor may lie apart: who holds the answer back widens the bounds
public record TickClock(Duration length, double drift, Duration error, Duration slowest) {
    private static final double NANOS = 1e9;

    public TickClock {
        boolean fine = length.isPositive() && drift >= 0 && drift < 1 && !error.isNegative() && slowest.isPositive();
        if (!fine) {
            throw new IllegalArgumentException("a tick clock that cannot be");
        }
    }

    /// @param before C1, unsigned
    /// @param time Ts
    /// @param after C2, unsigned
    public record Anchor(long before, Instant time, long after) {}

    /// Open at both ends: the stamp was made later than `after` and earlier than `before`.
    public record Between(Instant after, Instant before) {
        public boolean holds(Instant time) {
            return time.isAfter(after) && time.isBefore(before);
        }

        /// What two anchors prove together, which is more than either does.
        ///
        /// @throws Refusal `tick-anchors-disagree` when both cannot be true: the element's tick was not what
        ///     its maker says
        public Between and(Between other) {
            var start = after.isAfter(other.after) ? after : other.after;
            var end = before.isBefore(other.before) ? before : other.before;
            if (!start.isBefore(end)) {
                throw disagree();
            }
            return new Between(start, end);
        }
    }

    /// The element's clock as two anchors of one epoch measure it: what its maker leaves open of the tick
    /// shrinks with their distance, and an element that was slowed or hurried from outside is exposed.
    ///
    /// @param wander by which share a tick may differ from the mean between the two (temperature, voltage)
    /// @return for stamps of that epoch; this clock where the anchors lie too close to say more
    /// @throws Refusal `tick-anchors-disagree` when the mean is not what the maker says
    public TickClock calibrated(Anchor first, Anchor second, double wander) {
        double fewest = ticks(first.after(), second.before()) - 1;
        if (fewest <= 0) {
            return this;
        }
        double most = ticks(first.before(), second.after()) + 1;
        double between = seconds(Duration.between(first.time(), second.time()));
        double shortest = Math.max((between - 2 * seconds(error)) / most, seconds(length) * (1 - drift));
        double longest = Math.min((between + 2 * seconds(error)) / fewest, seconds(length) * (1 + drift));
        if (shortest > longest) {
            throw disagree();
        }
        double mean = (shortest + longest) / 2;
        var tick = Duration.ofNanos(Math.round(mean * NANOS));
        // what is left open, the rounding to a nanosecond, and what the tick wanders around its mean
        double open = (longest - shortest) / 2 / mean + 1 / (mean * NANOS);
        double share = (1 + open) * (1 + wander) - 1;
        return share < drift ? new TickClock(tick, share, error, slowest) : this;
    }

    private static Refusal disagree() {
        return Refusal.of(
                "tick-anchors-disagree",
                "前後の時刻認証が矛盾します。素子のクロックが規定から外れています。この素子のスタンプは使えません。交換を依頼してください",
                "The anchors contradict each other: the element's tick is not what its maker says; its stamps prove"
                        + " nothing, have it replaced");
    }

    /// When a stamp at tick `count` was made; anchor and stamp must be of one epoch, which the caller has
    /// checked by the nonce they share.
    ///
    /// @throws Refusal `tick-anchor-too-slow`, `tick-anchor-reversed`
    public Between when(Anchor anchor, long count) {
        if (Long.compareUnsigned(anchor.after(), anchor.before()) <= 0) {
            throw Refusal.of("tick-anchor-reversed", "時刻認証の順序が逆です", "The anchor's ticks run backwards");
        }
        double wait = ticks(anchor.before(), anchor.after());
        if (wait * seconds(length) > seconds(slowest)) {
            throw Refusal.of(
                    "tick-anchor-too-slow",
                    "時刻認証の応答が遅すぎます。もう一度取得してください",
                    "The time stamp took too long to come back; get another");
        }
        return new Between(moved(anchor, earliest(anchor, count), -1), moved(anchor, latest(anchor, count), 1));
    }

    /// Seconds from Ts: the most that can have passed before, the least that must have passed after.
    ///
    /// A difference of n counts is any time between n-1 and n+1 ticks, and a tick may be longer by the drift.
    private double earliest(Anchor anchor, long count) {
        return Long.compareUnsigned(count, anchor.after()) >= 0
                ? shortest(ticks(anchor.after(), count))
                : -longest(ticks(count, anchor.after()));
    }

    private double latest(Anchor anchor, long count) {
        return Long.compareUnsigned(count, anchor.before()) <= 0
                ? -shortest(ticks(count, anchor.before()))
                : longest(ticks(anchor.before(), count));
    }

    private double shortest(double n) {
        return Math.max(0, n - 1) * seconds(length) * (1 - drift);
    }

    private double longest(double n) {
        return (n + 1) * seconds(length) * (1 + drift);
    }

    private static double ticks(long from, long to) {
        return Math.max(0, (double) (to - from));
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / NANOS;
    }

    /// Rounded outwards, so that no rounding proves more than there is.
    private Instant moved(Anchor anchor, double seconds, int outwards) {
        double nanos = seconds * NANOS;
        long whole = (long) (outwards > 0 ? Math.ceil(nanos) : Math.floor(nanos));
        // a double holds 53 bits: below a nanosecond up to 104 days, allow for more beyond
        long slack = 1 + (long) Math.ceil(Math.ulp(nanos) * 4);
        return anchor.time().plusNanos(whole + outwards * (error.toNanos() + slack));
    }
}
