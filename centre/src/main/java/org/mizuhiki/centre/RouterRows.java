package org.mizuhiki.centre;

import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.Meeting;

/// Routers and their orders at rest.
final class RouterRows {
    private static final int IKE = 500;
    private static final int IKE_BEHIND_NAT = 4500;

    private RouterRows() {}

    /// @param certificate that it showed last
    /// @param place where it calls from, and where it says that it is besides
    record Router(Member.Service service, X509Certificate certificate, Reader.XWing sealing, Meeting.Place place) {}

    /// Until the transaction ends: what concerns one router comes one after the other.
    static void lock(Handle rows, List<String> routers) {
        // in one order everywhere, or two requests the other way round would wait for each other
        rows.createQuery("select pg_advisory_xact_lock(hashtextextended(r, 11))::text from unnest(:routers) r")
                .bindArray(
                        "routers",
                        String.class,
                        routers.stream().distinct().sorted().toList())
                .mapTo(String.class)
                .list();
    }

    static void locate(Handle rows, Router router, Instant now) {
        rows.createUpdate("""
                        insert into router (identity, subscriber, certificate, sealing, host, port, translated, seen,
                            other_host, other_translated)
                        values (:identity, :subscriber, :certificate, :sealing, :host, :port, :translated, :seen,
                            :other_host, :other_translated)
                        on conflict (identity) do update set certificate = excluded.certificate,
                            sealing = excluded.sealing, host = excluded.host, port = excluded.port,
                            translated = excluded.translated, seen = excluded.seen,
                            other_host = excluded.other_host, other_translated = excluded.other_translated""")
                .bind("identity", router.service().identity())
                .bind("subscriber", router.service().subscriber())
                .bind("certificate", KeyFiles.encoded(router.certificate()).toArray())
                .bind("sealing", router.sealing().publicKey().toArray())
                .bind("host", router.place().address().host())
                .bind("port", router.place().address().port())
                .bind("translated", router.place().address().translated())
                .bind("other_host", router.place().other().map(Address::host).orElse(null))
                .bind(
                        "other_translated",
                        router.place().other().map(Address::translated).orElse(null))
                .bind("seen", now)
                .execute();
    }

    static void clock(Handle rows, String identity, Duration ahead) {
        rows.execute("update router set ahead_ms = ? where identity = ?", ahead.toMillis(), identity);
    }

    static Address address(String host, boolean translated) {
        return new Address(host, translated ? IKE_BEHIND_NAT : IKE, translated);
    }

    static Optional<Router> find(Handle rows, String identity) {
        return find(rows, List.of(identity)).stream().findFirst();
    }

    static List<Router> find(Handle rows, List<String> identities) {
        return rows.createQuery("select * from router where identity = any (:identities)")
                .bindArray("identities", String.class, identities)
                .map((row, context) -> router(row))
                .list();
    }

    private static Router router(ResultSet row) throws SQLException {
        return new Router(
                Member.Service.parse(row.getString("identity")),
                KeyFiles.certificate(Bytes.of(row.getBytes("certificate"))),
                new Reader.XWing(Bytes.of(row.getBytes("sealing"))),
                new Meeting.Place(
                        new Address(row.getString("host"), row.getInt("port"), row.getBoolean("translated")),
                        Optional.ofNullable(row.getString("other_host")).map(host -> address(host, translated(row)))));
    }

    private static boolean translated(ResultSet row) {
        try {
            return row.getBoolean("other_translated");
        } catch (SQLException e) {
            throw new IllegalStateException("a column of our own is missing", e);
        }
    }

    /// Certificates of those with connections that run.
    static List<Router> atWork(Handle rows) {
        return rows.createQuery("""
                        select * from router r where exists (select from connection c where c.ended is null
                            and (c.asking = r.identity or c.asked = r.identity))""").map((row, context) -> router(row)).list();
    }

    static List<String> of(Handle rows, InstitutionCode subscriber) {
        return rows.createQuery("select identity from router where subscriber = :code")
                .bind("code", subscriber.value())
                .mapTo(String.class)
                .list();
    }
}
