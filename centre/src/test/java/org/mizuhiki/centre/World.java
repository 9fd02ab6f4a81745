package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.function.Executable;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.Accreditation;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Origin;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.PostgresAuthority;
import org.mizuhiki.trust.Registrar;
import org.mizuhiki.trust.Revocation;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.usage.Month;
import org.mizuhiki.usage.Tally;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.SiteNetwork;
import org.mizuhiki.vpn.SubscriberPolicy.Way;
import org.mizuhiki.vpn.Terms;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.vpn.Zone;
import org.mizuhiki.wire.HttpServer;
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;
import org.mizuhiki.wire.ServerConfig;
import org.mizuhiki.wire.Surroundings;

/// A region with a centre: real certificates, mutual TLS, PostgreSQL.
final class World implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final Seals SEALS = new Seals(DIE);
    static final Registrar OPERATOR = new Registrar.Operator();
    static final InstitutionCode PROVIDER = new InstitutionCode("1319900041");
    static final InstitutionCode A = new InstitutionCode("1319900017");
    static final InstitutionCode B = new InstitutionCode("2710000001");
    static final Terms TERMS = new Terms(Duration.ofHours(8), Duration.ofMinutes(30), Duration.ofHours(1));

    final Ahead clock = new Ahead();
    final ListLedger ledger = new ListLedger();
    final PathValidator validator;
    final Declarations declarations;
    final RevocationList lists;
    final PostgresCentre centre;
    private final PostgresCentre.Around around;
    private final Path folder;
    private final Database authorityRows;
    private final Database rows;
    private final Accreditation accreditation;
    private final PostgresAuthority authority;
    private final StampAuthority stamps;
    private final HttpServer server;
    private Instant last = Instant.EPOCH;

    World() throws IOException {
        folder = Files.createTempDirectory("centre");
        // PostgreSQL runs as nobody when the tests run as root, and has to get in
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        authorityRows = database("authority", PostgresAuthority.MIGRATIONS);
        rows = database("centre", PostgresCentre.MIGRATIONS);
        accreditation = Accreditation.found(folder.resolve("ca"), "みずひき", URI.create("http://127.0.0.1:1"), clock, DIE);
        authority = new PostgresAuthority(accreditation, authorityRows, ledger, clock, DIE);
        lists = new RevocationList(authority.published(), accreditation.roots(), clock, Duration.ofHours(24));
        lists.refresh();
        var stamper = accreditation.stamps(clock, DIE);
        stamps = imprint -> {
            var request = SEALS.stamps().request(imprint);
            return SEALS.stamps().accept(request, stamper.answer(request.encoded()));
        };
        validator = new PathValidator(accreditation.roots(), lists);
        declarations = new Declarations(SEALS.records(), validator, clock);
        var own = unattended(new Member.Server(SignedInformation.CENTRE, "localhost"), Optional.empty());
        around = new PostgresCentre.Around(
                PROVIDER, () -> own, lists, _ -> true, declarations, validator, ledger, clock, DIE);
        centre = another();
        server = HttpServer.start(
                ServerConfig.of("centre", "127.0.0.1", 0),
                identity(own),
                lists,
                CentreRoutes.of(centre),
                Surroundings.of(clock, DIE));
    }

    /// A centre that knows nothing but the rows, as after a crash.
    PostgresCentre another() {
        return new PostgresCentre(rows, around);
    }

    /// What an institution used so far this month.
    long counted(org.mizuhiki.house.InstitutionCode institution, Measure measure) {
        return rows.reading(tx -> new Tally(tx).of(Month.of(clock.instant()))).stream()
                .filter(c -> c.institution().equals(institution) && c.measure() == measure)
                .mapToLong(Tally.Counted::amount)
                .sum();
    }

    /// As a backup of then would have it: fewer orders, and none that waits.
    void setBack(Member.Service router, long orders) {
        rows.inTransaction(r -> r.execute("delete from router_order where router = ?", router.identity())
                + r.execute(
                        "update router set orders = ?, done = 0, done_mark = null where identity = ?",
                        orders,
                        router.identity())
                + r.execute(
                        "update connection set ended = now() where ended is null and asking = ?", router.identity()));
    }

    /// How much a router handed in within the hour, as the rows say.
    void hour(Member.Service router, String set) {
        rows.inTransaction(r -> r.execute("update log_hour set " + set + " where router = ?", router.identity()));
    }

    private Database database(String name, String migrations) {
        return Databases.open(DatabaseConfig.embedded(folder.resolve(name), folder.resolve("bin")), migrations, DIE);
    }

    private Identity identity(Author author) {
        return new Identity(author.key(), author.chain(), accreditation.roots());
    }

    Peer peer(Author author) {
        var base = URI.create("https://localhost:" + server.port());
        return Peers.connect(base, () -> identity(author), Patience.once(), DIE);
    }

    Author unattended(Member member, Optional<Member.Device> device) {
        var desk = authority.enrolment(OPERATOR);
        var pair = KeyFiles.newKeyPair(DIE);
        return new Author(
                pair.getPrivate(),
                desk.enrol(desk.ticket(member, Duration.ofDays(1)), EnrolmentRequests.server(pair), shown(device))
                        .signing());
    }

    /// The device's chip is taken as given: its proof has tests of its own.
    private static Origin shown(Optional<Member.Device> device) {
        return new Origin() {
            @Override
            public Optional<Member.Device> device() {
                return device;
            }

            @Override
            public void check(Handle rows, Member member, PublicKey key, Optional<Bytes> evidence) {
                // every key will do
            }
        };
    }

    Author institution(InstitutionCode code) {
        return unattended(new Member.Institution(code, "機関" + code), Optional.empty());
    }

    Author person(InstitutionCode code, PersonId id) {
        var desk = authority.enrolment(OPERATOR);
        var pair = KeyFiles.newKeyPair(DIE);
        var request = EnrolmentRequests.person(pair, SEALS.newReaderKey().publicKey());
        var member = new Member.Professional(id, "担当 者", code, "機関" + code);
        return new Author(
                pair.getPrivate(),
                desk.enrol(desk.ticket(member, Duration.ofDays(1)), request).signing());
    }

    Author router(Member.Service service) {
        unattended(service.device(), Optional.empty());
        return unattended(service, Optional.of(service.device()));
    }

    void revoke(Member member) {
        authority.revocation(OPERATOR).revoke(member, Revocation.Reason.KEY_COMPROMISE);
        lists.refresh();
    }

    SubscriberDesk desk(Author author) {
        return new RemoteSubscriberDesk(peer(author));
    }

    void declare(Declaration declaration, Author by) {
        desk(by).declare(declarations.sign(declaration, by, stamps));
    }

    /// A later second than any before, and past: of two declarations the later one counts, and none before its
    /// time.
    Instant next() {
        var early = clock.instant().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofMinutes(4));
        last = early.isAfter(last) ? early : last.plusSeconds(1);
        return last;
    }

    static Member.Service service(InstitutionCode of, String serial) {
        return new Member.Service(of.value(), "medical-vpn", new Member.Device("acme", "R-1", serial));
    }

    UniformPolicy uniform() {
        var opening = new Service.Opening(Service.Protocol.TCP, 443, 443, true);
        var referral =
                new Service("referral", ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, List.of(opening), 0, TERMS);
        var maintenance = new Service(
                "maintenance",
                ServiceClass.REMOTE_MAINTENANCE,
                Zone.SECURE,
                Zone.SECURE,
                List.of(new Service.Opening(Service.Protocol.TCP, 22, 22, true)),
                0,
                TERMS);
        var at = next();
        return new UniformPolicy(
                PROVIDER,
                at,
                at.plus(Duration.ofDays(300)),
                Declaration.nonce(DIE),
                Proposals.usual(),
                List.of(referral, maintenance),
                List.of(new UniformPolicy.Group("region", List.of("referral", "maintenance"))),
                Network.parse("100.64.0.0/10"),
                50);
    }

    Membership membership(Member.Service router) {
        var at = next();
        return new Membership(PROVIDER, at, at.plus(Duration.ofDays(300)), Declaration.nonce(DIE), "region", router);
    }

    SubscriberPolicy policy(Member.Service router, String network, Answer answer, List<PersonId> approvers) {
        var at = next();
        var rule = new Rule(
                "all",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Way.BOTH,
                Optional.empty(),
                answer,
                approvers,
                TERMS);
        return new SubscriberPolicy(
                new InstitutionCode(router.subscriber()),
                at,
                at.plus(Duration.ofDays(300)),
                Declaration.nonce(DIE),
                router,
                List.of(new SiteNetwork(Network.parse(network), Zone.SECURE)),
                List.of(rule));
    }

    static void refused(String code, Executable deed) {
        var refusal = assertThrows(Refusal.class, deed);
        assertEquals(code, refusal.code(), refusal::getMessage);
    }

    @Override
    public void close() throws IOException {
        centre.release();
        server.close();
        authority.close();
        lists.close();
        rows.close();
        authorityRows.close();
        try (var all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(p -> p.toFile().delete());
        }
    }
}
