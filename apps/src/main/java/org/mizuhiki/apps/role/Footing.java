package org.mizuhiki.apps.role;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.database.Database;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.RemoteLedger;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.RemoteRevocation;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.trust.Validator;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Limits;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.Route;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// What every server but the authority stands on: its certificate, the authority as its peer, fresh
/// revocation lists.
///
/// @param authority mutual TLS to the authority
/// @param standing whether callers' certificates still stand
record Footing(
        RoleConfig config,
        RegionFile region,
        OwnIdentity identity,
        Peer authority,
        RevocationList standing,
        Clock clock,
        SecureRandom die)
        implements AutoCloseable {
    private static final Duration LIST_LIMIT = Duration.ofHours(24);
    private static final Duration LIST_PAUSE = Duration.ofSeconds(30);

    /// Enrols at the first start, then loads what was given.
    static Footing stand(RoleConfig config, Clock clock, SecureRandom die) {
        var region = RegionFile.read(config.region());
        var roots = region.trust().roots();
        var renewals = ServerIdentity.renewals(config.authorityUri(), roots, die);
        var identity = ServerIdentity.of(
                config.folder().resolve("tls"), config.ticket(), config.authorityUri(), roots, clock, die);
        var authority = Peers.connect(config.authorityUri(), identity, Patience.usual(), die);
        var anonymous = Peers.connect(config.authorityUri(), Identity.anonymous(roots), die);
        var published = new EvenRevoked(new RemoteRevocation(authority), new RemoteRevocation(anonymous));
        var standing = new RevocationList(published, region.trust(), clock, LIST_LIMIT);
        standing.refresh();
        identity.keptUp(renewals, standing::isOfRetiredCa);
        standing.every(LIST_PAUSE);
        return new Footing(config, region, identity, authority, standing, clock, die);
    }

    /// Mutual TLS to the store; connects at the first call.
    Peer store() {
        return Peers.connect(URI.create(region.store()), identity, Patience.usual(), die);
    }

    Ledger ledger() {
        return new RemoteLedger(authority);
    }

    Validator validator() {
        return new PathValidator(region.trust().roots(), standing);
    }

    Statements statements() {
        return new SignedStatements(new Seals(die).records(), validator(), clock);
    }

    HttpServer serve(List<Route> routes, Surroundings surroundings) {
        return serve(routes, surroundings, Limits.usual());
    }

    HttpServer serve(List<Route> routes, Surroundings surroundings, Limits limits) {
        var listen = ServerConfig.of(config.role(), config.host(), config.port())
                .withLimits(limits)
                .withOrigins(config.browserOrigins().orElse(List.of()));
        var server = HttpServer.start(listen, identity.get(), standing, routes, surroundings);
        identity.telling(server::renew);
        return server;
    }

    Surroundings surroundings() {
        return Surroundings.of(clock, die).withCheck("revocation-lists", this::listsAreFresh);
    }

    /// Of a server with a database: repeated requests are known across restarts.
    Surroundings surroundings(Database database, PostgresJournal journal) {
        return surroundings().withCheck("database", database::ready).withJournal(journal);
    }

    /// A running server and its operator's door as one thing to close.
    RunningRole running(HttpServer server, Map<String, OperatorDoor.Operation> operations, List<AutoCloseable> behind) {
        var all = new java.util.ArrayList<AutoCloseable>();
        all.add(OperatorDoor.open(config.folder(), operations));
        all.add(server);
        all.addAll(behind);
        all.add(this);
        return Closing.together(server.uri(), all);
    }

    private boolean listsAreFresh() {
        try {
            standing.check(identity.get().chain().getFirst());
            return true;
        } catch (org.mizuhiki.house.Refusal r) {
            return false;
        }
    }

    @Override
    public void close() {
        identity.close();
        standing.close();
    }
}
