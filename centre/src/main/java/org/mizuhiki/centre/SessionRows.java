package org.mizuhiki.centre;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.centre.SessionDesk.Pair;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.wire.Json;

/// Sessions at rest.
final class SessionRows {
    private SessionRows() {}

    record Held(String id, String convener, String service, Instant until) {}

    static void open(Handle rows, Held session, Instant since) {
        rows.execute(
                "insert into session (id, convener, service, since, until) values (?, ?, ?, ?, ?)",
                session.id(),
                session.convener(),
                session.service(),
                since,
                session.until());
    }

    /// One at a time changes who is in it.
    static Optional<Held> hold(Handle rows, String id, Instant now) {
        return rows.createQuery("select * from session where id = :id and ended is null and until > :now for update")
                .bind("id", id)
                .bind("now", now)
                .map((row, context) -> new Held(
                        row.getString("id"),
                        row.getString("convener"),
                        row.getString("service"),
                        row.getTimestamp("until").toInstant()))
                .findOne();
    }

    static void end(Handle rows, String id, Instant now) {
        rows.execute("update session set ended = ? where id = ?", now, id);
    }

    static void invite(Handle rows, String session, String router) {
        rows.execute(
                "insert into session_site (session, router) values (?, ?) on conflict do nothing", session, router);
    }

    static void remove(Handle rows, String session, String router) {
        rows.execute("delete from session_site where session = ? and router = ?", session, router);
    }

    static List<String> sites(Handle rows, String session) {
        return rows.createQuery("select router from session_site where session = :session order by router")
                .bind("session", session)
                .mapTo(String.class)
                .list();
    }

    static void mark(Handle rows, String session, Digest request) {
        rows.execute("update request set session = ? where id = ?", session, request.hex());
    }

    /// The latest between any two: of one second, what runs or waits came after what does not any more.
    static List<Pair> pairs(Handle rows, String session) {
        return rows.createQuery("""
                        select distinct on (least(asking, asked), greatest(asking, asked)) asking, asked, word,
                            exists (select from connection c where c.request = r.id and c.ended is null) as running
                        from request r where session = :session
                        order by least(asking, asked), greatest(asking, asked), at desc, running desc,
                            state = 'WAITING' desc, id""")
                .bind("session", session)
                .map((row, context) -> new Pair(
                        row.getString("asking"),
                        row.getString("asked"),
                        Json.read(Bytes.utf8(row.getString("word")), SubscriberDesk.Outcome.class),
                        row.getBoolean("running")))
                .list();
    }

    /// Ids of those that this institution has a router in.
    static List<String> of(Handle rows, InstitutionCode institution, Instant now, int most) {
        return rows.createQuery("""
                        select id from session s where ended is null and until > :now and (
                            starts_with(convener, :own) or exists (
                                select from session_site t where t.session = s.id and starts_with(t.router, :own)))
                        order by since desc limit :most""")
                .bind("now", now)
                .bind("own", institution.value() + "/")
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }
}
