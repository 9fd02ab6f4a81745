package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.Databases;
import org.mizuhiki.devices.DeviceRoutes;
import org.mizuhiki.devices.Makers;
import org.mizuhiki.devices.Origins;
import org.mizuhiki.devices.PostgresChipOrders;
import org.mizuhiki.enrol.Acme;
import org.mizuhiki.enrol.EstRoutes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.ledger.LedgerRoutes;
import org.mizuhiki.ledger.LedgerSettings;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.ledger.RemoteWitness;
import org.mizuhiki.ledger.TileLog;
import org.mizuhiki.ledger.Witness;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.provisional.PostgresProvisionals;
import org.mizuhiki.provisional.ProvisionalRoutes;
import org.mizuhiki.registration.PostgresRegistry;
import org.mizuhiki.registration.RegistrationRoutes;
import org.mizuhiki.registration.SignedActs;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.AuthorityRoutes;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.MailboxRoutes;
import org.mizuhiki.trust.Mailboxes;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.trust.TimeStampServer;
import org.mizuhiki.usage.UsageRoutes;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// CAs, revocation, time stamps, key directory, registration and the ledger. The only server that signs
/// for the region.
final class AuthorityRole {
    private static final Duration LIST_LIMIT = Duration.ofHours(24);
    private static final Duration LIST_PAUSE = Duration.ofSeconds(5);

    private final RoleConfig config;
    private final Clock clock;
    private final SecureRandom die;
    private final RegionFile region;
    private final Accreditation accreditation;
    private final TimeStampServer stamps;
    private final AtomicReference<Identity> identity;

    private AuthorityRole(RoleConfig config, Clock clock, SecureRandom die) {
        this.config = config;
        this.clock = clock;
        this.die = die;
        this.region = RegionFile.read(config.region());
        this.accreditation = Accreditation.open(config.folder().resolve("accreditation"), die);
        this.stamps = accreditation.stamps(clock, die);
        this.identity = new AtomicReference<>(Identity.anonymous(region.trust().roots()));
    }

    static RunningRole start(RoleConfig config, Clock clock, SecureRandom die) {
        var opened = new ArrayList<AutoCloseable>();
        try {
            // the database comes up while the keys are read
            var database = Ahead.begin(
                    "database", () -> Databases.open(config.databaseConfig(), PostgresAuthority.MIGRATIONS, die));
            opened.add(() -> database.await().close());
            return new AuthorityRole(config, clock, die).start(database, opened);
        } catch (IOException e) {
            Closing.all(opened.reversed());
            throw new UncheckedIOException("the authority's folder cannot be used", e);
        } catch (RuntimeException e) {
            Closing.all(opened.reversed());
            throw e;
        }
    }

    private RunningRole start(Ahead<Database> opening, List<AutoCloseable> opened) throws IOException {
        // 1. rows and log
        var log = openLog();
        opened.add(log);
        var database = opening.await();
        // 2. who is who
        var authority = new PostgresAuthority(accreditation, database, log, clock, die).tended();
        opened.add(authority);
        var own = ownIdentity(authority).telling(identity::set);
        opened.add(own);
        var standing = new RevocationList(authority.published(), region.trust(), clock, LIST_LIMIT);
        opened.add(standing);
        standing.refresh();
        own.renewIfDue(authority.renewals(), standing::isOfRetiredCa);
        identity.set(own.get());
        own.keptUp(authority.renewals(), standing::isOfRetiredCa);
        standing.every(LIST_PAUSE);
        var registry = registry(authority, database, log, standing);
        opened.add(Chores.every(Duration.ofMinutes(1), "settle registration", registry::settle));
        var provisionals = provisionals(authority, database, log, standing);
        opened.add(Chores.every(Duration.ofMinutes(1), "lapse registrations", provisionals::settle));
        // 3. listen
        var routes = new ArrayList<>(AuthorityRoutes.of(authority, stamps));
        routes.addAll(ProvisionalRoutes.of(provisionals));
        routes.addAll(MailboxRoutes.of(authority.mailboxes(Mailboxes.domain(region.region()))));
        var operator = new Registrar.Operator();
        var certification = authority.certification(operator);
        routes.addAll(EstRoutes.of(
                authority.enrolment(operator), certification, authority.published(), new Origins(clock, die)));
        routes.addAll(DeviceRoutes.of(new PostgresChipOrders(database, authority.issuing(), clock)));
        var address = URI.create(region.authority());
        var acme = new Acme(database, certification, config.folder().resolve("acme-key"), () -> address, clock, die);
        routes.addAll(acme.routes());
        routes.addAll(RegistrationRoutes.of(registry));
        routes.addAll(LedgerRoutes.of(log));
        routes.addAll(UsageRoutes.of(database, clock, authority::countStaff));
        var listen = ServerConfig.of("authority", config.host(), config.port())
                .withPlainPort(config.plainConnector().port())
                .withOrigins(config.browserOrigins().orElse(List.of()));
        var journal = new PostgresJournal(database, clock);
        opened.add(journal.tidied());
        var surroundings = Surroundings.of(clock, die)
                .withCheck("database", database::ready)
                .withCheck("ledger", () -> log.trouble().isEmpty())
                .withJournal(journal);
        var server = HttpServer.start(listen, identity.get(), standing, routes, surroundings);
        own.telling(server::renew);
        opened.add(server);
        // 4. the operator's door
        opened.add(
                OperatorDoor.open(config.folder(), operations(authority, acme, database, log, standing, provisionals)));
        return Closing.together(server.uri(), opened.reversed());
    }

    private TileLog openLog() throws IOException {
        var witnesses = new ArrayList<Witness>();
        for (var w : config.witnesses().orElse(List.of())) {
            witnesses.add(new RemoteWitness(w.name(), Peers.connect(w.uri(), identity::get, Patience.once(), die)));
        }
        return TileLog.open(
                config.folder().resolve(Backups.LOG),
                LogSigner.load(config.folder().resolve("log-keys"), die),
                region.log(),
                stamps,
                witnesses,
                LedgerSettings.usual());
    }

    private PostgresRegistry registry(
            PostgresAuthority authority, Database database, TileLog log, RevocationList standing) {
        var acts = new SignedActs(
                new Seals(die).records(), new PathValidator(region.trust().roots(), standing));
        return new PostgresRegistry(
                database, authority.issuing(), log, acts, config.accreditation().map(InstitutionCode::new), clock);
    }

    private PostgresProvisionals provisionals(
            PostgresAuthority authority, Database database, TileLog log, RevocationList standing) {
        var validator = new PathValidator(region.trust().roots(), standing);
        return new PostgresProvisionals(
                database,
                authority.issuing(),
                authority.directory(),
                new SignedStatements(new Seals(die).records(), validator, clock),
                log,
                config.accreditation().map(InstitutionCode::new),
                clock,
                die);
    }

    /// Its own CA issues it a certificate like any other server's, at the first start.
    private OwnIdentity ownIdentity(PostgresAuthority authority) throws IOException {
        Path tls = Files.createDirectories(config.folder().resolve("tls"));
        var chain = tls.resolve("chain.pem");
        if (!Files.exists(chain)) {
            var pair = KeyFiles.newKeyPair(die);
            var desk = authority.enrolment(new Registrar.Operator());
            var ticket =
                    desk.ticket(new Member.Server("authority", config.names().getFirst()), Duration.ofMinutes(5));
            KeyFiles.writeKey(tls.resolve("key.pem"), pair.getPrivate());
            KeyFiles.writeChain(
                    chain, desk.enrol(ticket, EnrolmentRequests.server(pair)).signing());
        }
        return new OwnIdentity(tls, region.trust().roots(), clock, die);
    }

    private Map<String, OperatorDoor.Operation> operations(
            PostgresAuthority authority,
            Acme acme,
            Database database,
            TileLog log,
            RevocationList standing,
            PostgresProvisionals provisionals) {
        var operator = new Registrar.Operator();
        var all = new HashMap<>(Backups.operations(config, database, Map.of(Backups.LOG, log::copyTo)));
        all.put(
                "ticket",
                asked -> authority
                        .enrolment(operator)
                        .ticket(Asked.newcomer(asked), Asked.life(asked))
                        .revealed());
        all.putAll(AcmeOperations.of(acme, authority.revocation(operator)));
        all.putAll(ForeignRootOperations.of(authority.foreignRoots()));
        all.putAll(MakerOperations.of(new Makers(database, clock)));
        all.putAll(CaOperations.of(authority.caRevocation()));
        all.putAll(RegistrarOperations.of(authority.registrarCas(), standing::refresh));
        all.putAll(ProvisionalOperations.of(provisionals));
        return all;
    }
}
