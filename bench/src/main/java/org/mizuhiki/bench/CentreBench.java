package org.mizuhiki.bench;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.centre.PostgresCentre;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.SubscriberDesk;
import org.mizuhiki.database.Database;
import org.mizuhiki.database.DatabaseConfig;
import org.mizuhiki.database.Databases;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.seal.Author;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Origin;
import org.mizuhiki.trust.PathValidator;
import org.mizuhiki.trust.RevocationList;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Declarations;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.SubscriberPolicy;
import org.mizuhiki.vpn.Terms;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.vpn.Zone;

/// Connections decided a second, from the wish to both routers' orders, durably: with a handful of sites, and
/// with as many as Japan has institutions. Each is disconnected again, in the same time.
public final class CentreBench implements Benchmark {
    private static final int SITES = 40;
    private static final int NATION = 180_000;
    private static final int CALLERS = 8;
    private static final long ROUND = TimeUnit.SECONDS.toNanos(5);
    private static final InstitutionCode PROVIDER = new InstitutionCode("1319900041");
    private static final Terms TERMS = new Terms(Duration.ofHours(8), Duration.ofMinutes(30), Duration.ofHours(1));

    private final SecureRandom die;
    private final Clock clock;

    public CentreBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    /// A centre with some real sites.
    private record Field(PostgresCentre centre, Database rows, List<Member.Service> routers) {}

    @Override
    public String name() {
        return "centre";
    }

    @Override
    public List<Row> run() throws Exception {
        var folder =
                Files.createTempDirectory(Path.of(System.getProperty("mizuhiki.bench.folder", ".")), "centre-bench");
        try (var site = new PkiSite(folder, clock, die);
                var lists = new RevocationList(
                        site.authority.published(), site.accreditation.roots(), clock, Duration.ofHours(24));
                var rows = Databases.open(
                        DatabaseConfig.embedded(folder.resolve("centre"), folder.resolve("bin")),
                        PostgresCentre.MIGRATIONS,
                        die)) {
            lists.refresh();
            var field = field(site, lists, rows);
            rate(field); // warms up
            double few = rate(field);
            fill(rows);
            double nation = rate(field);
            return List.of(new Row(
                    "decisions/s with %,d sites, database included".formatted(NATION),
                    nation,
                    SITES + " sites",
                    few,
                    nation / few));
        } finally {
            Folders.clear(folder);
        }
    }

    private Field field(PkiSite site, RevocationList lists, Database rows) throws Exception {
        var seals = new Seals(die);
        var stamper = site.accreditation.stamps(clock, die);
        StampAuthority stamps = imprint -> {
            var request = seals.stamps().request(imprint);
            return seals.stamps().accept(request, stamper.answer(request.encoded()));
        };
        var validator = new PathValidator(site.accreditation.roots(), lists);
        var declarations = new Declarations(seals.records(), validator, clock);
        var own = enrol(site, new Member.Server(SignedInformation.CENTRE, "localhost"), Optional.empty());
        var centre = new PostgresCentre(
                rows,
                new PostgresCentre.Around(
                        PROVIDER, () -> own, lists, _ -> true, declarations, validator, site.ledger, clock, die));
        var provider = enrol(site, new Member.Institution(PROVIDER, "provider"), Optional.empty());
        file(centre, declarations, stamps, provider, uniform());
        var routers = new ArrayList<Member.Service>();
        for (int i = 0; i < SITES; i++) {
            var code = new InstitutionCode("13%08d".formatted(i));
            var author = enrol(site, new Member.Institution(code, "site " + i), Optional.empty());
            var device = new Member.Device("acme", "R-1", "S" + i);
            var router = new Member.Service(code.value(), "medical-vpn", device);
            enrol(site, device, Optional.empty());
            var certificate = enrol(site, router, Optional.of(device)).certificate();
            centre.router(router, certificate, InetAddress.ofLiteral("192.0.2." + (i + 1)))
                    .locate(new RouterDesk.Location(
                            "192.0.2." + (i + 1), seals.newReaderKey().publicKey()));
            file(centre, declarations, stamps, provider, membership(router));
            file(centre, declarations, stamps, author, policy(code, router, i));
            routers.add(router);
        }
        return new Field(centre, rows, routers);
    }

    private Author enrol(PkiSite site, Member member, Optional<Member.Device> device) {
        var pair = KeyFiles.newKeyPair(die);
        var ticket = site.desk().ticket(member, Duration.ofDays(1));
        return new Author(
                pair.getPrivate(),
                site.desk()
                        .enrol(ticket, EnrolmentRequests.server(pair), shown(device))
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

    private static void file(
            PostgresCentre centre,
            Declarations declarations,
            StampAuthority stamps,
            Author author,
            Declaration declaration) {
        centre.subscriber(declaration.by()).declare(declarations.sign(declaration, author, stamps));
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).minusSeconds(60);
    }

    private String nonce() {
        return Declaration.nonce(die);
    }

    private UniformPolicy uniform() {
        var opening = new Service.Opening(Service.Protocol.TCP, 443, 443, true);
        var referral =
                new Service("referral", ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, List.of(opening), 0, TERMS);
        return new UniformPolicy(
                PROVIDER,
                now(),
                now().plus(Duration.ofDays(30)),
                nonce(),
                Proposals.usual(),
                List.of(referral),
                List.of(new UniformPolicy.Group("region", List.of("referral"))),
                Network.parse("100.64.0.0/10"),
                50);
    }

    private Membership membership(Member.Service router) {
        return new Membership(PROVIDER, now(), now().plus(Duration.ofDays(30)), nonce(), "region", router);
    }

    private SubscriberPolicy policy(InstitutionCode code, Member.Service router, int number) {
        var rule = new SubscriberPolicy.Rule(
                "all",
                List.of(),
                Optional.empty(),
                Optional.empty(),
                SubscriberPolicy.Way.BOTH,
                Optional.empty(),
                SubscriberPolicy.Answer.AUTOMATIC,
                List.of(),
                TERMS);
        var network = new SubscriberPolicy.SiteNetwork(Network.parse("10.1." + number + ".0/24"), Zone.SECURE);
        return new SubscriberPolicy(
                code, now(), now().plus(Duration.ofDays(30)), nonce(), router, List.of(network), List.of(rule));
    }

    /// Each caller has two sites of its own, connects and disconnects them.
    private static double rate(Field field) throws InterruptedException {
        var decided = new AtomicLong();
        long start = System.nanoTime();
        try (var callers = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < CALLERS; c++) {
                var a = field.routers().get(2 * c);
                var b = field.routers().get(2 * c + 1);
                callers.execute(() -> {
                    var desk = field.centre().subscriber(new InstitutionCode(a.subscriber()));
                    var wish = new SubscriberDesk.Wish(
                            a.identity(), b.identity(), "referral", Duration.ofHours(1), Optional.empty());
                    while (System.nanoTime() - start < ROUND) {
                        desk.end(desk.ask(wish, Optional.empty()).connection().orElseThrow());
                        decided.incrementAndGet();
                    }
                });
            }
        }
        return decided.get() * 1e9 / (System.nanoTime() - start);
    }

    /// Rows that a nation's institutions would have left, made where they lie; nothing reads what they signed.
    private static void fill(Database rows) {
        rows.inTransaction(r -> r.execute("""
                        insert into router (identity, subscriber, certificate, sealing, host, port, translated, seen)
                        select '01' || lpad(n::text, 8, '0') || '/medical-vpn/acme/R-1/N' || n, '01' || lpad(n::text, 8, '0'),
                            '', decode(repeat('00', 1216), 'hex'), '192.0.2.1', 500, false, now()
                        from generate_series(1, ?) n""", NATION) + r.execute("""
                        insert into declaration (id, kind, said_by, subject, router, at, signed)
                        select encode(sha256((k || n)::bytea), 'hex'), k, '01' || lpad(n::text, 8, '0'), k || n,
                            '01' || lpad(n::text, 8, '0') || '/medical-vpn/acme/R-1/N' || n, now(),
                            decode(repeat('00', 3000), 'hex')
                        from generate_series(1, ?) n, unnest(array['vpn-policy', 'vpn-membership']) k""", NATION));
        rows.inTransaction(r -> r.execute("analyze"));
    }
}
