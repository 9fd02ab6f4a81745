package org.mizuhiki.trust;

import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.issue.Issuer;
import org.mizuhiki.trust.status.Known;

/// Issued certificates and what became of them.
final class CertificateRows {
    /// Which certificates and tickets are a member's, said once: whoever looks and whoever revokes mean the same
    /// rows, or a revocation would find a member and end nothing. A person is one in whatever kind of person; a
    /// server's identity is its role, so its host counts too: one lost host must not end its whole role.
    private static final String IS_MEMBER = """
            %1$s.identity = :identity
                and %1$s.kind = any (case when :kind in ('person', 'professional')
                    then array['person', 'professional'] else array[:kind] end)
                and (:kind <> 'server' or t.name = :name)""";

    private static final String OF_MEMBER =
            " from certificate c join ticket t on t.id = c.ticket where " + IS_MEMBER.formatted("c");

    /// What is revoked now: also what was revoked with its CA alone, as its holder would be given the next one
    /// for it. When it ended stays.
    private static final String REVOKE = """
            update certificate set revoked = coalesce(revoked, :at), reason = :reason
            where (revoked is null or (reason = %d and :reason <> %1$d)) and\s""".formatted(CaErrands.CA_COMPROMISE);

    private static final int AT_ONCE = 1000;

    private CertificateRows() {}

    /// A certificate just issued.
    ///
    /// @param part of its CA's lists, if it has any
    record New(String ca, OptionalInt part, Member member, String use, X509Certificate certificate, String ticket) {}

    static void add(Handle rows, List<New> all) {
        try (var batch = rows.prepareBatch("""
                insert into certificate (ca, part, serial, kind, identity, use, der, ends, ticket)
                values (:ca, :part, :serial, :kind, :identity, :use, :der, :ends, :ticket)""")) {
            for (var one : all) {
                var who = MemberBody.of(one.member());
                batch.bind("ca", one.ca())
                        .bind("part", one.part().isPresent() ? one.part().getAsInt() : null)
                        .bind("serial", one.certificate().getSerialNumber().toString(16))
                        .bind("kind", who.kind())
                        .bind("identity", who.identity())
                        .bind("use", one.use())
                        .bind("der", KeyFiles.encoded(one.certificate()).toArray())
                        .bind("ends", one.certificate().getNotAfter().toInstant())
                        .bind("ticket", one.ticket())
                        .add();
            }
            batch.execute();
        }
    }

    /// One certificate and the name of the CA that issued it.
    record Issued(String ca, X509Certificate certificate) {}

    static Optional<Issued> ofTicket(Handle rows, String ticket, String use) {
        return rows.createQuery("select ca, der from certificate where ticket = :ticket and use = :use")
                .bind("ticket", ticket)
                .bind("use", use)
                .map((row, context) ->
                        new Issued(row.getString("ca"), KeyFiles.certificate(Bytes.of(row.getBytes("der")))))
                .findOne();
    }

    /// A signing certificate that we issued, to the bit.
    ///
    /// @param reason of its revocation, if it was revoked
    record Own(TicketRows.Kept ticket, String ca, Optional<Integer> reason) {}

    /// Whose signing certificate this is, to the bit.
    static Optional<Own> known(Handle rows, X509Certificate certificate) {
        return rows.createQuery("""
                        select t.*, c.ca as ca, c.revoked as revoked, c.reason as reason
                        from certificate c join ticket t on t.id = c.ticket
                        where c.serial = :serial and c.der = :der and c.use = 'signing'""")
                .bind("serial", certificate.getSerialNumber().toString(16))
                .bind("der", KeyFiles.encoded(certificate).toArray())
                .map((row, context) -> new Own(
                        TicketRows.read(row),
                        row.getString("ca"),
                        row.getTimestamp("revoked") == null ? Optional.empty() : Optional.of(row.getInt("reason"))))
                .findOne();
    }

    /// How many certificates of this use that still run a member has.
    static int running(Handle rows, Member member, String use, Instant now) {
        return of(member, rows.createQuery("select count(*)" + OF_MEMBER + " and c.use = :use and c.ends > :now"))
                .bind("use", use)
                .bind("now", now)
                .mapTo(Integer.class)
                .one();
    }

    static boolean isRevoked(Handle rows, X509Certificate certificate) {
        return rows.createQuery("select exists (select from certificate where serial = :serial and der = :der"
                        + " and revoked is not null)")
                .bind("serial", certificate.getSerialNumber().toString(16))
                .bind("der", KeyFiles.encoded(certificate).toArray())
                .mapTo(Boolean.class)
                .one();
    }

    static boolean stands(Handle rows, X509Certificate certificate, Instant now) {
        return rows.createQuery("select exists (select from certificate where serial = :serial and der = :der"
                        + " and revoked is null and ends > :now)")
                .bind("serial", certificate.getSerialNumber().toString(16))
                .bind("der", KeyFiles.encoded(certificate).toArray())
                .bind("now", now)
                .mapTo(Boolean.class)
                .one();
    }

    /// The certificates of a person's sealing keys, past and present, that nobody revoked for their own sake.
    static List<X509Certificate> sealedFor(Handle rows, Member member) {
        return of(
                        member,
                        rows.createQuery("select c.der" + OF_MEMBER + " and c.use = 'sealing'"
                                + " and (c.revoked is null or c.reason = " + CaErrands.CA_COMPROMISE + ")"))
                .map((row, context) -> KeyFiles.certificate(Bytes.of(row.getBytes("der"))))
                .list();
    }

    /// Signing keys that the member may go on using: of certificates that stand or ended in peace. A key
    /// that was revoked in any certificate is none.
    static Set<Bytes> keysOf(Handle rows, Member member) {
        // one that was revoked with its CA's key is as good as before
        var whole = "(c.revoked is null or c.reason = " + CaErrands.CA_COMPROMISE + ")";
        var good = signing(rows, member, whole);
        good.removeAll(signing(rows, member, "not " + whole));
        return good;
    }

    private static Set<Bytes> signing(Handle rows, Member member, String condition) {
        return of(member, rows.createQuery("select c.der" + OF_MEMBER + " and c.use = 'signing' and " + condition))
                .map((row, context) -> KeyFiles.certificate(Bytes.of(row.getBytes("der"))))
                .map(certificate -> Bytes.of(certificate.getPublicKey().getEncoded()))
                .collect(Collectors.toCollection(HashSet::new));
    }

    /// Until the transaction ends: two requests for one member, such as two tickets for one person, come one
    /// after the other.
    static void lock(Handle rows, Member member) {
        rows.execute("select pg_advisory_xact_lock(hashtextextended(?, 0))", member.identity());
    }

    static boolean stands(Handle rows, Member member, Instant now) {
        return of(
                        member,
                        rows.createQuery("select exists (select" + OF_MEMBER + " and revoked is null and ends > :now)"))
                .bind("now", now)
                .mapTo(Boolean.class)
                .one();
    }

    /// Whether all that stands for this institution's code bears its name: one mistyped digit would hand
    /// another's identity over.
    static boolean bearsOnly(Handle rows, Member.Institution member, Instant now) {
        return of(
                        member,
                        rows.createQuery("select not exists (select" + OF_MEMBER
                                + " and revoked is null and ends > :now and t.name <> :name)"))
                .bind("now", now)
                .mapTo(Boolean.class)
                .one();
    }

    /// Who enrolled this member before, a person in whatever kind of person.
    static List<String> registrars(Handle rows, Member member) {
        return of(member, rows.createQuery("select distinct t.registrar" + OF_MEMBER))
                .mapTo(String.class)
                .list();
    }

    static boolean withdrawnSince(Handle rows, Member member, Instant since) {
        return of(member, rows.createQuery("""
                        select exists (select from withdrawal where kind = :kind and identity = :identity
                            and name = :name and at >= :since)"""))
                .bind("since", since)
                .mapTo(Boolean.class)
                .one();
    }

    /// One that was revoked now.
    ///
    /// @param part of its CA's lists
    record Revoked(String ca, BigInteger serial, Optional<Integer> part) {}

    /// @return nothing when it was revoked already
    static List<Revoked> revoke(Handle rows, X509Certificate certificate, Instant at, int reason) {
        return rows.createQuery(REVOKE + "serial = :serial and der = :der returning ca, part, serial")
                .bind("serial", certificate.getSerialNumber().toString(16))
                .bind("der", KeyFiles.encoded(certificate).toArray())
                .bind("at", at)
                .bind("reason", reason)
                .map((row, context) -> revoked(row))
                .list();
    }

    /// @param now not cut to seconds as `at` is: an account made in the same second before is meant too
    /// @return what was revoked now
    static List<Revoked> revoke(Handle rows, Member member, Instant at, Instant now, int reason) {
        of(member, rows.createUpdate("""
                        insert into withdrawal (kind, identity, name, at)
                        select :kind, :identity, :name, :now where :kind not in ('person', 'professional')""")).bind("now", now).execute();
        of(member, rows.createUpdate("""
                        update listing set ended = :at
                        where ended is null and ticket in (select t.id""" + OF_MEMBER + ")")).bind("at", at).execute();
        return of(
                        member,
                        rows.createQuery(REVOKE + "(ca, serial) in (select c.ca, c.serial" + OF_MEMBER
                                + ") returning ca, part, serial"))
                .bind("at", at)
                .bind("reason", reason)
                .map((row, context) -> revoked(row))
                .list();
    }

    /// Ends the tickets that this member has not redeemed: whoever was revoked comes in with a new one only.
    static void endTickets(Handle rows, Member member, Instant now) {
        of(
                        member,
                        rows.createUpdate(
                                "update ticket t set expires = least(expires, :now) where redeemed is null and "
                                        + IS_MEMBER.formatted("t")))
                .bind("now", now)
                .execute();
    }

    private static <S extends SqlStatement<S>> S of(Member member, S statement) {
        var who = MemberBody.of(member);
        return statement
                .bind("kind", who.kind())
                .bind("identity", who.identity())
                .bind("name", who.name());
    }

    static Known find(Handle rows, String ca, BigInteger serial) {
        return rows.createQuery("select revoked, reason from certificate where ca = :ca and serial = :serial")
                .bind("ca", ca)
                .bind("serial", serial.toString(16))
                .map((row, context) -> known(row))
                .findOne()
                .orElse(new Known.Never());
    }

    private static Known known(ResultSet row) throws SQLException {
        var at = row.getTimestamp("revoked");
        return at == null ? new Known.Good() : new Known.Revoked(at.toInstant(), row.getInt("reason"));
    }

    private static Revoked revoked(ResultSet row) throws SQLException {
        int part = row.getInt("part");
        var named = row.wasNull() ? Optional.<Integer>empty() : Optional.of(part);
        return new Revoked(row.getString("ca"), new BigInteger(row.getString("serial"), 16), named);
    }

    /// All that a CA's whole list tells, one by one: they may be very many.
    static void ended(Handle rows, String ca, Consumer<Issuer.Ended> to) {
        rows.createQuery("""
                        select serial, revoked, reason from certificate where ca = :ca and revoked is not null
                        union all
                        select serial, ended, 5 from registrar_ca where above = :ca and ended is not null""")
                .bind("ca", ca)
                .setFetchSize(AT_ONCE)
                .map((row, context) -> entry(row))
                .forEach(to);
    }

    static void ended(Handle rows, String ca, int part, Consumer<Issuer.Ended> to) {
        rows.createQuery("""
                        select serial, revoked, reason from certificate
                        where ca = :ca and part = :part and revoked is not null""")
                .bind("ca", ca)
                .bind("part", part)
                .map((row, context) -> entry(row))
                .forEach(to);
    }

    private static Issuer.Ended entry(ResultSet row) throws SQLException {
        return new Issuer.Ended(
                new BigInteger(row.getString("serial"), 16),
                row.getTimestamp("revoked").toInstant(),
                row.getInt("reason"));
    }

    static BigInteger nextCrlNumber(Handle rows, String ca) {
        return BigInteger.valueOf(rows.createQuery("insert into crl as known (ca, number) values (:ca, 1)"
                        + " on conflict (ca) do update set number = known.number + 1 returning number")
                .bind("ca", ca)
                .mapTo(Long.class)
                .one());
    }
}
