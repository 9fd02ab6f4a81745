package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.mizuhiki.centre.CentreRoutes;
import org.mizuhiki.centre.PostgresCentre;
import org.mizuhiki.database.Database;
import org.mizuhiki.registration.RemoteServices;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.usage.UsageRoutes;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.wire.Limits;
import org.mizuhiki.wire.NetworkTime;

/// The provider's control plane: who connects to whom.
final class CentreRole {
    /// Each router waits for its orders on a connection of its own, and most of them at any time.
    private static final int ROUTERS = 20_000;

    private CentreRole() {}

    static RunningRole start(Footing on, Database database) {
        var centre = new PostgresCentre(
                database,
                new PostgresCentre.Around(
                        on.config().providerCode(),
                        () -> author(on),
                        on.standing(),
                        new RemoteServices(on.authority())::inService,
                        new Declarations(new Seals(on.die()).records(), on.validator(), on.clock()),
                        on.validator(),
                        on.ledger(),
                        on.clock(),
                        on.die()));
        var journal = new PostgresJournal(database, on.clock());
        var limits = Limits.usual().withRequestsAtOnce(ROUTERS).withConnections(ROUTERS);
        var time = new NetworkTime(on.config().time().orElse(List.of()), on.clock(), on.die());
        // a centre whose clock is off decides and signs for the wrong hour: nobody should send it anything
        var surroundings = on.surroundings(database, journal).withCheck("clock", () -> !time.tooFar());
        var firstBoots = new FirstBootDesk(
                on.config().folder().resolve("first-boot"), on.config().providerCode(), on.region());
        var routes = new ArrayList<>(CentreRoutes.of(centre));
        routes.add(firstBoots.route());
        routes.addAll(UsageRoutes.of(database, on.clock()));
        var server = on.serve(routes, surroundings, limits);
        var chores = List.<AutoCloseable>of(
                Chores.every(Duration.ofMinutes(4), "time", time::look),
                Chores.every(Duration.ofSeconds(1), "renew", centre::renew),
                Chores.every(Duration.ofSeconds(5), "cut-revoked", () -> cutRevoked(on, centre)),
                Chores.every(Duration.ofMinutes(1), "settle", centre::settle),
                journal.tidied(),
                database);
        var operations = new HashMap<>(Backups.operations(on.config(), database, Map.of()));
        operations.putAll(firstBoots.operations());
        var running = on.running(server, operations, chores);
        // who waits for orders goes before the server waits for them
        return Closing.together(server.uri(), List.of(centre::release, running));
    }

    /// Fresh lists first: a key in wrong hands is off within seconds, not at the next look at lists.
    private static void cutRevoked(Footing on, PostgresCentre centre) {
        try {
            on.standing().refresh();
        } finally {
            centre.cutRevoked();
        }
    }

    private static Author author(Footing on) {
        var identity = on.identity().get();
        return new Author(identity.key(), identity.chain());
    }
}
