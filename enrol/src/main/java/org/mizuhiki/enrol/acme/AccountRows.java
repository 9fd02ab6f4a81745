package org.mizuhiki.enrol.acme;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.trust.Member;

/// SQL of accounts and their bindings, within one transaction.
record AccountRows(Handle rows) {
    /// A binding as kept.
    ///
    /// @param used there is an account of it, or was
    record Kept(String kid, Member.Server member, Instant expires, int failures, boolean used) {}

    private static final String ACCOUNT =
            "select a.*, b.role, b.host from acme_account a join acme_binding b on b.kid = a.binding ";

    void bind(String kid, Member.Server member, Instant now, Instant expires) {
        rows.createUpdate("insert into acme_binding (kid, role, host, created, expires)"
                        + " values (:kid, :role, :host, :now, :expires)")
                .bind("kid", kid)
                .bind("role", member.role())
                .bind("host", member.host())
                .bind("now", now)
                .bind("expires", expires)
                .execute();
    }

    void forgetUnused(Instant expiredBefore) {
        rows.createUpdate("delete from acme_binding where not used and expires < :before")
                .bind("before", expiredBefore)
                .execute();
    }

    /// Locks the row: two accounts for one binding come one after the other.
    Optional<Kept> locked(String kid) {
        return rows.createQuery("select * from acme_binding where kid = :kid for update")
                .bind("kid", kid)
                .map((row, _) -> new Kept(
                        row.getString("kid"),
                        new Member.Server(row.getString("role"), row.getString("host")),
                        row.getTimestamp("expires").toInstant(),
                        row.getInt("failures"),
                        row.getBoolean("used")))
                .findOne();
    }

    void countFailure(String kid) {
        rows.createUpdate("update acme_binding set failures = failures + 1 where kid = :kid")
                .bind("kid", kid)
                .execute();
    }

    /// @return false when the key has an account already
    boolean open(String id, String kid, AccountKey key, Instant now) {
        boolean made = rows.createUpdate("""
                                insert into acme_account (id, binding, thumbprint, key, status, created)
                                values (:id, :kid, :thumbprint, :key, 'valid', :now)
                                on conflict (thumbprint) do nothing""")
                        .bind("id", id)
                        .bind("kid", kid)
                        .bind("thumbprint", key.thumbprint())
                        .bind("key", key.json())
                        .bind("now", now)
                        .execute()
                == 1;
        if (made) {
            rows.createUpdate("update acme_binding set used = true where kid = :kid")
                    .bind("kid", kid)
                    .execute();
        }
        return made;
    }

    Optional<Account> find(String id) {
        return rows.createQuery(ACCOUNT + "where a.id = :id")
                .bind("id", id)
                .map((row, _) -> read(row))
                .findOne();
    }

    /// Locks the row: what an account does and what ends it come one after the other.
    Optional<Account> findLocked(String id) {
        return rows.createQuery(ACCOUNT + "where a.id = :id for update of a")
                .bind("id", id)
                .map((row, _) -> read(row))
                .findOne();
    }

    Optional<Account> ofKey(AccountKey key) {
        return rows.createQuery(ACCOUNT + "where a.thumbprint = :thumbprint")
                .bind("thumbprint", key.thumbprint())
                .map((row, _) -> read(row))
                .findOne();
    }

    void change(String id, AccountKey key) {
        rows.createUpdate("update acme_account set thumbprint = :thumbprint, key = :key where id = :id")
                .bind("id", id)
                .bind("thumbprint", key.thumbprint())
                .bind("key", key.json())
                .execute();
    }

    void end(String id, String status) {
        rows.createUpdate("update acme_account set status = :status where id = :id and status = 'valid'")
                .bind("id", id)
                .bind("status", status)
                .execute();
    }

    /// All of a member: its accounts, and bindings that nobody used yet.
    ///
    /// @return how many were ended
    int end(Member.Server member) {
        int accounts = rows.createUpdate("""
                        update acme_account set status = 'revoked' where status <> 'revoked' and binding in
                            (select kid from acme_binding where role = :role and host = :host)""")
                .bind("role", member.role())
                .bind("host", member.host())
                .execute();
        int bindings = rows.createUpdate("delete from acme_binding where role = :role and host = :host and not used")
                .bind("role", member.role())
                .bind("host", member.host())
                .execute();
        return accounts + bindings;
    }

    private static Account read(ResultSet row) throws SQLException {
        return new Account(
                row.getString("id"),
                new Member.Server(row.getString("role"), row.getString("host")),
                AccountKey.read(row.getString("key")),
                row.getString("status"),
                row.getTimestamp("created").toInstant());
    }
}
