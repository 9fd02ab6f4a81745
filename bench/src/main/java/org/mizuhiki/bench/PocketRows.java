package org.mizuhiki.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyOutputStream;

/// Rows of a store that has served a region for years: pockets with letters of one author, each letter with an
/// image, a share and its notices. Letters are numbered, so that none has to be remembered.
final class PocketRows {
    private static final List<String> TABLES = List.of("blob", "envelope", "envelope_object", "share", "notice");
    private static final String AT = "2026-05-01 10:00:00+09";

    private PocketRows() {}

    /// Name of the letter of this number; that of its image ends otherwise.
    static Digest letter(long number) {
        return new Digest("%056x".formatted(scattered(number)) + "00000000");
    }

    private static String image(long number) {
        return "%056x".formatted(scattered(number)) + "00000001";
    }

    /// Spread as digests are: rows that are made together must not lie together in the indexes.
    private static long scattered(long number) {
        long x = (number + 1) * 0x9E3779B97F4A7C15L;
        return (x ^ (x >>> 29)) & Long.MAX_VALUE;
    }

    /// What a row of a table says about one letter.
    @FunctionalInterface
    private interface Line {
        int of(StringBuilder line, PersonId owner, long number);
    }

    /// @param first number of the first letter
    /// @param each letters of each pocket
    /// @param reader whom each letter is shared with
    static void copy(Database database, PersonId author, List<PersonId> owners, long first, int each, PersonId reader) {
        database.inTransaction(rows -> {
            patiently(rows);
            rows.execute("set local synchronous_commit = off");
            rows.execute("set local session_replication_role = replica"); // the rows fit; nobody looks for each
            into(rows, new Letters(owners, first, each), author, reader);
            TABLES.forEach(table -> rows.execute("analyze " + table));
            return rows;
        });
    }

    private static void into(Handle rows, Letters letters, PersonId author, PersonId reader) {
        letters.into(
                rows,
                "blob (digest, size, at)",
                (line, _, n) -> fields(line, letter(n), "9000", AT) + fields(line, image(n), "500000", AT));
        letters.into(
                rows,
                "envelope (letter, author, owner, at)",
                (line, owner, n) -> fields(line, letter(n), author, owner, AT));
        letters.into(
                rows,
                "envelope_object (letter, position, digest)",
                (line, _, n) -> fields(line, letter(n), "0", image(n)));
        letters.into(
                rows,
                "share (letter, reader, given_by, grant_digest, until, at)",
                (line, _, n) -> fields(line, letter(n), reader, author, letter(n), "2099-01-01 00:00:00+09", AT));
        letters.into(
                rows,
                "notice (person, letter, about, sender, at)",
                (line, owner, n) -> fields(line, owner, letter(n), owner, author, AT));
    }

    /// @return how many
    private static int fields(StringBuilder line, Object... fields) {
        for (int i = 0; i < fields.length; i++) {
            line.append(i == 0 ? "" : "\t").append(fields[i]);
        }
        line.append('\n');
        return fields.length;
    }

    static List<PersonId> people(int count, SecureRandom die) {
        var people = new ArrayList<PersonId>(count);
        for (int i = 0; i < count; i++) {
            people.add(PersonId.random(die));
        }
        return people;
    }

    private record Letters(List<PersonId> owners, long first, int each) {
        void into(Handle rows, String table, Line line) {
            try (var out = new PGCopyOutputStream(
                    rows.getConnection().unwrap(PGConnection.class), "copy " + table + " from stdin", 1 << 16)) {
                var text = new StringBuilder();
                long number = first;
                for (var owner : owners) {
                    for (int i = 0; i < each; i++) {
                        int _ = line.of(text, owner, number++);
                    }
                    flush(text, out);
                }
            } catch (SQLException | IOException e) {
                throw new UncheckedIOException(new IOException("the rows cannot be copied", e));
            }
        }

        private static void flush(StringBuilder text, OutputStream out) throws IOException {
            out.write(text.toString().getBytes(StandardCharsets.US_ASCII));
            text.setLength(0);
        }
    }

    /// The pool cuts off what takes more than a minute; copying millions of rows does.
    private static void patiently(Handle rows) {
        try {
            Connection connection = rows.getConnection();
            connection.setNetworkTimeout(
                    Runnable::run, (int) Duration.ofMinutes(30).toMillis());
        } catch (SQLException e) {
            throw new IllegalStateException("the driver has time-outs", e);
        }
    }
}
