package org.mizuhiki.apps.role;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.mizuhiki.database.Database;
import org.mizuhiki.dues.DuesRoutes;
import org.mizuhiki.dues.Office;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.RemoteUsage;
import org.mizuhiki.usage.UsageRoutes;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// The non-profit's office: accounts, invoices, costs. It asks the other servers for numbers and can do
/// nothing else there.
final class OfficeRole {
    private OfficeRole() {}

    static RunningRole start(Footing on, Database database) {
        var office = new Office(database, sources(on), on.clock());
        var journal = new PostgresJournal(database, on.clock());
        var server = on.serve(DuesRoutes.of(office), on.surroundings(database, journal));
        var collecting = Chores.every(Duration.ofHours(1), "collect-usage", office::collect);
        var operations = new HashMap<>(Backups.operations(on.config(), database, Map.of()));
        operations.putAll(new OfficeOperations(office, on.clock()).all());
        return on.running(server, operations, List.of(collecting, journal.tidied(), database));
    }

    private static Map<String, Function<Month, UsageRoutes.Usage>> sources(Footing on) {
        var sources = new HashMap<String, Function<Month, UsageRoutes.Usage>>();
        sources.put("authority", new RemoteUsage(on.authority())::of);
        sources.put("store", usage(on, on.region().store()));
        sources.put("keys", usage(on, on.region().keys()));
        on.region().centre().ifPresent(address -> sources.put("centre", usage(on, address)));
        return sources;
    }

    private static Function<Month, UsageRoutes.Usage> usage(Footing on, String address) {
        Peer peer = Peers.connect(URI.create(address), on.identity(), Patience.usual(), on.die());
        return new RemoteUsage(peer)::of;
    }
}
