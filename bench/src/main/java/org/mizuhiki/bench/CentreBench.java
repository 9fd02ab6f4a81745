package org.mizuhiki.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.centre.RemoteSubscriberDesk;
import org.mizuhiki.centre.SubscriberDesk;
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
import org.mizuhiki.wire.Identity;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// The centre on one core with its database: how soon a thousand routers stand at it, connections decided a
/// second with all of them waiting, from the wish to both routers' orders; with their few sites, and with
/// as many as Japan has institutions; with and without the time that their ends take; how soon all are back
/// after it was killed. Clients, authority and this program have the other cores.
public final class CentreBench implements Benchmark {
    static final InstitutionCode PROVIDER = new InstitutionCode("1319900041");
    private static final int ROUTERS = 1_000;
    private static final int SITES = 400;
    private static final int CALLERS = 16;
    /// Until the compilers have done their work on the one core that the centre has.
    private static final int WARM = 40;

    private static final int ROUNDS = 8;
    private static final Duration FAREWELL = Duration.ofSeconds(30);
    private static final Terms TERMS = new Terms(Duration.ofHours(8), Duration.ofMinutes(30), Duration.ofHours(1));

    private final SecureRandom die;
    private final Clock clock;

    public CentreBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "centre";
    }

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory(
                Path.of(System.getProperty("mizuhiki.bench.folder", ".")).toAbsolutePath(), "centre-bench");
        Cores.stayOff(0);
        try (var site = new PkiSite(folder, clock, die);
                var lists = new RevocationList(
                        site.authority.published(), site.accreditation.roots(), clock, Duration.ofHours(24))) {
            lists.refresh();
            var field = new Field(site, lists, prepare(site, folder));
            return measured(field);
        } finally {
            Folders.clear(folder);
        }
    }

    /// @param process how to start the centre
    private record Field(PkiSite site, RevocationList lists, ProcessBuilder process) {
        int port() {
            return Integer.parseInt(process.command().get(process.command().size() - 2));
        }
    }

    private ProcessBuilder prepare(PkiSite site, Path folder) throws Exception {
        var own = enrol(site, new Member.Server(SignedInformation.CENTRE, "127.0.0.1"), Optional.empty());
        var centre = Files.createDirectory(folder.resolve("centre"));
        Files.setPosixFilePermissions(centre, PosixFilePermissions.fromString("rwxr-xr-x"));
        KeyFiles.writeKey(centre.resolve("key.pem"), own.key());
        KeyFiles.writeChain(centre.resolve("chain.pem"), own.chain());
        KeyFiles.writeChain(centre.resolve("roots.pem"), site.accreditation.roots());
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var words = new ArrayList<>(Cores.only(0));
        words.addAll(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                CentreProcess.class.getName(),
                centre.toString(),
                Integer.toString(port),
                site.server.uri().toString()));
        // port and authority come last
        return new ProcessBuilder(words)
                .redirectError(folder.resolve("centre.log").toFile());
    }

    private List<Row> measured(Field field) throws Exception {
        var seals = new Seals(die);
        var sealing = seals.newReaderKey().publicKey();
        var identities = new ArrayList<Identity>();
        for (int i = 0; i < ROUTERS; i++) {
            var name = StandingRouters.name(i);
            enrol(field.site(), name.device(), Optional.empty());
            identities.add(identity(field, enrol(field.site(), name, Optional.of(name.device()))));
        }
        var centre = started(field);
        try {
            // 1. all come at once
            long begun = System.nanoTime();
            try (var routers = new StandingRouters(identities, sealing, i -> peer(field, i), die)) {
                double up = routers.back(begun)[1];
                var callers = declared(field, seals);
                // 2. decisions with all of them waiting
                rate(callers, centre, WARM);
                var few = rate(callers, centre, ROUNDS);
                tell(centre, "fill", "filled");
                var nation = rate(callers, centre, ROUNDS);
                // 3. killed, and all back
                centre.destroyForcibly().waitFor();
                long killed = System.nanoTime();
                centre = started(field);
                double ready = (System.nanoTime() - killed) / 1e9;
                var back = routers.back(killed);
                return List.of(
                        row("routers that stand at one core after a start of all, s until the last", up),
                        compared("decisions/s on one core, 180,000 sites", nation.decided(), few.decided()),
                        compared("with the ends of their connections", nation.both(), few.both()),
                        compared("processor time for both, ms", nation.processor(), few.processor()),
                        row("killed: s until it answers again", ready),
                        row("killed: s until half of the routers are back", back[0]),
                        row("killed: s until the last router is back", back[1]));
            }
        } finally {
            stop(centre);
        }
    }

    /// By the end of its input, so that its database stops, too.
    private static void stop(Process centre) throws IOException, InterruptedException {
        centre.getOutputStream().close();
        if (!centre.waitFor(FAREWELL)) {
            centre.destroyForcibly().waitFor();
        }
    }

    private static Row compared(String what, double nation, double few) {
        return new Row(what, nation, SITES + " sites", few, nation / few);
    }

    private static Row row(String what, double value) {
        return new Row(what, value, "", 0, Double.NaN);
    }

    private static Process started(Field field) throws Exception {
        var process = field.process().start();
        await(process, "ready");
        return process;
    }

    private static void tell(Process process, String word, String answer) throws IOException {
        process.getOutputStream().write((word + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
        await(process, answer);
    }

    private static void await(Process process, String answer) throws IOException {
        var line = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (!answer.equals(line)) {
            throw new IOException("the centre's process said " + line);
        }
    }

    private static Identity identity(Field field, Author author) {
        return new Identity(
                author.key(), author.chain(), field.site().accreditation.roots());
    }

    private Peer peer(Field field, Identity identity) {
        return Peers.connect(URI.create("https://127.0.0.1:" + field.port()), () -> identity, Patience.once(), die);
    }

    /// An institution's desk, and its own and the partner's router.
    private record Caller(SubscriberDesk desk, Member.Service own, Member.Service partner) {
        String connect() {
            var wish = new SubscriberDesk.Wish(
                    own.identity(), partner.identity(), "referral", Duration.ofHours(1), Optional.empty());
            return desk.ask(wish, Optional.empty()).connection().orElseThrow();
        }
    }

    private List<Caller> declared(Field field, Seals seals) {
        var stamper = field.site().accreditation.stamps(clock, die);
        StampAuthority stamps = imprint -> {
            var request = seals.stamps().request(imprint);
            return seals.stamps().accept(request, stamper.answer(request.encoded()));
        };
        var validator = new PathValidator(field.site().accreditation.roots(), field.lists());
        var declarations = new Declarations(seals.records(), validator, clock);
        var provider = enrol(field.site(), new Member.Institution(PROVIDER, "provider"), Optional.empty());
        var office = new RemoteSubscriberDesk(peer(field, identity(field, provider)));
        office.declare(declarations.sign(uniform(), provider, stamps));
        var desks = new ArrayList<SubscriberDesk>();
        for (int i = 0; i < SITES; i++) {
            var router = StandingRouters.name(i);
            var code = new InstitutionCode(router.subscriber());
            var author = enrol(field.site(), new Member.Institution(code, "site " + i), Optional.empty());
            var desk = new RemoteSubscriberDesk(peer(field, identity(field, author)));
            office.declare(declarations.sign(membership(router), provider, stamps));
            desk.declare(declarations.sign(policy(code, router, i), author, stamps));
            desks.add(desk);
        }
        var callers = new ArrayList<Caller>();
        for (int c = 0; c < SITES / 2; c++) {
            callers.add(new Caller(desks.get(2 * c), StandingRouters.name(2 * c), StandingRouters.name(2 * c + 1)));
        }
        return callers;
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
        var network = new SubscriberPolicy.SiteNetwork(
                Network.parse("10." + number / 250 + "." + number % 250 + ".0/24"), Zone.SECURE);
        return new SubscriberPolicy(
                code, now(), now().plus(Duration.ofDays(30)), nonce(), router, List.of(network), List.of(rule));
    }

    /// What the centre did with all pairs, some times over.
    ///
    /// @param decided connections a second, while they are asked for
    /// @param both the same, with their ends
    /// @param processor milliseconds of the centre's processor for a connection with its end, the database apart
    private record Rate(double decided, double both, double processor) {}

    private static Rate rate(List<Caller> callers, Process centre, int rounds) throws Exception {
        var before = processor(centre);
        long deciding = 0;
        long begun = System.nanoTime();
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            var connections = new ConcurrentHashMap<Caller, String>();
            atOnce(callers, c -> connections.put(c, c.connect()));
            deciding += System.nanoTime() - start;
            atOnce(callers, c -> c.desk().end(Objects.requireNonNull(connections.get(c))));
        }
        double all = callers.size() * (double) rounds;
        return new Rate(
                all / (deciding / 1e9),
                all / ((System.nanoTime() - begun) / 1e9),
                processor(centre).minus(before).toNanos() / 1e6 / all);
    }

    private static void atOnce(List<Caller> callers, Consumer<Caller> doing) throws Exception {
        try (var threads = Executors.newFixedThreadPool(CALLERS)) {
            for (var done : callers.stream()
                    .map(c -> threads.submit(() -> doing.accept(c)))
                    .toList()) {
                done.get();
            }
        }
    }

    private static Duration processor(Process process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }
}
