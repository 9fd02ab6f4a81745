package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Refusal;

/// A stolen CA's key is declared while the database fails.
@ExtendWith(SharedDatabase.class)
@Tag("D15")
class CaErrandsTest {
    /// Another's database that comes and goes.
    private static final class Failing implements Database {
        private final Database database;
        private volatile boolean away;

        Failing(Database database) {
            this.database = database;
        }

        @Override
        public <T> T inTransaction(Work<T> work) {
            if (away) {
                throw Refusal.of("database-away", "データベースに接続できません", "The database cannot be reached");
            }
            return database.inTransaction(work);
        }

        @Override
        public boolean ready() {
            return !away;
        }

        @Override
        public void backup(Path folder) {
            database.backup(folder);
        }

        @Override
        public void restore(Path folder) {
            database.restore(folder);
        }

        @Override
        public void close() {}
    }

    @Test
    void nothingIsIssuedUntilItIsKnownWhetherTheDeclarationStands(Region region) {
        var database = new Failing(region.database());
        try (var authority =
                new PostgresAuthority(region.accreditation(), database, region.ledger(), region.clock(), Region.DIE)) {
            var desk = authority.enrolment(new Registrar.Operator());
            var ticket = desk.ticket(Region.somePatient(), java.time.Duration.ofDays(1));
            database.away = true;
            Refused.with("database-away", () -> authority.errands().begin("person", "操作 太郎", "HSM stolen"));
            database.away = false;
            Refused.with("ca-unavailable", () -> desk.enrol(ticket, Region.someRequest()));
            authority.errands().run();
            // nothing was written: the operator, who was told so, says it again
            assertEquals(3, desk.enrol(ticket, Region.someRequest()).signing().size());
        }
    }
}
