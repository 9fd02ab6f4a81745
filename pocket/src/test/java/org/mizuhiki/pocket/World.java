package org.mizuhiki.pocket;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.mizuhiki.account.AccountServers;
import org.mizuhiki.consent.RegionStatute;
import org.mizuhiki.consent.SignedStatements;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.keys.EmergencyTerminals;
import org.mizuhiki.keys.PostgresAccount;
import org.mizuhiki.keys.PostgresKeyServer;
import org.mizuhiki.keys.PostgresPasswords;
import org.mizuhiki.keys.PostgresRecoveries;
import org.mizuhiki.keys.Registrations;
import org.mizuhiki.keys.Resealing;
import org.mizuhiki.ledger.DurableWitness;
import org.mizuhiki.ledger.LedgerSettings;
import org.mizuhiki.ledger.LogKeys;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.ledger.OfflineEvidenceCheck;
import org.mizuhiki.ledger.PinnedStampRoots;
import org.mizuhiki.ledger.TileLog;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.provisional.PostgresProvisionals;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.store.PostgresEmergencyReaders;
import org.mizuhiki.store.PostgresKeyrings;
import org.mizuhiki.store.PostgresPasswordShares;
import org.mizuhiki.store.PostgresStore;
import org.mizuhiki.store.StoreLimits;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.DirectoryCheck;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Origin;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.RegionTrust;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.trust.TimeStampServer;

/// A region with real servers in this process: authority, witnessed ledger, key server, store; and its
/// people. One for all tests of a run: nothing in it is shared between tests but people and what they sign.
final class World implements AutoCloseable {
    static final String PASSPHRASE = "correct horse battery";
    static final InstitutionCode CLINIC = new InstitutionCode("1311234567");
    static final InstitutionCode HOSPITAL = new InstitutionCode("1317654321");

    final SecureRandom die = new SecureRandom();
    final Clock clock;
    final Seals seals = new Seals(die);
    final Path folder;
    final PostgresAuthority authority;
    final RevocationList revocations;
    final Region region;
    final TileLog ledger;
    final TimeStampServer stamps;
    final PostgresProvisionals provisionals;
    final PostgresKeyServer keys;
    final Accreditation accreditation;
    private final Database storeRows;
    private final Database keyRows;
    private final List<Database> databases = new ArrayList<>();
    private final Map<Bytes, Statement> checked = new ConcurrentHashMap<>();
    private final Map<String, Player> players = new ConcurrentHashMap<>();

    /// A person with a device.
    record Player(Device device, Pocket pocket, Member member) {
        PersonId id() {
            return device.id();
        }
    }

    World() throws IOException {
        this(Clock.systemUTC());
    }

    World(Clock clock) throws IOException {
        this.clock = clock;
        folder = Files.createTempDirectory("mizuhiki-pocket");
        // PostgreSQL runs as somebody else when the tests run as root, and must reach its own folder in this one
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        accreditation = Accreditation.found(
                folder.resolve("accreditation"), "test", URI.create("http://127.0.0.1:1"), clock, die);
        stamps = accreditation.stamps(clock, die);
        var signer = LogSigner.generate("ledger.test", die);
        var witnessKey = DurableWitness.create(folder.resolve("witness"), "witness.test", "ledger.test", die);
        LogKeys log = signer.keys(Map.of("witness.test", witnessKey), 1);
        var witness = DurableWitness.open(folder.resolve("witness"), "witness.test", log, clock, die);
        ledger = TileLog.open(
                folder.resolve("ledger"),
                signer,
                log,
                stamps,
                List.of(witness),
                LedgerSettings.usual().every(Duration.ofMillis(20)));
        var rows = database("authority", PostgresAuthority.MIGRATIONS);
        authority = new PostgresAuthority(accreditation, rows, ledger, clock, die);
        var trust = new RegionTrust("test", accreditation.roots(), log);
        revocations = new RevocationList(authority.published(), trust.roots(), clock, Duration.ofHours(24));
        revocations.refresh();
        var validator = new PathValidator(trust.roots(), revocations);
        var evidence = new OfflineEvidenceCheck(seals.stamps(), new PinnedStampRoots(trust.roots()));
        var statements = new SignedStatements(seals.records(), validator, clock);
        provisionals = new PostgresProvisionals(
                rows,
                authority.issuing(),
                authority.directory(),
                statements,
                ledger,
                Optional.of(HOSPITAL),
                clock,
                die);
        keyRows = database("keys", PostgresKeyServer.MIGRATIONS);
        storeRows = database("store", PostgresStore.MIGRATIONS);
        keys = new PostgresKeyServer(keyRows, statements, new RegionStatute(), ledger, clock, asked());
        region = new Region(
                keys,
                PostgresStore.open(storeRows, folder.resolve("blobs"), StoreLimits.usual(), clock),
                authority.directory(),
                authority.enrolment(new Registrar.Operator()),
                ledger,
                stamps,
                validator,
                evidence,
                new DirectoryCheck(validator, evidence, log, clock),
                statements,
                new RegionStatute(),
                trust);
    }

    private Registrations asked() {
        return new Registrations() {
            @Override
            public boolean isOnFile(PersonId patient, Digest registration) {
                return provisionals.isOnFile(patient, registration);
            }

            @Override
            public List<Digest> ended(List<Digest> registrations) {
                return provisionals.ended(registrations);
            }
        };
    }

    /// Where authors seal again.
    Resealing resealing() {
        return keys.resealing(owner -> region.directoryCheck()
                .check(owner, region.directory().find(owner))
                .keyId());
    }

    /// Where log-ins by password and closed keyrings are answered.
    AccountServers accountServers() {
        var shares = PostgresPasswordShares.open(storeRows, clock, die);
        var passwords = PostgresPasswords.open(keyRows, shares, clock, die);
        return new AccountServers(
                _ -> passwords,
                new PostgresAccount(keyRows, clock, die),
                new PostgresRecoveries(keyRows, clock, Duration.ofDays(3), die),
                new PostgresKeyrings(storeRows, clock),
                _ -> shares);
    }

    /// Where emergencies are answered.
    EmergencyServers emergencyServers() {
        var store = new PostgresEmergencyReaders(storeRows, clock);
        return new EmergencyServers(keys.emergencies(emergencyTerminals(), store, die), store);
    }

    EmergencyTerminals emergencyTerminals() {
        return new EmergencyTerminals(keyRows, clock);
    }

    private Database database(String name, String migrations) {
        var config = DatabaseConfig.embedded(folder.resolve("db-" + name), folder.resolve("binaries"));
        var database = Databases.open(config, migrations, die);
        databases.add(database);
        return database;
    }

    Player doctorA() {
        return player("a", new Member.Professional(PersonId.random(die), "山田 太郎", CLINIC, "山田医院"));
    }

    Player doctorB() {
        return player("b", new Member.Professional(PersonId.random(die), "佐藤 花子", HOSPITAL, "中央病院"));
    }

    Player doctorC() {
        return player("c", new Member.Professional(PersonId.random(die), "鈴木 次郎", HOSPITAL, "中央病院"));
    }

    Player patient() {
        return player("p", new Member.Patient(PersonId.random(die)));
    }

    /// Somebody for one test alone.
    Player somebody(Member member) {
        return player(member.identity(), member);
    }

    Member newDoctor() {
        return new Member.Professional(PersonId.random(die), "高橋 三郎", CLINIC, "山田医院");
    }

    Member newPatient() {
        return new Member.Patient(PersonId.random(die));
    }

    private Player player(String name, Member member) {
        return players.computeIfAbsent(name, _ -> {
            var device =
                    Device.create(folder.resolve("device-" + name), region, ticket(member), passphrase(), seals, clock);
            return new Player(device, new Pocket(device, region, clock, die), member);
        });
    }

    /// An accredited registrar of the clinic and a colleague who supervises, both for one test alone.
    Registrars registrars(int quota) {
        var registrar = somebody(newDoctor());
        var supervisor = somebody(newDoctor());
        withRegistrarCa();
        provisionals.accredit(registrar.id(), supervisor.id(), quota, Duration.ofDays(60));
        return new Registrars(registrar, supervisor);
    }

    /// Who may register, and who looks after it.
    record Registrars(Player registrar, Player supervisor) {}

    private synchronized void withRegistrarCa() {
        var clinic = new Member.Institution(CLINIC, "山田医院");
        if (authority.registrarCas().standings().isEmpty()) {
            var pair = KeyFiles.newKeyPair(die);
            region.enrolment().enrol(ticket(clinic), EnrolmentRequests.server(pair));
            authority.registrarCas().create(clinic, 100, Duration.ofDays(60));
            revocations.refresh();
        }
    }

    /// Provisional registration as this person uses it.
    Registering registering(Player player) {
        return player.pocket().registering(provisionals.of(player.member()));
    }

    /// A patient who was registered provisionally, on a device of their own.
    Player activated(ActivationSecret secret, String name) {
        var desk = activations();
        var device =
                Activation.begin(folder.resolve("device-" + name), region, desk, secret, passphrase(), seals, clock);
        return new Player(device, new Pocket(device, region, clock, die), new Member.Patient(device.id()));
    }

    Enrolment activations() {
        return new Enrolment() {
            @Override
            public Ticket ticket(Member member, Duration life) {
                throw new UnsupportedOperationException("activation gives out nothing");
            }

            @Override
            public Enrolled enrol(Ticket ticket, Request request, Origin origin) {
                return provisionals.activate(ticket, request);
            }
        };
    }

    /// The device after the log-in of a person whose certificate may be due.
    Device renewed(Device device) {
        return device.renewedIfDue(authority.renewals(), region.validator(), passphrase(), seals, clock);
    }

    /// A statement, checked once.
    Statement checked(Bytes signed) {
        return checked.computeIfAbsent(signed, s -> region.statements().check(s).statement());
    }

    Ticket ticket(Member member) {
        return region.enrolment().ticket(member, Duration.ofHours(1));
    }

    static Secret passphrase() {
        return Secret.taking(Bytes.utf8(PASSPHRASE).toArray());
    }

    /// The care relation of the standing cast.
    void relate(Player doctor, Player patient) {
        boolean stands = doctor.pocket().relations().list().stream()
                .anyMatch(r -> r.patient().equals(patient.id()) && r.state() == Relations.State.STANDING);
        if (!stands) {
            doctor.pocket().relations().propose(patient.id(), Duration.ofDays(30));
            patient.pocket().relations().accept(doctor.id());
        }
    }

    /// The same person, whose device meets other servers.
    Pocket pocket(Player player, Region other) {
        return new Pocket(player.device(), other, clock, die);
    }

    @Override
    public void close() throws IOException {
        players.values().forEach(p -> p.device().close());
        revocations.close();
        authority.close();
        ledger.close();
        databases.forEach(Database::close);
        Disk.remove(folder);
    }

    /// Hands the one world to tests and closes it at the end of the run.
    static final class Given implements ParameterResolver {
        @Override
        public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
            return parameter.getParameter().getType() == World.class;
        }

        @Override
        public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
            return context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL).computeIfAbsent(World.class, _ -> {
                try {
                    return new World();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
        }
    }
}
