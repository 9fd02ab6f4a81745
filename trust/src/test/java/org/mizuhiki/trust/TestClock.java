package org.mizuhiki.trust;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/// A clock that stands still until it is moved.
final class TestClock extends Clock {
    private volatile Instant now = Instant.parse("2026-04-01T00:00:00Z");

    void pass(Duration time) {
        now = now.plus(time);
    }

    /// To the machine's time, for tests with real TLS.
    void toNow() {
        now = Instant.now();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
