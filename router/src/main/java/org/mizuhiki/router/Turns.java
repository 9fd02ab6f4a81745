package org.mizuhiki.router;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is done again and again; one that fails stops no other.
final class Turns {
    static final Duration PAUSE = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Turns.class);

    private Turns() {}

    static void until(BooleanSupplier over, Runnable... chores) {
        while (!over.getAsBoolean()) {
            for (var chore : chores) {
                take(chore);
            }
            pause(PAUSE);
        }
    }

    static void take(Runnable chore) {
        try {
            chore.run();
        } catch (RuntimeException e) {
            LOG.warn("next try in {}: {}", PAUSE, e.toString());
        }
    }

    static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
