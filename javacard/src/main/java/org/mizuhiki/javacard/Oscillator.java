package org.mizuhiki.javacard;

import java.time.Duration;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/// What a card counts its time with.
public interface Oscillator {
    /// Nanoseconds since some beginning; never goes back.
    long nanos();

    /// Whether it has stood still since the card was powered on, as when its host slept: what it counts is
    /// then no time, and the card must begin anew.
    boolean stood();

    /// The card was powered on.
    void restart();

    /// An oscillator that is compared with a clock: when the two part by more than a quarter of a second
    /// and a thousandth, one of them stood still or was set.
    ///
    /// @param nanos monotonic
    static Oscillator beside(LongSupplier nanos, InstantSource clock) {
        return new Oscillator() {
            private static final long TOLERANCE = 250_000_000;
            private long began = nanos.getAsLong();
            private java.time.Instant beganAt = clock.instant();

            @Override
            public long nanos() {
                return nanos.getAsLong();
            }

            @Override
            public boolean stood() {
                long counted = nanos.getAsLong() - began;
                long passed = Duration.between(beganAt, clock.instant()).toNanos();
                return Math.abs(passed - counted) > TOLERANCE + counted / 1000;
            }

            @Override
            public void restart() {
                began = nanos.getAsLong();
                beganAt = clock.instant();
            }
        };
    }
}
