package org.mizuhiki.chip.card;

import javacard.framework.SystemException;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.Oscillator;

/// How long a card has had power, if it has something to count that with.
final class Uptime {
    private static final long NANOS_PER_MILLI = 1_000_000;

    private @Nullable Oscillator oscillator;
    private long began;

    void wind(Oscillator other) {
        oscillator = other;
        restart();
    }

    void restart() {
        if (oscillator != null) {
            oscillator.restart();
            began = oscillator.nanos();
        }
    }

    boolean stood() {
        return oscillator != null && oscillator.stood();
    }

    long millis() {
        if (oscillator == null) {
            throw new SystemException(SystemException.NO_RESOURCE);
        }
        return (oscillator.nanos() - began) / NANOS_PER_MILLI;
    }
}
