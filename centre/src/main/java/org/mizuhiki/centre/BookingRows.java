package org.mizuhiki.centre;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Request;
import org.mizuhiki.vpn.Side;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.wire.Json;

/// Requests that begin later, at rest among the others.
final class BookingRows {
    private BookingRows() {}

    private static Request request(ResultSet row) throws SQLException {
        return Json.read(Bytes.of(row.getBytes("body")), Request.class);
    }

    /// What is booked at one of the two routers for a part of the same time; each once.
    static List<Request> beside(Handle rows, Request request) {
        return rows.createQuery("""
                        select body from request where id != :id and state = 'BOOKED' and begins < :ends and ends > :begins
                            and asking = any (:routers)
                        union select body from request where id != :id and state = 'BOOKED' and begins < :ends
                            and ends > :begins and asked = any (:routers)""")
                .bind("id", request.id().hex())
                .bind("begins", request.begins())
                .bind("ends", request.ends())
                .bindArray(
                        "routers",
                        String.class,
                        request.asking().identity(),
                        request.asked().identity())
                .map((row, context) -> request(row))
                .list();
    }

    /// Those of this router as if they ran already.
    static List<Side.Running> running(Member.Service router, List<Request> booked, Optional<UniformPolicy> uniform) {
        return booked.stream()
                .filter(r -> r.asking().equals(router) || r.asked().equals(router))
                .flatMap(r -> uniform.flatMap(u -> u.service(r.service())).stream()
                        .map(s -> new Side.Running(
                                r.asking().equals(router) ? r.asked() : r.asking(), s.name(), s.kind(), List.of())))
                .toList();
    }

    static List<SubscriberDesk.Booked> of(Handle rows, List<String> routers, Instant now, int most) {
        return rows
                .createQuery("""
                        select * from (
                            select body, state, begins from request where begins is not null and ends > :now
                                and state in ('BOOKED', 'WAITING') and asking = any (:routers)
                            union select body, state, begins from request where begins is not null and ends > :now
                                and state in ('BOOKED', 'WAITING') and asked = any (:routers)) r
                        order by begins limit :most""")
                .bind("now", now)
                .bindArray("routers", String.class, routers)
                .bind("most", most)
                .map((row, context) -> booked(request(row), SubscriberDesk.State.valueOf(row.getString("state"))))
                .stream()
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<SubscriberDesk.Booked> booked(Request request, SubscriberDesk.State state) {
        return request.begins()
                .map(begins -> new SubscriberDesk.Booked(
                        request.id(),
                        state,
                        request.asking().identity(),
                        request.asked().identity(),
                        request.service(),
                        begins,
                        begins.plus(request.longest()),
                        request.onBehalfOf()));
    }

    /// How many this router has asked for that are not over.
    static int count(Handle rows, String asking, Instant now) {
        return rows.createQuery("select count(*) from request where begins is not null and ends > :now"
                        + " and state in ('BOOKED', 'WAITING') and asking = :asking")
                .bind("now", now)
                .bind("asking", asking)
                .mapTo(Integer.class)
                .one();
    }

    /// Those whose time has come.
    static List<Digest> due(Handle rows, Instant now, int most) {
        return rows.createQuery("select id from request where state = 'BOOKED' and begins <= :now"
                        + " order by begins limit :most")
                .bind("now", now)
                .bind("most", most)
                .mapTo(String.class)
                .map(Digest::new)
                .list();
    }
}
