package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.database.Database;
import org.mizuhiki.keys.KeyRoutes;
import org.mizuhiki.keys.PostgresKeyServer;

/// The key server: reader slots and signed statements, no content.
final class KeysRole {
    private KeysRole() {}

    static RunningRole start(Footing on, Database database) {
        var keys = new PostgresKeyServer(database, on.statements(), new RegionStatute(), on.ledger(), on.clock());
        var journal = new PostgresJournal(database, on.clock());
        var server = on.serve(new KeyRoutes(keys).routes(), on.surroundings(database, journal));
        // what a crash or an absent ledger left unfinished
        var settling = Chores.every(Duration.ofMinutes(1), "settle", keys::settle);
        return on.running(
                server,
                Backups.operations(on.config(), database, Map.of()),
                List.of(settling, journal.tidied(), database));
    }
}
