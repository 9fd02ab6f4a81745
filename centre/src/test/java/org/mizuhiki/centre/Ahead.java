package org.mizuhiki.centre;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// The machine's clock, and what a test has put it forward: some minutes in all, since TLS reads the
/// machine's own and certificates begin five minutes before they are issued.
final class Ahead extends Clock {
    private final AtomicReference<Duration> by = new AtomicReference<>(Duration.ZERO);

    void forward(Duration time) {
        by.updateAndGet(t -> t.plus(time));
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(by.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("tests live in UTC");
    }
}
