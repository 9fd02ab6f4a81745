package org.mizuhiki.centre;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.vpn.Declarations.Said;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.UniformPolicy;

/// Declarations at rest. What is read counts only with its signature: it is checked again, once for the same
/// bytes in the life of this process.
final class SaidRows {
    /// What is read weighs more than what was signed, by about so much.
    private static final int PARSED = 3;

    private final Declarations declarations;
    private final Remembered<Said<Declaration>> checked =
            new Remembered<>(said -> PARSED * said.signed().size());

    /// By id: each decision and each order takes the same few again.
    private final Remembered<Bytes> signed = new Remembered<>(Bytes::size);

    SaidRows(Declarations declarations) {
        this.declarations = declarations;
    }

    Said<Declaration> check(Bytes signed) {
        var key = signed.sha256();
        return checked.get(key).orElseGet(() -> {
            var said = declarations.check(signed);
            checked.put(key, said);
            return said;
        });
    }

    static boolean has(Handle rows, Digest id) {
        return rows.createQuery("select exists (select from declaration where id = :id)")
                .bind("id", id.hex())
                .mapTo(Boolean.class)
                .one();
    }

    /// When the latest about the same was said.
    static Optional<Instant> latest(Handle rows, Declaration d) {
        return rows.createQuery("select at from declaration where latest and kind = :kind and said_by = :by"
                        + " and subject = :subject")
                .bind("kind", d.kind())
                .bind("by", d.by().value())
                .bind("subject", d.subject())
                .map((row, context) -> row.getTimestamp("at").toInstant())
                .findOne();
    }

    static void add(Handle rows, Said<Declaration> said) {
        var d = said.declaration();
        rows.createUpdate("update declaration set latest = false where latest and kind = :kind and said_by = :by"
                        + " and subject = :subject")
                .bind("kind", d.kind())
                .bind("by", d.by().value())
                .bind("subject", d.subject())
                .execute();
        rows.createUpdate("insert into declaration (id, kind, said_by, subject, router, request, at, signed)"
                        + " values (:id, :kind, :by, :subject, :router, :request, :at, :signed)")
                .bind("id", said.id().hex())
                .bind("kind", d.kind())
                .bind("by", d.by().value())
                .bind("subject", d.subject())
                .bind("router", router(d).orElse(null))
                .bind("request", d instanceof Approval a ? a.request().hex() : null)
                .bind("at", d.at())
                .bind("signed", said.signed().toArray())
                .execute();
        Outbox.add(rows, d.entry());
    }

    static Optional<String> router(Declaration d) {
        return switch (d) {
            case SubscriberPolicy p -> Optional.of(p.router().identity());
            case Membership m -> Optional.of(m.router().identity());
            case MaintenanceAgreement a ->
                Optional.of(a.contract().customer().router().identity());
            case MaintenanceWork w -> Optional.of(w.accessPoint().identity());
            case UniformPolicy _, Approval _ -> Optional.empty();
        };
    }

    /// All that a decision about these routers and this request rests on; found by index, however many there
    /// are. Of what others may say about a router, only what the two sides said: nobody else's papers slow
    /// their decisions down.
    List<Said<Declaration>> about(Handle rows, InstitutionCode provider, List<Member.Service> routers, Digest request) {
        var ids = rows.createQuery("""
                        select id from declaration where latest and kind = 'vpn-uniform-policy' and said_by = :provider
                        union all select id from declaration where latest and router = any (:routers)
                            and said_by = any (:sides)
                        union all select id from declaration where latest and request = :request""")
                .bind("provider", provider.value())
                .bindArray(
                        "routers",
                        String.class,
                        routers.stream().map(Member.Service::identity).toList())
                .bindArray(
                        "sides",
                        String.class,
                        Stream.concat(
                                        Stream.of(provider.value()),
                                        routers.stream().map(Member.Service::subscriber))
                                .toList())
                .bind("request", request.hex())
                .map((row, context) -> new Digest(row.getString("id")))
                .list();
        return signed(rows, ids).stream().map(this::check).toList();
    }

    /// As they were signed, in this order.
    List<Bytes> signed(Handle rows, List<Digest> ids) {
        var found = new HashMap<Digest, Bytes>();
        ids.forEach(id -> signed.get(id).ifPresent(s -> found.put(id, s)));
        var missing = ids.stream()
                .filter(id -> !found.containsKey(id))
                .map(Digest::hex)
                .toList();
        if (!missing.isEmpty()) {
            rows.createQuery("select id, signed from declaration where id = any (:ids)")
                    .bindArray("ids", String.class, missing)
                    .map((row, context) -> Map.entry(new Digest(row.getString("id")), Bytes.of(row.getBytes("signed"))))
                    .forEach(e -> {
                        found.put(e.getKey(), e.getValue());
                        signed.put(e.getKey(), e.getValue());
                    });
        }
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(found.get(id)).stream())
                .toList();
    }

    static List<Bytes> of(Handle rows, InstitutionCode institution, int most) {
        return rows.createQuery("""
                        select signed from declaration d where latest and (said_by = :code or kind = 'vpn-uniform-policy'
                            or router in (select identity from router where subscriber = :code))
                        order by at desc limit :most""")
                .bind("code", institution.value())
                .bind("most", most)
                .map((row, context) -> Bytes.of(row.getBytes("signed")))
                .list();
    }
}
