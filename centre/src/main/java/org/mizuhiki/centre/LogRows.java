package org.mizuhiki.centre;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.wire.Json;

/// Records of traffic as they are laid beside each other.
final class LogRows {
    private static final int MOST = 100_000;

    private LogRows() {}

    /// Also of a connection that has ended.
    static Optional<Reconciling.Case> of(Handle rows, String connection) {
        return rows.createQuery("select information, ended from connection where id = :id")
                .bind("id", connection)
                .map((row, context) -> new Reconciling.Case(
                        ConnectionInformation.decode(
                                Json.read(Bytes.of(row.getBytes("information")), SignedInformation.class)
                                        .information()),
                        Optional.ofNullable(row.getTimestamp("ended")).map(Timestamp::toInstant),
                        seen(rows, connection)))
                .findOne();
    }

    private static List<Reconciling.Seen> seen(Handle rows, String connection) {
        return rows.createQuery("""
                        select l.*, r.ahead_ms from log l join router r on r.identity = l.router
                        where l.connection = :id order by l.number limit :most""")
                .bind("id", connection)
                .bind("most", MOST)
                .map((row, context) -> new Reconciling.Seen(
                        row.getString("router"), Duration.ofMillis(row.getLong("ahead_ms")), line(row)))
                .list();
    }

    static RouterDesk.LogLine line(ResultSet row) throws SQLException {
        return new RouterDesk.LogLine(
                row.getString("connection"),
                RouterDesk.Point.valueOf(row.getString("point")),
                row.getTimestamp("at").toInstant(),
                row.getString("source"),
                row.getString("target"),
                row.getString("protocol"),
                row.getInt("port"),
                row.getLong("bytes"));
    }
}
