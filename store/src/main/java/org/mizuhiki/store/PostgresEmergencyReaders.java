package org.mizuhiki.store;

import java.security.MessageDigest;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;

/// Emergency readers in this store's database.
///
/// @param database opened with [PostgresStore#MIGRATIONS]
public record PostgresEmergencyReaders(Database database, Clock clock) implements EmergencyReaders {
    @Override
    public void allow(PersonId owner, Digest token) {
        database.inTransaction(tx -> {
            if (token(tx, owner).filter(token::equals).isEmpty()) {
                tx.execute("delete from emergency_access where owner = ?", owner.value());
                tx.execute(
                        "insert into emergency_access (owner, token, at) values (?, ?, ?) on conflict (owner)"
                                + " do update set token = excluded.token, at = excluded.at",
                        owner.value(),
                        token.hex(),
                        clock.instant());
            }
            return true;
        });
    }

    @Override
    public void forbid(PersonId owner) {
        database.inTransaction(tx -> tx.execute("delete from emergency_access where owner = ?", owner.value()));
    }

    @Override
    public void dismiss(PersonId owner, PersonId reader) {
        database.inTransaction(tx -> tx.execute(
                "delete from emergency_reader where owner = ? and reader = ?", owner.value(), reader.value()));
    }

    @Override
    public void admit(Admission admission) {
        database.inTransaction(tx -> {
            if (token(tx, admission.owner()).isEmpty()) {
                throw notAllowed();
            }
            // who was in and is over shows the token again
            return tx.execute(
                    "insert into emergency_reader as known (owner, reader, until) values (?, ?, ?)"
                            + " on conflict (owner, reader) do update"
                            + " set until = greatest(known.until, excluded.until),"
                            + " entered = known.entered and known.until > ?",
                    admission.owner().value(),
                    admission.reader().value(),
                    admission.until(),
                    clock.instant());
        });
    }

    @Override
    public void enter(PersonId reader, PersonId owner, Bytes token) {
        database.inTransaction(tx -> {
            var shown = Digest.of(token.toArray()).toArray();
            boolean right = token(tx, owner)
                    .filter(known -> MessageDigest.isEqual(known.toArray(), shown))
                    .isPresent();
            if (!right
                    || tx.execute(
                                    "update emergency_reader set entered = true"
                                            + " where owner = ? and reader = ? and until > ?",
                                    owner.value(),
                                    reader.value(),
                                    clock.instant())
                            == 0) {
                throw notAllowed();
            }
            return true;
        });
    }

    private static Optional<Digest> token(Handle tx, PersonId owner) {
        return tx.createQuery("select token from emergency_access where owner = :owner")
                .bind("owner", owner.value())
                .map((r, _) -> new Digest(r.getString("token")))
                .findOne();
    }

    private static Refusal notAllowed() {
        return Refusal.of(
                "emergency-not-allowed",
                "この患者の文書は、緊急時の開示の対象ではないか、開示されていません",
                "This patient lets nobody in for emergencies, or you were not let in");
    }
}
