package org.mizuhiki.trust;

import java.security.MessageDigest;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;

/// Tickets at rest: a salted hash instead of the secret, so that a stolen database enrols nobody.
final class TicketRows {
    private static final int ID_BYTES = 8;
    private static final int SECRET_BYTES = 16;

    private TicketRows() {}

    /// One ticket as kept.
    ///
    /// @param request what it was redeemed with, if it was
    /// @param registrarCa who is to issue, if not the usual CA
    /// @param invitation what is kept of an invitation, if it is one
    record Kept(
            String id,
            Member member,
            String registrar,
            Bytes salt,
            Bytes hash,
            Instant expires,
            int failures,
            Optional<Bytes> request,
            Optional<String> registrarCa,
            Optional<Invitation> invitation) {
        /// In constant time.
        boolean opensWith(Secret secret) {
            return MessageDigest.isEqual(hash.toArray(), hashed(salt, secret));
        }
    }

    /// Compare [Invitations.Standing].
    ///
    /// @param bound digest of the request of the first device that showed it
    record Invitation(Optional<Bytes> bound, int others, int wrong, boolean confirmed, boolean declined) {}

    static Ticket add(Handle rows, Member member, String registrar, Instant expires, SecureRandom die) {
        var ticket =
                new Ticket(HexFormat.of().formatHex(random(ID_BYTES, die)), Secret.taking(random(SECRET_BYTES, die)));
        var salt = Bytes.of(random(SECRET_BYTES, die));
        var who = MemberBody.of(member);
        rows.createUpdate("""
                        insert into ticket (id, kind, identity, name, institution, institution_name, registrar, salt,
                            hash, expires)
                        values (:id, :kind, :identity, :name, :institution, :institutionName, :registrar, :salt,
                            :hash, :expires)""")
                .bind("id", ticket.id())
                .bind("kind", who.kind())
                .bind("identity", who.identity())
                .bind("name", who.name())
                .bind("institution", who.institution().orElse(null))
                .bind("institutionName", who.institutionName().orElse(null))
                .bind("registrar", registrar)
                .bind("salt", salt.toArray())
                .bind("hash", hashed(salt, ticket.secret()))
                .bind("expires", expires)
                .execute();
        return ticket;
    }

    /// Locks the members and the rows until the transaction ends, as [CertificateRows#lock] does: two
    /// redemptions of a ticket, or of two tickets for one member, come one after the other. Members first and in
    /// one order, as whoever revokes does: a ticket's number is not secret, and whoever showed it with a wrong
    /// secret again and again could otherwise make its member's revocation fail (deadlock).
    ///
    /// @return by identifier
    static Map<String, Kept> locked(Handle rows, List<String> ids) {
        var query = rows.createQuery("""
                        with member as materialized (
                            select identity, pg_advisory_xact_lock(hashtextextended(identity, 0))
                            from (select distinct identity from ticket where id = any (:ids) order by identity) i)
                        select * from ticket
                        where id = any (:ids) and (select count(*) from member) > 0
                        order by identity, id for update""");
        return query.bindArray("ids", String.class, ids).map((row, context) -> read(row)).stream()
                .collect(Collectors.toMap(Kept::id, kept -> kept));
    }

    static Optional<Kept> locked(Handle rows, String id) {
        return Optional.ofNullable(locked(rows, List.of(id)).get(id));
    }

    /// The ticket on which this very request was answered before, if what it got still stands.
    static Optional<String> answered(Handle rows, Member member, String registrar, Bytes request, Instant now) {
        return rows.createQuery("""
                        select t.id from ticket t join certificate c on c.ticket = t.id
                        where t.identity = :identity and t.kind = :kind and t.name = :name
                            and t.registrar = :registrar and t.request = :request
                            and c.revoked is null and c.ends > :now limit 1""")
                .bind("identity", member.identity())
                .bind("kind", MemberBody.of(member).kind())
                .bind("name", MemberBody.of(member).name())
                .bind("registrar", registrar)
                .bind("request", request.toArray())
                .bind("now", now)
                .mapTo(String.class)
                .findOne();
    }

    /// The ticket on which this certificate was renewed with this very request.
    static Optional<String> renewed(Handle rows, String serial, Bytes request) {
        return rows.createQuery("select id from ticket where renews = :serial and request = :request")
                .bind("serial", serial)
                .bind("request", request.toArray())
                .mapTo(String.class)
                .findOne();
    }

    static int renewals(Handle rows, String serial) {
        return rows.createQuery("select count(*) from ticket where renews = :serial")
                .bind("serial", serial)
                .mapTo(Integer.class)
                .one();
    }

    static void issuedBy(Handle rows, Ticket ticket, String registrarCa) {
        rows.createUpdate("update ticket set registrar_ca = :ca where id = :id")
                .bind("ca", registrarCa)
                .bind("id", ticket.id())
                .execute();
    }

    static void invites(Handle rows, Ticket ticket) {
        change(rows, ticket.id(), "invitation = true");
    }

    /// For this device alone from now on.
    static void bind(Handle rows, String id, Bytes request) {
        rows.createUpdate("update ticket set bound = :request where id = :id")
                .bind("id", id)
                .bind("request", request.toArray())
                .execute();
    }

    static void countOther(Handle rows, String id) {
        change(rows, id, "others = others + 1");
    }

    static void countWrong(Handle rows, String id) {
        change(rows, id, "wrong = wrong + 1");
    }

    static void confirm(Handle rows, String id, Instant now) {
        rows.execute("update ticket set confirmed = ? where id = ?", now, id);
    }

    static void decline(Handle rows, String id, Instant now) {
        rows.execute("update ticket set declined = ? where id = ?", now, id);
    }

    /// @param what from this file only, never from outside
    private static void change(Handle rows, String id, String what) {
        rows.createUpdate("update ticket set " + what + " where id = :id")
                .bind("id", id)
                .execute();
    }

    static void countFailure(Handle rows, String id) {
        change(rows, id, "failures = failures + 1");
    }

    /// What a ticket is redeemed with.
    ///
    /// @param digest of the request
    /// @param renews serial number of the certificate that is renewed, hexadecimal
    /// @param keys public keys that must be new
    record Use(String ticket, Bytes digest, Optional<String> renews, List<Bytes> keys) {}

    /// @return false, and the caller must undo its transaction, when one of the keys was certified before, for
    /// whomever, or stands here twice
    static boolean redeem(Handle rows, List<Use> uses, Instant now) {
        var keys = uses.stream()
                .flatMap(u -> u.keys().stream())
                .map(k -> k.sha256().hex())
                .toList();
        int redeemed = rows.createUpdate("""
                        with fresh as (
                            insert into certified_key (digest) select decode(key, 'hex') from unnest(:keys) key
                            on conflict do nothing returning digest)
                        update ticket t set redeemed = :now, request = decode(u.request, 'hex'), renews = u.renews
                        from unnest(:ids, :requests, :renews) as u (id, request, renews)
                        where t.id = u.id and (select count(*) from fresh) = :count""")
                .bindArray("keys", String.class, keys)
                .bind("count", keys.size())
                .bindArray("ids", String.class, uses.stream().map(Use::ticket).toList())
                .bindArray(
                        "requests",
                        String.class,
                        uses.stream().map(u -> u.digest().asHex()).toList())
                .bindArray(
                        "renews",
                        String.class,
                        uses.stream().map(u -> u.renews().orElse(null)).toList())
                .bind("now", now)
                .execute();
        return redeemed == uses.size();
    }

    static Kept read(ResultSet row) throws SQLException {
        var who = new MemberBody(
                row.getString("kind"),
                row.getString("identity"),
                row.getString("name"),
                Optional.ofNullable(row.getString("institution")),
                Optional.ofNullable(row.getString("institution_name")));
        return new Kept(
                row.getString("id"),
                who.member(),
                row.getString("registrar"),
                Bytes.of(row.getBytes("salt")),
                Bytes.of(row.getBytes("hash")),
                row.getTimestamp("expires").toInstant(),
                row.getInt("failures"),
                Optional.ofNullable(row.getBytes("request")).map(Bytes::of),
                Optional.ofNullable(row.getString("registrar_ca")),
                row.getBoolean("invitation") ? Optional.of(invitation(row)) : Optional.empty());
    }

    private static Invitation invitation(ResultSet row) throws SQLException {
        return new Invitation(
                Optional.ofNullable(row.getBytes("bound")).map(Bytes::of),
                row.getInt("others"),
                row.getInt("wrong"),
                row.getTimestamp("confirmed") != null,
                row.getTimestamp("declined") != null);
    }

    private static byte[] random(int size, SecureRandom die) {
        var bytes = new byte[size];
        die.nextBytes(bytes);
        return bytes;
    }

    private static byte[] hashed(Bytes salt, Secret secret) {
        var hash = Digest.sha256();
        hash.update(salt.toArray());
        return secret.lend(bytes -> hash.digest(bytes));
    }
}
