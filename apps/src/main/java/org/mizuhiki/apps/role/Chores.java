package org.mizuhiki.apps.role;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Something a server does now and then until closed; a failure is logged and it is tried again at the
/// next turn.
final class Chores implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Chores.class);
    private final Thread thread;

    private Chores(Thread thread) {
        this.thread = thread;
    }

    /// The first time at once.
    static Chores every(Duration pause, String name, Runnable chore) {
        return new Chores(Thread.ofVirtual().name(name).start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                turn(name, chore, pause);
            }
        }));
    }

    private static void turn(String name, Runnable chore, Duration pause) {
        try {
            chore.run();
        } catch (RuntimeException e) {
            LOG.warn("{} failed, next try in {}: {}", name, pause, e.toString());
        }
        try {
            Thread.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
