package org.mizuhiki.store;

import java.security.MessageDigest;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// Keyrings in this store's database. Tokens have 256 random bits: there is nothing to guess, and nothing
/// to count.
///
/// @param database opened with [PostgresStore#MIGRATIONS]
public record PostgresKeyrings(Database database, Clock clock) implements Keyrings {
    private record Row(Kept kept, Digest access) {
        boolean opensWith(Bytes token) {
            return MessageDigest.isEqual(
                    access.toArray(), Digest.of(token.toArray()).toArray());
        }
    }

    @Override
    public Kept fetch(PersonId person, Bytes token) {
        return database.inTransaction(tx -> row(tx, person))
                .filter(row -> row.opensWith(token))
                .map(Row::kept)
                .orElseThrow(PostgresKeyrings::unknown);
    }

    @Override
    public Kept fetchOwn(PersonId person) {
        return database.inTransaction(tx -> row(tx, person)).map(Row::kept).orElseThrow(PostgresKeyrings::unknown);
    }

    @Override
    public void keep(PersonId person, Bytes token, Next next) {
        checkSize(next);
        database.inTransaction(tx -> {
            var row = row(tx, person).orElseThrow(PostgresKeyrings::unknown);
            if (same(row, next)) {
                return true; // said before; its token may be the next one's by now
            }
            if (!row.opensWith(token)) {
                throw unknown();
            }
            return replaced(tx, person, next);
        });
    }

    @Override
    public void keepOwn(PersonId person, Next next) {
        checkSize(next);
        database.inTransaction(
                tx -> row(tx, person).filter(row -> same(row, next)).isPresent() || replaced(tx, person, next));
    }

    private static boolean same(Row row, Next next) {
        return row.kept().equals(new Kept(next.number(), next.content()))
                && row.access().equals(next.access());
    }

    /// One statement decides: of two devices at once, one is told that the other was first.
    private boolean replaced(Handle tx, PersonId person, Next next) {
        int done = tx.createUpdate(
                        next.number() == 1
                                ? "insert into keyring (person, number, access, content, at)"
                                        + " values (:person, :number, :access, :content, :at) on conflict do nothing"
                                : "update keyring set number = :number, access = :access, content = :content, at = :at"
                                        + " where person = :person and number = :number - 1")
                .bind("person", person.value())
                .bind("number", next.number())
                .bind("access", next.access().hex())
                .bind("content", next.content().toArray())
                .bind("at", Timestamp.from(clock.instant()))
                .execute();
        if (done == 0) {
            throw Refusal.of(
                    "keyring-changed",
                    "別の端末が先に鍵束を更新しました。もう一度実行してください",
                    "Another device put a newer keyring first; try again");
        }
        return true;
    }

    private static Optional<Row> row(Handle tx, PersonId person) {
        return tx.createQuery("select number, access, content from keyring where person = :person")
                .bind("person", person.value())
                .map((r, _) -> new Row(
                        new Kept(r.getLong("number"), Bytes.of(r.getBytes("content"))),
                        new Digest(r.getString("access"))))
                .findOne();
    }

    private static void checkSize(Next next) {
        if (next.content().size() < 1 || next.content().size() > MAX_BYTES || next.number() < 1) {
            throw Refusal.of(
                    "keyring-too-large",
                    "鍵束の大きさまたは番号が正しくありません（262144バイトまで）",
                    "A closed keyring has at most 262144 bytes, and a number from 1");
        }
    }

    private static Refusal unknown() {
        return Refusal.of(
                "keyring-unknown",
                "鍵束がないか、鍵が別の端末で交換されました。もう一度ログインしてください",
                "There is no such keyring, or its key was changed on another device; log in again");
    }
}
