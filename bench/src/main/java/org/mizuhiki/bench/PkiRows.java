package org.mizuhiki.bench;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;

/// Rows that years of service would have left: members of a region of millions, made where they lie. Keys
/// and indexes are those of real ones; a certificate's own bytes are shorter (nothing looks them up).
final class PkiRows {
    /// Of every ticket made here; real ones have 128 random bits each.
    static final String SECRET = "01".repeat(16);

    private static final String SALT = "'\\x%s'::bytea".formatted("02".repeat(16));
    private static final String HASH = "sha256('\\x%s%s'::bytea)".formatted("02".repeat(16), SECRET);

    /// Serial numbers of 127 bits, evenly spread, as random ones are.
    private static final long FIRST = 0x4000_0000_0000_0000L;

    private static final String REST = "89abcdef01234567";

    private PkiRows() {}

    /// Serial number of the certificate at this place, 16 bytes.
    static byte[] serial(long place, long count) {
        return HexFormat.of().parseHex(Long.toHexString(FIRST + place * (FIRST / count)) + REST);
    }

    static String ticket(long number) {
        return "%016x".formatted(number) + "." + SECRET;
    }

    /// Tickets for devices, not redeemed yet: numbers `from` to before `from + count`.
    static void tickets(Database database, long from, long count) {
        database.inTransaction(rows -> rows.execute(
                "insert into ticket (id, kind, identity, name, registrar, salt, hash, expires)"
                        + " select lpad(to_hex(n), 16, '0'), 'device', 'acme/bench/' || n, '', 'operator', " + SALT
                        + ", " + HASH + ", ? from generate_series(?, ? - 1) n",
                java.sql.Timestamp.from(Instant.now().plus(30, ChronoUnit.DAYS)),
                from,
                from + count));
    }

    /// As many enrolled patients: tickets redeemed, keys and certificates.
    static void patients(Database database, long count) {
        database.inTransaction(rows -> fill(rows, count));
        database.inTransaction(rows -> rows.execute("analyze ticket")
                + rows.execute("analyze certificate")
                + rows.execute("analyze certified_key"));
    }

    /// Services with certificates of the service-CA.
    static void services(Database database, long count) {
        database.inTransaction(rows -> rows.execute(
                        "insert into ticket (id, kind, identity, name, registrar, salt, hash, expires)"
                                + " select 'service' || n, 'service', 'service' || n, '', 'operator', " + SALT + ", "
                                + HASH + ", now() from generate_series(1, ?) n",
                        count)
                + rows.execute(
                        "insert into certificate (ca, serial, kind, identity, use, der, ends, ticket)"
                                + " select 'service', lpad(to_hex(n * 7919), 32, '4'), 'service', 'service' || n, 'signing', '',"
                                + " now() + interval '1 year', 'service' || n from generate_series(1, ?) n",
                        count));
    }

    private static int fill(Handle rows, long count) {
        patiently(rows);
        rows.execute("set local maintenance_work_mem = '512MB'");
        rows.execute("set local synchronous_commit = off");
        // 1. what would be looked after row by row is made at the end, in one go
        var keys = definitions(
                rows,
                "select conrelid::regclass || '|' || conname || '|' || pg_get_constraintdef(oid)"
                        + " from pg_constraint where contype = 'f' and conrelid in ('certificate'::regclass, 'listing'::regclass)");
        var primary = definitions(
                rows,
                "select conrelid::regclass || '|' || conname || '|' || pg_get_constraintdef(oid)"
                        + " from pg_constraint where contype = 'p' and conrelid in"
                        + " ('certificate'::regclass, 'ticket'::regclass, 'certified_key'::regclass)");
        keys.forEach(k -> rows.execute("alter table " + k[0] + " drop constraint " + k[1]));
        primary.forEach(k -> rows.execute("alter table " + k[0] + " drop constraint " + k[1]));
        var indexes = definitions(
                rows,
                "select '' || '|' || indexname || '|' || indexdef from pg_indexes"
                        + " where tablename in ('certificate', 'ticket', 'certified_key') and schemaname = current_schema()");
        indexes.forEach(i -> rows.execute("drop index " + i[1]));
        // 2. emptied in this transaction, tables and indexes are written without PostgreSQL's journal
        for (var table : List.of("ticket", "certificate", "certified_key")) {
            rows.execute("create temp table kept_" + table + " on commit drop as select * from " + table);
        }
        rows.execute("truncate ticket, certificate, certified_key cascade");
        for (var table : List.of("ticket", "certificate", "certified_key")) {
            rows.execute("insert into " + table + " select * from kept_" + table);
        }
        // 3. the rows
        long step = FIRST / count;
        var serial = "to_hex(" + FIRST + " + n * " + step + ")";
        rows.execute(
                "insert into ticket (id, kind, identity, name, registrar, salt, hash, expires, redeemed, request)"
                        + " select " + serial + ", 'person', 'P-' || upper(" + serial + "), '', '1311234567', " + SALT
                        + ", "
                        + HASH + ", now(), now(), sha256('') from generate_series(0, ? - 1) n",
                count);
        rows.execute(
                "insert into certified_key select decode(" + serial + " || '" + REST.repeat(3)
                        + "', 'hex') from generate_series(0, ? - 1) n",
                count);
        rows.execute(
                "insert into certificate (ca, serial, kind, identity, use, der, ends, ticket)"
                        + " select 'person', " + serial + " || '" + REST + "', 'person', 'P-' || upper(" + serial
                        + "), 'signing', sha256(" + serial + "::bytea), now() + interval '1 year', " + serial
                        + " from generate_series(0, ? - 1) n",
                count);
        // 4. keys and indexes
        primary.forEach(k -> rows.execute("alter table " + k[0] + " add constraint " + k[1] + " " + k[2]));
        indexes.forEach(i -> rows.execute(i[2]));
        keys.forEach(k -> rows.execute("alter table " + k[0] + " add constraint " + k[1] + " " + k[2] + " not valid"));
        return 0;
    }

    /// The pool cuts off what takes more than a minute; an index over ten million rows does.
    private static void patiently(Handle rows) {
        try {
            rows.getConnection().setNetworkTimeout(Runnable::run, (int)
                    Duration.ofMinutes(30).toMillis());
        } catch (SQLException e) {
            throw new IllegalStateException("the driver has time-outs", e);
        }
    }

    private static List<String[]> definitions(Handle rows, String query) {
        return rows.createQuery(query)
                .mapTo(String.class)
                .map(d -> d.split("\\|", 3))
                .list();
    }
}
