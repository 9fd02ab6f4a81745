package org.mizuhiki.centre;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.wire.Json;

/// Batches of records at rest, as they were signed.
final class LogRows {
    /// Of one router: a site with fifty busy connections stays below it, and one in wrong hands fills no disk.
    static final int MOST_AN_HOUR = 20_000;

    static final long MOST_BYTES_AN_HOUR = 128L << 20;

    private LogRows() {}

    /// What is known of a router's chain for one connection.
    private record Known(long number, String digest, boolean last) {}

    /// Takes the next batch of a chain. After a gap, which is named to whoever checks, the chain goes on: a
    /// centre that lost some to an older backup must not be deaf to all that follow.
    ///
    /// @return whether it is new
    /// @throws Refusal `log-forked`, `log-full`: nothing of this one is kept, and all that was stays
    static boolean keep(Handle rows, LogBatch batch, SignedBatch signed, Instant now) {
        var same = known(rows, batch, "number = " + batch.number());
        if (same.isPresent()) {
            if (!same.get().digest().equals(batch.id().hex())) {
                throw forked();
            }
            return false;
        }
        var newest = known(rows, batch, "number >= 1");
        boolean behind = newest.filter(k -> k.last()
                        || k.number() > batch.number()
                        || (k.number() + 1 == batch.number()
                                && !Optional.of(new Digest(k.digest())).equals(batch.before())))
                .isPresent();
        if (behind) {
            throw forked();
        }
        var body = Json.write(signed).toArray();
        if (batch.number() > LogBatch.MOST_OF_CHAIN || isTooMuch(rows, batch.router(), body.length, now)) {
            throw full();
        }
        rows.createUpdate("""
                        insert into log_batch (connection, router, number, digest, last, at, signed)
                        values (:connection, :router, :number, :digest, :last, :at, :signed)""")
                .bind("connection", batch.connection())
                .bind("router", batch.router())
                .bind("number", batch.number())
                .bind("digest", batch.id().hex())
                .bind("last", batch.last())
                .bind("at", batch.at())
                .bind("signed", body)
                .execute();
        return true;
    }

    /// Counts it; what is refused is not counted, as its transaction ends.
    private static boolean isTooMuch(Handle rows, String router, int bytes, Instant now) {
        return rows.createQuery("""
                        insert into log_hour as h (router, since, batches, bytes) values (:router, :now, 1, :bytes)
                        on conflict (router) do update set
                            since   = case when h.since <= :before then excluded.since else h.since end,
                            batches = case when h.since <= :before then 1 else h.batches + 1 end,
                            bytes   = case when h.since <= :before then excluded.bytes else h.bytes + excluded.bytes end
                        returning batches > :most or bytes > :most_bytes""")
                .bind("router", router)
                .bind("now", now)
                .bind("before", now.minus(Duration.ofHours(1)))
                .bind("bytes", bytes)
                .bind("most", MOST_AN_HOUR)
                .bind("most_bytes", MOST_BYTES_AN_HOUR)
                .mapTo(Boolean.class)
                .one();
    }

    private static Refusal full() {
        return Refusal.of(
                "log-full",
                "この機器または接続の通信記録が多すぎて、今は預かれません。機器が保管し、後で届け直します",
                "Too many records of this router or connection; the router keeps them and hands them in later");
    }

    private static Optional<Known> known(Handle rows, LogBatch batch, String which) {
        return rows.createQuery("select number, digest, last from log_batch where connection = :connection"
                        + " and router = :router and " + which + " order by number desc limit 1")
                .bind("connection", batch.connection())
                .bind("router", batch.router())
                .map((row, context) ->
                        new Known(row.getLong("number"), row.getString("digest"), row.getBoolean("last")))
                .findOne();
    }

    private static Refusal forked() {
        return Refusal.of(
                "log-forked",
                "この番号の通信記録は、別の内容ですでに届いているか、届いている記録につながりません",
                "Other records of this number are known, or these do not follow those that are");
    }

    /// Also of a connection that has ended.
    ///
    /// @param after so many batches
    static Optional<Recorded> of(Handle rows, String connection, long after) {
        return rows.createQuery("select information, ended, reason from connection where id = :id")
                .bind("id", connection)
                .map((row, context) -> new Recorded(
                        Json.read(Bytes.of(row.getBytes("information")), SignedInformation.class),
                        ended(row),
                        clocks(rows, connection),
                        batches(rows, connection, after)))
                .findOne();
    }

    private static Optional<Recorded.End> ended(ResultSet row) throws SQLException {
        var at = row.getTimestamp("ended");
        return at == null ? Optional.empty() : Optional.of(new Recorded.End(at.toInstant(), row.getString("reason")));
    }

    private static List<Recorded.Ahead> clocks(Handle rows, String connection) {
        return rows.createQuery("""
                        select r.identity, r.ahead_ms from connection c
                        join router r on r.identity in (c.asking, c.asked) where c.id = :id order by r.identity""")
                .bind("id", connection)
                .map((row, context) ->
                        new Recorded.Ahead(row.getString("identity"), Duration.ofMillis(row.getLong("ahead_ms"))))
                .list();
    }

    private static List<SignedBatch> batches(Handle rows, String connection, long after) {
        return rows.createQuery("select signed from log_batch where connection = :id order by arrival"
                        + " offset :after limit " + Recorded.PAGE)
                .bind("id", connection)
                .bind("after", after)
                .map((row, context) -> Json.read(Bytes.of(row.getBytes("signed")), SignedBatch.class))
                .list();
    }
}
