package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.mizuhiki.database.Database;
import org.mizuhiki.store.EmergencyReaderRoutes;
import org.mizuhiki.store.KeyringRoutes;
import org.mizuhiki.store.PasswordShareRoutes;
import org.mizuhiki.store.PostgresEmergencyReaders;
import org.mizuhiki.store.PostgresKeyrings;
import org.mizuhiki.store.PostgresPasswordShares;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.store.StoreLimits;
import org.mizuhiki.store.StoreRoutes;
import org.mizuhiki.usage.UsageRoutes;

/// The store: closed envelopes, no keys; its half of log-ins by password.
final class StoreRole {
    private StoreRole() {}

    static RunningRole start(Footing on, Database database) {
        var blobs = on.config().folder().resolve(Backups.BLOBS);
        var limits = StoreLimits.usual();
        var store = PostgresStore.open(database, blobs, limits, on.clock());
        var journal = new PostgresJournal(database, on.clock());
        var shares = PostgresPasswordShares.open(database, on.clock(), on.die());
        var keyrings = new PostgresKeyrings(database, on.clock());
        var routes = Stream.of(
                        StoreRoutes.of(store, limits.blobBytes()),
                        new PasswordShareRoutes(shares, shares, keyrings).routes(),
                        new KeyringRoutes(keyrings).routes(),
                        new EmergencyReaderRoutes(new PostgresEmergencyReaders(database, on.clock())).routes(),
                        UsageRoutes.of(database, on.clock()))
                .flatMap(List::stream)
                .toList();
        var server = on.serve(routes, on.surroundings(database, journal));
        var sweeping = Chores.every(Duration.ofHours(1), "sweep", store::sweep);
        var sharesSweeping = Chores.every(Duration.ofMinutes(1), "sweep-shares", shares::sweep);
        var backups = Backups.operations(on.config(), database, Map.of(Backups.BLOBS, store::copyBlobs));
        return on.running(server, backups, List.of(sweeping, sharesSweeping, journal.tidied(), database));
    }
}
