package org.mizuhiki.centre;

import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.mizuhiki.house.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A router's standing channel: asks for orders without end, carries each out once and in order, and comes
/// back after every failure. After a crash between an order and its [#done], that one comes again.
///
/// @param last the last order that was carried out
/// @param carryOut what to do with an order; should it throw, the order comes again
/// @param done keeps it, durably
/// @param die for the jitter: thousands of routers that lost the centre together must not come back together
public record Channel(
        RouterDesk desk,
        RouterDesk.Done last,
        Consumer<Order> carryOut,
        Consumer<RouterDesk.Done> done,
        RandomGenerator die) {
    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);

    /// No centre gets there; one in wrong hands could make a router deaf to all that follow.
    private static final long HIGHEST = 1_000_000_000_000_000L;

    private static final Duration FIRST_WAIT = Duration.ofMillis(100);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    /// Until the thread is interrupted.
    public void run() {
        var known = last;
        var wait = FIRST_WAIT;
        while (!Thread.currentThread().isInterrupted()) {
            try {
                for (var order : desk.orders(known)) {
                    if (order.number() > known.number()) {
                        mustFollow(order, known.number());
                        carryOut.accept(order);
                        known = order.done();
                        done.accept(known);
                    }
                }
                wait = FIRST_WAIT;
            } catch (Refusal e) {
                LOG.warn("the centre is away or an order failed, next try within {}: {}", wait, e.getMessage());
                pause(wait);
                wait = wait.multipliedBy(2).compareTo(LONGEST_WAIT) < 0 ? wait.multipliedBy(2) : LONGEST_WAIT;
            }
        }
    }

    /// A number out of turn, kept as the last, would make this router deaf to all that follow.
    private static void mustFollow(Order order, long last) {
        if (order.number() > HIGHEST || (last > 0 && order.number() != last + 1)) {
            throw Refusal.of(
                    "order-out-of-turn",
                    "接続管理センターの指示の番号が続いていません（" + last + " の次が " + order.number() + "）",
                    "The centre's orders do not follow each other: " + order.number() + " after " + last);
        }
    }

    private void pause(Duration atMost) {
        try {
            Thread.sleep(Duration.ofMillis(die.nextLong(atMost.toMillis() / 2, atMost.toMillis() + 1)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
