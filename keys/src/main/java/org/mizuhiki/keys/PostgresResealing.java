package org.mizuhiki.keys;

import java.util.List;
import java.util.Map;
import org.mizuhiki.consent.Statement.LetterResealed;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;

/// Owners' slots in the key server's database.
record PostgresResealing(
        Database database, Statements statements, Filing filing, Provisional provisional, OwnerKeys keys)
        implements Resealing {
    @Override
    public List<OwnerSlot> written(PersonId author, Digest after) {
        return database.inTransaction(tx -> tx.createQuery("select l.letter, l.owner,"
                        + " coalesce(s.key_id, repeat('0', 64)) as key_id from letters l"
                        + " left join slots s on s.statement = l.statement and s.reader = l.owner"
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
    public void reseal(PersonId author, Bytes letterResealed, Slot slot) {
        PostgresKeyServer.checkSize(slot);
        // 1. the author's word, for this slot
        var attested = PostgresKeyServer.mine(author, statements.check(letterResealed, LetterResealed.class));
        var s = attested.statement();
        if (!slot.encoded().sha256().equals(s.slot()) || !slot.keyId().equals(s.key())) {
            throw No.slotMismatch();
        }
        // 2. about the author's own letter to somebody else
        boolean done = database.inTransaction(tx -> {
            var rows = new KeyRows(tx);
            var letter = rows.letter(s.letter())
                    .filter(l -> l.author().equals(author) && l.owner().equals(s.owner()))
                    .filter(l -> rows.statement(l.statement()).isPresent())
                    .orElseThrow(No::letterUnknown);
            boolean isFor = rows.slot(letter.statement(), s.owner())
                    .filter(o -> o.keyId().equals(s.key()))
                    .isPresent();
            return isFor || rows.statement(s.id()).isPresent();
        });
        if (done) {
            return;
        }
        // 3. for the key that the owner has now: else an author, or who has the author's key, puts the owner out
        provisional.mustBeInUse(slot);
        if (!keys.of(s.owner()).equals(s.key())) {
            throw No.ownerKeyDiffers();
        }
        // 4. ledger, then the slot's place
        filing.file(attested, Map.of(s.owner(), slot));
    }
}
