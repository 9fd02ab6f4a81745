package org.mizuhiki.enrol.acme;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.Member;

/// SQL of orders, within one transaction.
record OrderRows(Handle rows) {
    private static final String ORDER = """
            select o.*, b.role, b.host from acme_order o
                join acme_account a on a.id = o.account join acme_binding b on b.kid = a.binding\s""";

    void add(String id, Account account, Optional<String> replaces, Instant now, Instant expires) {
        rows.createUpdate("insert into acme_order (id, account, status, created, expires, replaces)"
                        + " values (:id, :account, 'ready', :now, :expires, :replaces)")
                .bind("id", id)
                .bind("account", account.id())
                .bind("now", now)
                .bind("expires", expires)
                .bind("replaces", replaces.orElse(null))
                .execute();
    }

    /// Another account's order does not exist for this one.
    Optional<Order> find(String id, Account account) {
        return rows.createQuery(ORDER + "where o.id = :id and o.account = :account")
                .bind("id", id)
                .bind("account", account.id())
                .map((row, _) -> read(row))
                .findOne();
    }

    /// The order that a certificate came of, by its name in RFC 9773.
    Optional<Order> named(String renewal) {
        return rows.createQuery(ORDER + "where o.renewal = :renewal")
                .bind("renewal", renewal)
                .map((row, _) -> read(row))
                .findOne();
    }

    boolean isReplaced(String renewal) {
        return rows.createQuery("select exists (select from acme_order where replaces = :renewal and status = 'valid')")
                .bind("renewal", renewal)
                .mapTo(Boolean.class)
                .one();
    }

    /// Newest first.
    List<String> of(Account account, int most) {
        return rows.createQuery("select id from acme_order where account = :account and status <> 'invalid'"
                        + " order by created desc limit :most")
                .bind("account", account.id())
                .bind("most", most)
                .mapTo(String.class)
                .list();
    }

    int madeSince(Account account, Instant since) {
        return rows.createQuery("select count(*) from acme_order where account = :account and created > :since")
                .bind("account", account.id())
                .bind("since", since)
                .mapTo(Integer.class)
                .one();
    }

    /// Of all accounts of the member: a new account is no way round the limit.
    int issuedSince(Member.Server member, Instant since) {
        return rows.createQuery("""
                        select count(*) from acme_order o
                            join acme_account a on a.id = o.account join acme_binding b on b.kid = a.binding
                        where b.role = :role and b.host = :host and o.issued > :since""")
                .bind("role", member.role())
                .bind("host", member.host())
                .bind("since", since)
                .mapTo(Integer.class)
                .one();
    }

    void giveUp(String id) {
        rows.createUpdate("update acme_order set status = 'invalid' where id = :id and status = 'ready'")
                .bind("id", id)
                .execute();
    }

    /// Nothing happens when it was answered before: by the same certificate, as trust knows the order.
    void answer(String id, Bytes request, String chain, Instant now) {
        rows.createUpdate("""
                        update acme_order set status = 'valid', request = :request, chain = :chain,
                            renewal = :renewal, issued = :now
                        where id = :id and status <> 'valid'""")
                .bind("id", id)
                .bind("request", request.toArray())
                .bind("chain", chain)
                .bind("renewal", Chains.renewalName(Chains.first(chain)))
                .bind("now", now)
                .execute();
    }

    void forgetUnanswered(Account account, Instant expiredBefore) {
        rows.createUpdate("delete from acme_order where account = :account and status <> 'valid' and expires < :before")
                .bind("account", account.id())
                .bind("before", expiredBefore)
                .execute();
    }

    private static Order read(ResultSet row) throws SQLException {
        return new Order(
                row.getString("id"),
                row.getString("account"),
                new Member.Server(row.getString("role"), row.getString("host")),
                row.getString("status"),
                row.getTimestamp("expires").toInstant(),
                Optional.ofNullable(row.getString("replaces")),
                Optional.ofNullable(row.getBytes("request")).map(Bytes::of),
                Optional.ofNullable(row.getString("chain")));
    }
}
