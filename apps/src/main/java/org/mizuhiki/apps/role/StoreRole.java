package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.mizuhiki.database.Database;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.store.StoreLimits;
import org.mizuhiki.store.StoreRoutes;

/// The store: closed envelopes, no keys.
final class StoreRole {
    private StoreRole() {}

    static RunningRole start(Footing on, Database database) {
        var blobs = on.config().folder().resolve(Backups.BLOBS);
        var limits = StoreLimits.usual();
        var store = PostgresStore.open(database, blobs, limits, on.clock());
        var journal = new PostgresJournal(database, on.clock());
        var routes = StoreRoutes.of(store, limits.blobBytes());
        var server = on.serve(routes, on.surroundings(database, journal));
        var sweeping = Chores.every(Duration.ofHours(1), "sweep", store::sweep);
        var backups = Backups.operations(on.config(), database, Map.of(Backups.BLOBS, store::copyBlobs));
        return on.running(server, backups, List.of(sweeping, journal.tidied(), database));
    }
}
