package org.mizuhiki.centre;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.wire.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Orders at rest, until their router has said that they are done.
final class OrderRows {
    private static final Logger LOG = LoggerFactory.getLogger(OrderRows.class);

    private OrderRows() {}

    /// An order for a router.
    ///
    /// @param order without papers
    /// @param papers ids of declarations that go with it: they lie here already and are not written once more
    record To(String router, Order order, List<Digest> papers) {}

    /// The end of a statement that begins with `with`: gives each router's order that router's next number, one
    /// order for a router. A router that never said where it is has nobody to tell.
    ///
    /// @param when a condition in SQL
    static String giving(String when) {
        return """
                told as (select * from unnest(:routers, :bodies, :papers) as t (router, body, papers)),
                numbered as (update router set orders = orders + 1 where identity = any (:routers) and %s
                    returning identity, orders)
                insert into router_order (router, number, body, papers)
                    select router, orders, convert_to(body, 'UTF8'), string_to_array(papers, ',')
                    from told join numbered on router = identity""".formatted(when);
    }

    static void add(Handle rows, List<To> all) {
        bind(rows.createUpdate("with " + giving("true")), all).execute();
    }

    /// What [#giving] names.
    static Update bind(Update statement, List<To> all) {
        return statement
                .bindArray("routers", String.class, all.stream().map(To::router).toList())
                .bindArray(
                        "bodies",
                        String.class,
                        all.stream().map(t -> Json.write(t.order()).asUtf8()).toList())
                .bindArray(
                        "papers",
                        String.class,
                        all.stream().map(OrderRows::papers).toList());
    }

    private static String papers(To to) {
        return to.papers().stream().map(Digest::hex).collect(Collectors.joining(","));
    }

    /// What is left to do after `last`; what is done up to it goes soon ([Channels#write]).
    ///
    /// @return empty if the order that the router did last is none of ours: [#goOnFrom] it
    static Optional<List<Order>> after(Handle rows, SaidRows said, String router, RouterDesk.Done last) {
        var known = rows.createQuery("""
                        select done, done_mark, number, body, papers from router left join router_order
                            on router = identity and number >= :last
                        where identity = :router order by number limit\s""" + (RouterDesk.MOST + 1))
                .bind("router", router)
                .bind("last", last.number())
                .map((row, context) -> new Told(
                        new RouterDesk.Done(
                                row.getLong("done"),
                                Optional.ofNullable(row.getString("done_mark")).map(Digest::new)),
                        row.getBytes("body") == null ? Optional.empty() : Optional.of(row(row))))
                .list();
        var orders = known.stream()
                .flatMap(t -> t.row().stream())
                .map(r -> r.order(rows, said))
                .toList();
        boolean ours = last.number() == 0
                || known.isEmpty()
                || known.getFirst().done().equals(last)
                || orders.stream()
                        .anyMatch(o -> o.number() == last.number() && o.done().equals(last));
        return ours
                ? Optional.of(
                        orders.stream().filter(o -> o.number() > last.number()).toList())
                : Optional.empty();
    }

    /// @param done what is known to be done
    private record Told(RouterDesk.Done done, Optional<Row> row) {}

    /// As it lies here.
    private record Row(long number, Bytes body, List<Digest> papers) {
        /// One of before papers were named has them itself.
        Order order(Handle rows, SaidRows said) {
            var order = Json.read(body, Order.class);
            return order.complete(number, papers.isEmpty() ? order.papers() : said.signed(rows, papers));
        }
    }

    private static Row row(ResultSet row) throws SQLException {
        var papers = (String[]) row.getArray("papers").getArray();
        return new Row(
                row.getLong("number"),
                Bytes.of(row.getBytes("body")),
                Arrays.stream(papers).map(Digest::new).toList());
    }

    /// The router is elsewhere: this centre was set back to an older backup. All that waits here gets numbers
    /// after the router's, in its order; what the router did already, it does not do again by itself.
    static void goOnFrom(Handle rows, String router, RouterDesk.Done last) {
        LOG.warn("{} did an order {} that is not known here; numbering goes on from there", router, last.number());
        RouterRows.lock(rows, List.of(router));
        rows.execute(
                "update router_order o set number = -n from (select number, row_number() over (order by number) n"
                        + " from router_order where router = ?) r where o.router = ? and o.number = r.number",
                router,
                router);
        int left = rows.execute("update router_order set number = ? - number where router = ?", last.number(), router);
        rows.execute(
                "update router set orders = ?, done = ?, done_mark = ? where identity = ?",
                last.number() + left,
                last.number(),
                last.mark().map(Digest::hex).orElse(null),
                router);
    }

    static List<Order> waiting(Handle rows, SaidRows said, String router, long after) {
        return rows
                .createQuery(
                        "select number, body, papers from router_order where router = :router and number > :after order by number limit :most")
                .bind("router", router)
                .bind("after", after)
                .bind("most", RouterDesk.MOST)
                .map((row, context) -> row(row))
                .list()
                .stream()
                .map(r -> r.order(rows, said))
                .toList();
    }

    /// Forgets what is done, of each router up to this. Of a router that is just being given an order nothing is
    /// forgotten now.
    ///
    /// @return of which it was
    static List<String> forget(Handle rows, Map<String, RouterDesk.Done> done) {
        var routers = List.copyOf(done.keySet());
        return rows.createQuery("""
                        with last as (
                                select * from unnest(:routers, :numbers, :marks) as t (router, number, mark)),
                            free as (select identity from router where identity = any (:routers) for update skip locked),
                            gone as (delete from router_order o using last, free
                                where o.router = identity and last.router = identity and o.number <= last.number)
                        update router r set done = last.number, done_mark = last.mark from last, free
                            where r.identity = free.identity and last.router = free.identity
                        returning r.identity""")
                .bindArray("routers", String.class, routers)
                .bindArray(
                        "numbers",
                        Long.class,
                        routers.stream().map(r -> number(done, r)).toList())
                .bindArray(
                        "marks",
                        String.class,
                        routers.stream().map(r -> mark(done, r)).toList())
                .mapTo(String.class)
                .list();
    }

    private static long number(Map<String, RouterDesk.Done> done, String router) {
        return done.getOrDefault(router, RouterDesk.Done.NOTHING).number();
    }

    private static String mark(Map<String, RouterDesk.Done> done, String router) {
        return done.getOrDefault(router, RouterDesk.Done.NOTHING)
                .mark()
                .map(Digest::hex)
                .orElse("");
    }
}
