package org.mizuhiki.centre;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.mizuhiki.database.Database;

/// The centre's end of all standing channels: thousands of routers ask without end, so asking costs as little
/// as can be. What is kept in memory here only saves looks and writes; a restart loses nothing by it.
final class Channels {
    /// Routers in a statement.
    private static final int AT_ONCE = 1_000;

    private final Database database;
    private final SaidRows said;
    private final Bells bells;

    /// Up to which number all orders of a router were given out.
    private final Map<String, Long> given = new ConcurrentHashMap<>();

    /// What routers said that they did, until it is on disk. What a crash takes with it the router says again:
    /// the order that it did last lies here until then.
    private final Map<String, RouterDesk.Done> done = new ConcurrentHashMap<>();

    Channels(Database database, SaidRows said, Bells bells) {
        this.database = database;
        this.said = said;
        this.bells = bells;
    }

    List<Order> orders(String router, RouterDesk.Done last) {
        // 1. the bell before the look, or an order between the two would wait
        var bell = bells.of(router);
        boolean isAllGiven = Long.valueOf(last.number()).equals(given.get(router));
        if (!isAllGiven || bell.isDone()) {
            bells.heard(router, bell);
            bell = bells.of(router);
            var there = look(router, last);
            if (!there.isEmpty()) {
                return there;
            }
        }
        note(router, last);
        // 2. a standing channel: answered when there is something to tell. What another centre over the same rows
        // orders is seen at the end of the wait
        bells.await(router, bell, Duration.ofSeconds(RouterDesk.PATIENCE_SECONDS));
        return given(router, database.reading(rows -> OrderRows.waiting(rows, said, router, last.number())));
    }

    private List<Order> look(String router, RouterDesk.Done last) {
        var there = database.reading(rows -> OrderRows.after(rows, said, router, last));
        if (there.isPresent()) {
            note(router, last);
            return given(router, there.get());
        }
        return given(router, database.inTransaction(rows -> {
            OrderRows.goOnFrom(rows, router, last);
            return OrderRows.waiting(rows, said, router, last.number());
        }));
    }

    private List<Order> given(String router, List<Order> orders) {
        if (orders.size() == RouterDesk.MOST) {
            given.remove(router); // there may be more
        } else if (!orders.isEmpty()) {
            given.put(router, orders.getLast().number());
        }
        return orders;
    }

    private void note(String router, RouterDesk.Done last) {
        if (last.number() > 0) {
            done.put(router, last);
        }
    }

    /// Writes what routers did, of all of them together; to be called every second.
    void write() {
        Map<String, RouterDesk.Done> some = new HashMap<>();
        done.entrySet().stream().limit(AT_ONCE).forEach(e -> some.put(e.getKey(), e.getValue()));
        if (!some.isEmpty()) {
            database.inTransaction(rows -> OrderRows.forget(rows, some))
                    .forEach(router -> done.remove(router, some.get(router)));
        }
    }

    /// Sends those away who wait, before a stop.
    void release() {
        bells.close();
        write();
    }
}
