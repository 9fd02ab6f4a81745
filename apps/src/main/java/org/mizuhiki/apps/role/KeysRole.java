package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.List;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.database.Databases;
import org.mizuhiki.keys.KeyRoutes;
import org.mizuhiki.keys.PostgresKeyServer;

/// The key server: reader slots and signed statements, no content.
final class KeysRole {
    private KeysRole() {}

    static RunningRole start(Footing on) {
        var database = Databases.open(on.config().databaseConfig(), PostgresKeyServer.MIGRATIONS, on.die());
        var keys = new PostgresKeyServer(database, on.statements(), new RegionStatute(), on.ledger(), on.clock());
        // what a crash or an absent ledger left unfinished
        var settling = Chores.every(Duration.ofMinutes(1), "settle", keys::settle);
        var server = on.serve(new KeyRoutes(keys).routes(), on.surroundings().withCheck("database", database::ready));
        return on.running(server, Backups.operations(database, List.of()), List.of(settling, database));
    }
}
