package org.mizuhiki.centre;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Orders at rest, until their router has said that they are done.
final class OrderRows {
    private static final Logger LOG = LoggerFactory.getLogger(OrderRows.class);

    private OrderRows() {}

    /// Gives an order the router's next number. A router that never said where it is has nobody to tell.
    static void add(Handle rows, String router, Order order) {
        rows.createQuery("update router set orders = orders + 1 where identity = :router returning orders")
                .bind("router", router)
                .mapTo(Long.class)
                .findOne()
                .ifPresent(number -> add(rows, router, order, number));
    }

    private static void add(Handle rows, String router, Order order, long number) {
        rows.createUpdate("insert into router_order (router, number, body) values (:router, :number, :body)")
                .bind("router", router)
                .bind("number", number)
                .bind("body", Json.write(order.numbered(number)).toArray())
                .execute();
    }

    /// What is left to do after `last`; what is done up to it goes.
    static List<Order> after(Handle rows, String router, RouterDesk.Done last) {
        if (last.number() > 0 && !isOurs(rows, router, last)) {
            goOnFrom(rows, router, last);
        }
        return waiting(rows, router, last.number());
    }

    /// Whether the order that the router did last is the one that has this number here; the orders up to it
    /// are done then.
    private static boolean isOurs(Handle rows, String router, RouterDesk.Done last) {
        var known = rows.createQuery("select done, done_mark from router where identity = :router")
                .bind("router", router)
                .map((row, context) -> new RouterDesk.Done(
                        row.getLong("done"),
                        Optional.ofNullable(row.getString("done_mark")).map(Digest::new)))
                .findOne()
                .orElse(RouterDesk.Done.NOTHING);
        if (known.equals(last)) {
            return true;
        }
        var there = rows.createQuery("select body from router_order where router = :router and number = :number")
                .bind("router", router)
                .bind("number", last.number())
                .map((row, context) ->
                        Json.read(Bytes.of(row.getBytes("body")), Order.class).done())
                .findOne();
        if (there.filter(last::equals).isEmpty()) {
            return false;
        }
        rows.execute("delete from router_order where router = ? and number <= ?", router, last.number());
        remember(rows, router, last);
        return true;
    }

    private static void remember(Handle rows, String router, RouterDesk.Done last) {
        rows.execute(
                "update router set done = ?, done_mark = ? where identity = ?",
                last.number(),
                last.mark().map(Digest::hex).orElse(null),
                router);
    }

    /// The router is elsewhere: this centre was set back to an older backup. All that waits here gets numbers
    /// after the router's, in its order; what the router did already, it does not do again by itself.
    private static void goOnFrom(Handle rows, String router, RouterDesk.Done last) {
        LOG.warn("{} did an order {} that is not known here; numbering goes on from there", router, last.number());
        RouterRows.lock(rows, List.of(router));
        var left = rows.createQuery("delete from router_order where router = :router returning number, body")
                .bind("router", router)
                .map((row, context) -> Json.read(Bytes.of(row.getBytes("body")), Order.class))
                .list();
        long number = last.number();
        for (var order : left.stream()
                .sorted(java.util.Comparator.comparingLong(Order::number))
                .toList()) {
            add(rows, router, order, ++number);
        }
        rows.execute("update router set orders = ? where identity = ?", number, router);
        remember(rows, router, last);
    }

    static List<Order> waiting(Handle rows, String router, long after) {
        return rows.createQuery("select body from router_order where router = :router and number > :after"
                        + " order by number limit " + RouterDesk.MOST)
                .bind("router", router)
                .bind("after", after)
                .map((row, context) -> Json.read(Bytes.of(row.getBytes("body")), Order.class))
                .list();
    }
}
