package org.mizuhiki.centre;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.Request;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.wire.Json;

/// Requests, connections and what was logged of them, at rest.
final class ConnectionRows {
    private ConnectionRows() {}

    /// @param asking when that router had it up
    record Live(String request, ConnectionInformation information, Optional<Instant> asking, Optional<Instant> asked) {}

    static void request(Handle rows, Request request, SubscriberDesk.Outcome outcome) {
        bind(rows.createUpdate("""
                        insert into request (id, body, asking, asked, at, state, word, begins, ends)
                        values (:id, :body, :wish_asking, :wish_asked, :at, :state, :word, :begins, :ends)
                        on conflict (id) do update set state = excluded.state, word = excluded.word"""), request, outcome).execute();
    }

    static Update bind(Update statement, Request request, SubscriberDesk.Outcome outcome) {
        return statement
                .bind("id", outcome.request().hex())
                .bind("body", Json.write(request).toArray())
                .bind("wish_asking", request.asking().identity())
                .bind("wish_asked", request.asked().identity())
                .bind("at", request.at())
                .bind("state", outcome.state().name())
                .bind("word", Json.write(outcome).asUtf8())
                .bind("begins", request.begins())
                .bind("ends", request.ends());
    }

    static Optional<Request> request(Handle rows, Digest id) {
        return rows.createQuery("select body from request where id = :id")
                .bind("id", id.hex())
                .map((row, context) -> Json.read(Bytes.of(row.getBytes("body")), Request.class))
                .findOne();
    }

    static Optional<SubscriberDesk.Outcome> outcome(Handle rows, Digest id) {
        return rows.createQuery("select word from request where id = :id")
                .bind("id", id.hex())
                .map((row, context) -> outcome(row))
                .findOne();
    }

    private static SubscriberDesk.Outcome outcome(ResultSet row) throws SQLException {
        return Json.read(Bytes.utf8(row.getString("word")), SubscriberDesk.Outcome.class);
    }

    /// @param patience after which a wish for now waits no longer; what is booked waits until its end
    static List<SubscriberDesk.Waiting> waiting(Handle rows, Instant now, Duration patience) {
        return rows.createQuery("""
                        select body, word from request where state = 'WAITING' and coalesce(ends > :now, at > :since)
                        order by at limit\s""" + SubscriberDesk.MOST)
                .bind("now", now)
                .bind("since", now.minus(patience))
                .map((row, context) -> {
                    var request = Json.read(Bytes.of(row.getBytes("body")), Request.class);
                    return new SubscriberDesk.Waiting(
                            request.id(),
                            request.asking().identity(),
                            request.asked().identity(),
                            request.service(),
                            request.longest(),
                            request.at(),
                            request.begins(),
                            outcome(row).whom());
                })
                .list();
    }

    private static Live live(ResultSet row) throws SQLException {
        var signed = Json.read(Bytes.of(row.getBytes("information")), SignedInformation.class);
        return new Live(
                row.getString("request"),
                ConnectionInformation.decode(signed.information()),
                time(row, "asking_up"),
                time(row, "asked_up"));
    }

    private static Optional<Instant> time(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getTimestamp(column)).map(Timestamp::toInstant);
    }

    static Optional<Live> find(Handle rows, String connection) {
        return rows.createQuery("select * from connection where id = :id and ended is null")
                .bind("id", connection)
                .map((row, context) -> live(row))
                .findOne();
    }

    static List<Live> of(Handle rows, List<String> routers) {
        return rows.createQuery("""
                        select * from connection where ended is null and asking = any (:routers)
                        union select * from connection where ended is null and asked = any (:routers)""")
                .bindArray("routers", String.class, routers)
                .map((row, context) -> live(row))
                .list();
    }

    static List<Live> all(Handle rows, int most) {
        return rows.createQuery("select * from connection where ended is null order by since desc limit :most")
                .bind("most", most)
                .map((row, context) -> live(row))
                .list();
    }

    /// Remote maintenance of these routers, newest first, also what is over.
    static List<SubscriberDesk.Maintained> maintained(Handle rows, List<String> routers, int most) {
        return rows.createQuery("""
                        select * from (
                            select * from connection where contract is not null and asking = any (:routers)
                            union select * from connection where contract is not null and asked = any (:routers)) c
                        order by since desc limit :most""")
                .bindArray("routers", String.class, routers)
                .bind("most", most)
                .map((row, context) -> new SubscriberDesk.Maintained(
                        row.getString("id"),
                        row.getString("contract"),
                        new PersonId(row.getString("technician")),
                        row.getString("purpose"),
                        row.getString("asking"),
                        row.getString("asked"),
                        row.getTimestamp("since").toInstant(),
                        row.getTimestamp("until").toInstant(),
                        time(row, "ended"),
                        Optional.ofNullable(row.getString("reason"))))
                .list();
    }

    /// Those that need new keys, or are over.
    static List<String> due(Handle rows, Instant now, int most) {
        return rows.createQuery("select id from connection where ended is null and (renew <= :now or until <= :now)"
                        + " order by renew limit :most")
                .bind("now", now)
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    static void makeDue(Handle rows, List<String> routers, Instant now) {
        rows.createUpdate("update connection set renew = :now where ended is null"
                        + " and (asking = any (:routers) or asked = any (:routers))")
                .bind("now", now)
                .bindArray("routers", String.class, routers)
                .execute();
    }

    static void makeAllDue(Handle rows, Instant now) {
        rows.execute("update connection set renew = ? where ended is null", now);
    }

    /// @return whether the connection runs and this router is one of its two
    static boolean up(Handle rows, String connection, String router, Instant at) {
        return rows.createUpdate("""
                        update connection set
                            asking_up = case when asking = :router then coalesce(asking_up, :at) else asking_up end,
                            asked_up = case when asked = :router then coalesce(asked_up, :at) else asked_up end
                        where id = :id and ended is null and (asking = :router or asked = :router)""")
                        .bind("router", router)
                        .bind("at", at)
                        .bind("id", connection)
                        .execute()
                == 1;
    }

    /// Whether this router is, or was, one of its two.
    static boolean isOf(Handle rows, String connection, List<String> routers) {
        return rows.createQuery("select exists (select from connection where id = :id"
                        + " and (asking = any (:routers) or asked = any (:routers)))")
                .bind("id", connection)
                .bindArray("routers", String.class, routers)
                .mapTo(Boolean.class)
                .one();
    }
}
