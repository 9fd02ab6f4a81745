package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.List;
import org.mizuhiki.database.Databases;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.store.StoreLimits;
import org.mizuhiki.store.StoreRoutes;

/// The store: closed envelopes, no keys.
final class StoreRole {
    private StoreRole() {}

    static RunningRole start(Footing on) {
        var database = Databases.open(on.config().databaseConfig(), PostgresStore.MIGRATIONS, on.die());
        var blobs = on.config().folder().resolve("blobs");
        var limits = StoreLimits.usual();
        var store = PostgresStore.open(database, blobs, limits, on.clock());
        var sweeping = Chores.every(Duration.ofHours(1), "sweep", store::sweep);
        var server = on.serve(
                StoreRoutes.of(store, limits.blobBytes()), on.surroundings().withCheck("database", database::ready));
        return on.running(server, Backups.operations(database, List.of(blobs)), List.of(sweeping, database));
    }
}
