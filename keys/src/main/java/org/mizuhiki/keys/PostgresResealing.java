package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;

/// Owners' slots in the key server's database.
///
/// @param database opened with [PostgresKeyServer#MIGRATIONS]
public record PostgresResealing(Database database) implements Resealing {
    @Override
    public List<OwnerSlot> written(PersonId author, Digest after) {
        return database.inTransaction(tx -> tx.createQuery("select l.letter, l.owner, s.key_id from letters l"
                        + " join slots s on s.statement = l.statement and s.reader = l.owner"
                        + " join statements f on f.id = l.statement"
                        + " where l.author = :author and l.owner <> l.author and l.letter > :after"
                        + " order by l.letter limit :most")
                .bind("author", author.value())
                .bind("after", after.hex())
                .bind("most", MAX_PAGE)
                .map((r, _) -> new OwnerSlot(
                        new Digest(r.getString("letter")),
                        new PersonId(r.getString("owner")),
                        new Digest(r.getString("key_id"))))
                .list());
    }

    @Override
    public void reseal(PersonId author, Digest letter, Slot ownersSlot) {
        if (ownersSlot.encoded().size() < 1 || ownersSlot.encoded().size() > KeyServer.MAX_SLOT) {
            throw No.slotTooLarge();
        }
        int done = database.inTransaction(tx -> tx.createUpdate("update slots s set key_id = :key, encoded = :encoded"
                        + " from letters l join statements f on f.id = l.statement"
                        + " where l.letter = :letter and l.author = :author and l.owner <> l.author"
                        + " and s.statement = l.statement and s.reader = l.owner")
                .bind("key", ownersSlot.keyId().hex())
                .bind("encoded", ownersSlot.encoded().toArray())
                .bind("letter", letter.hex())
                .bind("author", author.value())
                .execute());
        if (done == 0) {
            throw No.letterUnknown();
        }
    }
}
