package org.mizuhiki.router;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.random.RandomGenerator;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings connections up, each on a thread of its own: the partner is prepared a few milliseconds earlier or
/// later, a line is away for minutes. What was up once is tried for as long as it is agreed to.
final class Raising implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Raising.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    /// A connection that never came up is no use to who asked for it, and keeps others out.
    private static final Duration GIVE_UP = Duration.ofMinutes(1);

    private final Agent agent;
    private final RandomGenerator die;
    private final BiConsumer<String, String> gaveUp;
    private final ConcurrentHashMap<String, Boolean> underWay = new ConcurrentHashMap<>();
    private final Set<String> wasUp = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /// @param gaveUp hears of a connection and the code of the last refusal
    Raising(Agent agent, RandomGenerator die, BiConsumer<String, String> gaveUp) {
        this.agent = agent;
        this.die = die;
        this.gaveUp = gaveUp;
    }

    /// Soon; does nothing for a side that is asked, and for what is up with its newest keys. Said again while
    /// it is under way, it is done once more.
    void raise(String connection) {
        // true: wanted again while the thread was at work
        if (underWay.merge(connection, false, (was, _) -> true)) {
            return;
        }
        Thread.ofVirtual()
                .name("raise-" + connection.substring(0, Math.min(8, connection.length())))
                .start(() -> {
                    do {
                        underWay.put(connection, false);
                        raiseNow(connection);
                    } while (!underWay.remove(connection, false) && !closed);
                });
    }

    private void raiseNow(String connection) {
        long end = System.nanoTime() + GIVE_UP.toNanos();
        for (var wait = FIRST_PAUSE; !closed; wait = longer(wait)) {
            try {
                if (agent.connect(connection, PATIENCE).isPresent()) {
                    wasUp.add(connection);
                }
                return;
            } catch (Refusal e) {
                if (e.code().equals("connection-unknown")) { // ended meanwhile
                    return;
                }
                LOG.info("connection {} is not up yet: {}", connection, e.getMessage());
                if (!wasUp.contains(connection) && System.nanoTime() > end) {
                    gaveUp.accept(connection, e.code());
                    return;
                }
                pause(wait);
            }
        }
    }

    private static Duration longer(Duration wait) {
        var twice = wait.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private void pause(Duration atMost) {
        try {
            Thread.sleep(Duration.ofMillis(die.nextLong(atMost.toMillis() / 2, atMost.toMillis() + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// One that an earlier run of this program agreed to: tried for as long as it is.
    void raiseAgain(String connection) {
        wasUp.add(connection);
        raise(connection);
    }

    void forget(String connection) {
        wasUp.remove(connection);
    }

    @Override
    public void close() {
        closed = true;
    }
}
