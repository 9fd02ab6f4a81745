package org.mizuhiki.trust;

import java.math.BigInteger;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.RegistrarCas.Standing;

/// Registrars' CAs at rest, and the count of what they issued.
final class RegistrarRows {
    private RegistrarRows() {}

    static void add(Handle rows, Standing ca, String institutionName, BigInteger serial, String above) {
        rows.createUpdate("""
                        insert into registrar_ca (name, institution, institution_name, serial, quota, begun, expires, above)
                        values (:name, :institution, :institutionName, :serial, :quota, :begun, :expires, :above)""")
                .bind("name", ca.name())
                .bind("above", above)
                .bind("institution", ca.institution().value())
                .bind("institutionName", institutionName)
                .bind("serial", serial.toString(16))
                .bind("quota", ca.quota())
                .bind("begun", ca.begun())
                .bind("expires", ca.expires())
                .execute();
    }

    static List<Standing> all(Handle rows) {
        return rows.createQuery("select * from registrar_ca order by begun desc, name desc")
                .map((row, context) -> read(row))
                .list();
    }

    static Optional<Standing> find(Handle rows, String name) {
        return rows.createQuery("select * from registrar_ca where name = :name")
                .bind("name", name)
                .map((row, context) -> read(row))
                .findOne();
    }

    static Optional<Standing> latest(Handle rows, InstitutionCode of) {
        return rows.createQuery("select * from registrar_ca where institution = :of order by begun desc, name desc"
                        + " limit 1")
                .bind("of", of.value())
                .map((row, context) -> read(row))
                .findOne();
    }

    static int count(Handle rows, InstitutionCode of) {
        return rows.createQuery("select count(*) from registrar_ca where institution = :of")
                .bind("of", of.value())
                .mapTo(Integer.class)
                .one();
    }

    static void end(Handle rows, String name, Instant now) {
        rows.createUpdate("update registrar_ca set ended = :now where name = :name and ended is null")
                .bind("now", now)
                .bind("name", name)
                .execute();
    }

    /// Counts one person more; locks the row, so that no two take the last place.
    ///
    /// @throws Refusal `registrar-ca-exhausted`, `registrar-ca-expired`, `registrar-ca-ended`
    static void use(Handle rows, String name, Instant now) {
        int counted = rows.createUpdate("""
                        update registrar_ca set used = used + 1
                        where name = :name and used < quota and expires > :now and ended is null""").bind("name", name).bind("now", now).execute();
        if (counted != 1) {
            mustBeUsable(find(rows, name).orElseThrow(), now);
            throw exhausted();
        }
    }

    /// @throws Refusal `registrar-ca-exhausted`, `registrar-ca-expired`, `registrar-ca-ended`
    static void mustBeUsable(Standing ca, Instant now) {
        if (ca.ended().isPresent()) {
            throw Refusal.of(
                    "registrar-ca-ended", "この医療機関の登録用認証局は運営者により停止されています", "The operator ended this institution's CA");
        }
        if (!now.isBefore(ca.expires())) {
            throw Refusal.of(
                    "registrar-ca-expired",
                    "この医療機関の登録用認証局は有効期限が切れています。運営者に更新を依頼してください",
                    "This institution's CA has expired; ask the operator for a new one");
        }
        if (ca.used() >= ca.quota()) {
            throw exhausted();
        }
    }

    private static Refusal exhausted() {
        return Refusal.of(
                "registrar-ca-exhausted",
                "この医療機関の登録用認証局は発行枠を使い切りました。運営者に追加を依頼してください",
                "This institution's CA has used up its quota; ask the operator for another");
    }

    private static Standing read(ResultSet row) throws SQLException {
        return new Standing(
                row.getString("name"),
                new InstitutionCode(row.getString("institution")),
                row.getInt("quota"),
                row.getInt("used"),
                row.getTimestamp("begun").toInstant(),
                row.getTimestamp("expires").toInstant(),
                Optional.ofNullable(row.getTimestamp("ended")).map(java.sql.Timestamp::toInstant));
    }
}
