package org.mizuhiki.enrol;

import static java.util.Objects.requireNonNull;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.devices.ChipOrders;
import org.mizuhiki.devices.DeviceRoutes;
import org.mizuhiki.devices.Makers;
import org.mizuhiki.devices.Origins;
import org.mizuhiki.devices.PostgresChipOrders;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.Evidence;
import org.mizuhiki.ledger.Ledger;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.ledger.SignedCheckpoint;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.AuthorityRoutes;
import org.mizuhiki.trust.Certification;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Origin;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Revocation;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// An authority that serves EST and ACME: real TLS, real PostgreSQL. Time is the machine's, as TLS asks it, but
/// devices may have been enrolled long ago.
final class LiveAuthority implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    /// For what happened long ago, before anybody asked.
    private static final Origin ANY_CHIP = new Origin() {
        @Override
        public Optional<Member.Device> device() {
            return Optional.empty();
        }

        @Override
        public void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence) {}
    };

    private static final Registrar OPERATOR = new Registrar.Operator();

    /// Whose chips the authority takes for genuine, in devices of the vendors `mizu` and `toku`, which has
    /// tokens beside them; those of `acme` have no e-Key.
    static final KeyPair MAKER = KeyFiles.newKeyPair(DIE);

    private final Shifted clock = new Shifted();
    private final Database database;
    private final PostgresAuthority authority;
    private final RevocationList lists;
    private final HttpServer server;
    private final Acme acme;
    private final PostgresChipOrders orders;
    final Makers makers;
    final List<X509Certificate> roots;
    private int devices;

    /// @param folder gets `root.pem`, and the PEM files of devices
    LiveAuthority(Path folder) throws Exception {
        // PostgreSQL runs as nobody when the tests run as root, and has to get in
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        var config = DatabaseConfig.embedded(folder.resolve("rows"), folder.resolve("bin"));
        this.database = Databases.open(config, PostgresAuthority.MIGRATIONS, DIE);
        clock.ago = Duration.ofDays(4 * 365);
        var accreditation =
                Accreditation.found(folder.resolve("ca"), "みずひき", URI.create("http://127.0.0.1:1"), clock, DIE);
        clock.ago = Duration.ZERO;
        this.authority = new PostgresAuthority(accreditation, database, new NoLedger(), clock, DIE);
        this.orders = new PostgresChipOrders(database, authority.issuing(), clock);
        this.lists = new RevocationList(authority.published(), accreditation.roots(), clock, Duration.ofHours(24));
        lists.refresh();
        this.roots = accreditation.roots();
        KeyFiles.writeChain(folder.resolve("root.pem"), roots);
        var pair = KeyFiles.newKeyPair(DIE);
        var chain = desk().enrol(
                        desk().ticket(new Member.Server("authority", "127.0.0.1"), Duration.ofDays(1)),
                        EnrolmentRequests.server(pair))
                .signing();
        var address = new AtomicReference<URI>();
        var certification = authority.certification(OPERATOR);
        this.acme = new Acme(
                database, certification, folder.resolve("acme-key"), () -> requireNonNull(address.get()), clock, DIE);
        this.makers = new Makers(database, clock);
        makers.accept(new Makers.Maker("mizu", Optional.of(MAKER.getPublic())));
        makers.accept(new Makers.Maker("toku", Optional.of(MAKER.getPublic()), true));
        makers.accept(new Makers.Maker("acme", Optional.empty()));
        var origins = new Origins(clock, DIE);
        var routes = new ArrayList<>(EstRoutes.of(desk(), certification, authority.published(), origins));
        routes.addAll(DeviceRoutes.of(orders));
        routes.addAll(acme.routes());
        routes.addAll(AuthorityRoutes.of(authority, accreditation.stamps(clock, DIE)));
        this.server = HttpServer.start(
                ServerConfig.of("authority", "127.0.0.1", 0),
                new Identity(pair.getPrivate(), chain, roots),
                lists,
                routes,
                Surroundings.of(clock, DIE));
        address.set(server.uri());
    }

    Acme acme() {
        return acme;
    }

    Certification certification() {
        return authority.certification(OPERATOR);
    }

    /// Lets time stand this long before now.
    void setBack(Duration ago) {
        clock.ago = ago;
    }

    Instant now() {
        return clock.instant();
    }

    private Enrolment desk() {
        return authority.enrolment(OPERATOR);
    }

    /// For devices: whom to ask and what to believe.
    SlotCertificate.Authority asDevicesSeeIt() {
        return new SlotCertificate.Authority(server.uri(), roots, new PathValidator(roots, lists), clock, DIE);
    }

    String est(String operation) {
        return server.uri() + "/.well-known/est/" + operation;
    }

    Member.Device someDevice() {
        return new Member.Device("acme", "router-1", "%06d".formatted(++devices));
    }

    /// One with an e-Key.
    Member.Device chipDevice() {
        return new Member.Device("mizu", "router-2", "%06d".formatted(++devices));
    }

    /// One with an e-Key and tokens beside it.
    Member.Device tokenDevice() {
        return new Member.Device("toku", "router-3", "%06d".formatted(++devices));
    }

    ChipOrders orders(InstitutionCode institution) {
        return orders.of(institution);
    }

    Ticket ticket(Member member) {
        return desk().ticket(member, Duration.ofDays(1));
    }

    /// At trust's door, without any protocol.
    List<X509Certificate> redeem(Ticket ticket, Bytes request) {
        return desk().enrol(ticket, new Enrolment.Request(request, Optional.empty(), Optional.empty()), ANY_CHIP)
                .signing();
    }

    /// Enrols through trust's door as if time stood `ago` before now; `<name>.pem` and `<name>.key` are
    /// written.
    Member.Device enrolled(Path folder, String name, Duration ago) {
        clock.ago = ago;
        try {
            var device = someDevice();
            var pair = KeyFiles.newKeyPair(DIE);
            var chain = desk().enrol(ticket(device), EnrolmentRequests.server(pair), ANY_CHIP)
                    .signing();
            KeyFiles.writeKey(folder.resolve(name + ".key"), pair.getPrivate());
            KeyFiles.writeChain(folder.resolve(name + ".pem"), chain);
            return device;
        } finally {
            clock.ago = Duration.ZERO;
        }
    }

    void revoke(Member member) {
        authority.revocation(OPERATOR).revoke(member, Revocation.Reason.KEY_COMPROMISE);
        lists.refresh();
    }

    /// How many certificates were ever issued.
    int issued() {
        return database.inTransaction(rows -> rows.createQuery("select count(*) from certificate")
                .mapTo(Integer.class)
                .one());
    }

    /// All that stands in a table.
    String dump(String table) {
        return database.inTransaction(rows ->
                rows.createQuery("select * from " + table).mapToMap().list().toString());
    }

    @Override
    public void close() {
        server.close();
        lists.close();
        authority.close();
        database.close();
    }

    private static final class Shifted extends Clock {
        private volatile Duration ago = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().minus(ago);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    /// Only persons' keys are entered in the ledger, and EST enrols none.
    private static final class NoLedger implements Ledger {
        @Override
        public Receipt append(Entry entry) {
            throw new IllegalStateException("nothing is entered here");
        }

        @Override
        public Evidence evidence(Digest leaf) {
            throw new IllegalStateException("nothing was entered here");
        }

        @Override
        public SignedCheckpoint checkpoint() {
            throw new IllegalStateException("nothing was entered here");
        }

        @Override
        public List<Digest> consistency(long older, long newer) {
            throw new IllegalStateException("nothing was entered here");
        }
    }
}
