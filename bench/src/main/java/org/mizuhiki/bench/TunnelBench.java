package org.mizuhiki.bench;

import java.net.InetAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.Flow;
import org.mizuhiki.ike.Passage;
import org.mizuhiki.lab.Flood;
import org.mizuhiki.lab.Host;
import org.mizuhiki.lab.Lab;
import org.mizuhiki.lab.LabAuthority;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.lab.Site;

/// Real tunnels in the lab: set-up next to strongSwan's own command, renewal, a mesh, throughput next to
/// [TunnelPeers].
final class TunnelBench implements Benchmark {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration PACE = Duration.ofMillis(10);
    private static final int ROUNDS = 100;
    private static final int RENEWALS = 20;
    private static final int PORT = 5000;
    private static final int FLOOD = 2000;
    private static final Duration WATCHED = Duration.ofSeconds(10);

    private final SecureRandom die;

    TunnelBench(SecureRandom die) {
        this.die = die;
    }

    @Override
    public String name() {
        return "vpn";
    }

    @Override
    public List<Row> run() throws Exception {
        if (!Lab.possible()) {
            System.err.println("  管理者権限が必要なので省きます / skipped: it takes root");
            return List.of();
        }
        var rows = new ArrayList<Row>();
        inLab(2, routers -> {
            rows.addAll(setUp(routers));
            rows.addAll(renewals(routers));
            rows.addAll(flooded(routers));
            rows.addAll(throughput(routers));
            return rows;
        });
        inLab(8, routers -> rows.add(mesh(routers)));
        return rows;
    }

    /// A lab with its routers running, and the words for it.
    private record Country(Lab lab, LabAuthority authority, List<LabRouter> routers) {
        InetAddress address(LabRouter router) {
            return lab.address(router.site());
        }

        Host host(int n) {
            return new Host(lab.host(routers.get(n).site()));
        }
    }

    @FunctionalInterface
    private interface Work {
        Object with(Country country) throws Exception;
    }

    private void inLab(int sites, Work work) throws Exception {
        var plan = IntStream.rangeClosed(1, sites)
                .mapToObj(n -> new Site("s" + n, n, 1 + n % 2, false, Cidr.of("192.168." + (20 + n) + ".0/24")))
                .toList();
        try (var lab = Lab.up(Files.createTempDirectory("mz"), plan, die)) {
            var authority = LabAuthority.found(lab.folder().resolve("ca"), "Bench CA");
            work.with(new Country(
                    lab,
                    authority,
                    plan.stream().map(s -> LabRouter.start(lab, s, authority)).toList()));
        }
    }

    private String agree(Country country, int from, int to) {
        var caller = country.routers().get(from);
        var called = country.routers().get(to);
        return caller.agree(called, country.address(called), country.authority(), die);
    }

    private List<Row> setUp(Country country) throws Exception {
        var name = agree(country, 0, 1);
        var caller = country.routers().getFirst();
        var ours = new ArrayList<Double>();
        var bare = new ArrayList<Double>();
        var whole = new ArrayList<Double>();
        var there = country.routers().get(1).site().network().host(2);
        try (var _ = country.host(1).echo(PORT)) {
            for (int i = 0; i < ROUNDS; i++) {
                ours.add(ms(() -> caller.engine().initiate(name, PATIENCE)));
                caller.engine().terminate(name);
                bare.add(ms(() -> swanctl(country, "--initiate", "--child", name)));
                caller.engine().terminate(name);
                whole.add(ms(() -> {
                    open(country, name);
                    caller.engine().initiate(name, PATIENCE);
                    return country.host(0).reachesAtOnce(there, PORT);
                }));
                country.routers().forEach(r -> r.policy().shut(name));
                caller.engine().terminate(name);
            }
        }
        return List.of(
                latency("initiate, p50, ms", ours, 0.5, "swanctl --initiate", bare),
                latency("initiate, p99, ms", ours, 0.99, "swanctl --initiate", bare),
                only("rules at both ends, initiate, first answer, p50, ms", at(whole, 0.5)),
                only("rules at both ends, initiate, first answer, p99, ms", at(whole, 0.99)));
    }

    private static String swanctl(Country country, String... words) {
        var site = country.routers().getFirst().site();
        var socket = "unix://" + country.lab().folder().resolve(site.name()).resolve("vici");
        return country.lab()
                .router(site)
                .run(Stream.concat(Stream.of("swanctl"), Stream.concat(Stream.of(words), Stream.of("--uri", socket)))
                        .toArray(String[]::new));
    }

    private static void open(Country country, String name) {
        var any = Cidr.of("192.168.0.0/16");
        var flows = List.of(
                Flow.tcp(any, any, PORT),
                Flow.tcp(any, any, TunnelPeers.PORT),
                new Flow(any, any, Flow.Protocol.UDP, PORT, PORT));
        var ends =
                country.routers().stream().map(r -> r.site().network()).limit(2).toList();
        for (int i = 0; i < ends.size(); i++) {
            var passage = Passage.of(name, List.of(ends.get(i)), List.of(ends.get(1 - i)), flows);
            country.routers().get(i).policy().open(passage);
        }
    }

    private List<Row> renewals(Country country) throws Exception {
        var name = agree(country, 0, 1);
        var caller = country.routers().getFirst();
        caller.engine().initiate(name, PATIENCE);
        open(country, name);
        var taken = new ArrayList<Double>();
        try (var _ = country.host(1).echo(PORT);
                var stream = country.host(0).stream(
                        country.routers().get(1).site().network().host(2), PORT, PACE)) {
            for (int i = 0; i < RENEWALS; i++) {
                var ppk = "renewal-" + i;
                var called = country.routers().get(1);
                taken.add(ms(() -> caller.renew(called, country.address(called), country.authority(), ppk, die)));
            }
            int lost = stream.lost();
            return List.of(
                    only("new PPK and all keys anew (with 200 ms of grace), p50, ms", at(taken, 0.5)),
                    only("packets lost in " + RENEWALS + " renewals, of " + stream.sent() + " at 100/s", lost));
        }
    }

    /// What those who have a right notice while thousands of beginnings a second are pretended.
    private List<Row> flooded(Country country) throws Exception {
        var name = agree(country, 0, 1);
        var caller = country.routers().getFirst();
        var called = country.routers().get(1);
        var there = called.site().network().host(2);
        var beginning = Flood.beginning(country.lab(), caller, called, country.authority());
        var calm = connects(caller, name);
        caller.engine().initiate(name, PATIENCE);
        open(country, name);
        try (var _ = country.host(1).echo(PORT)) {
            var before = lost(country, there, () -> Thread.sleep(WATCHED));
            try (var flood = Flood.of(country.lab(), beginning, country.address(called), FLOOD, die)) {
                long start = flood.sent();
                var during = lost(country, there, () -> Thread.sleep(WATCHED));
                var rate = (flood.sent() - start) / (WATCHED.toMillis() / 1000.0);
                caller.engine().terminate(name);
                var taken = connects(caller, name);
                return List.of(
                        only("pretended beginnings a second, from 50 addresses", rate),
                        latency("initiate meanwhile, p50, ms", taken, 0.5, "without them", calm),
                        latency("initiate meanwhile, p99, ms", taken, 0.99, "without them", calm),
                        row("lost of 1,000 packets at 100/s in a tunnel meanwhile", during, "without them", before));
            }
        } finally {
            caller.engine().terminate(name);
        }
    }

    private static List<Double> connects(LabRouter caller, String name) throws Exception {
        var taken = new ArrayList<Double>();
        for (int i = 0; i < ROUNDS / 2; i++) {
            caller.engine().terminate(name);
            taken.add(ms(() -> caller.engine().initiate(name, PATIENCE)));
        }
        caller.engine().terminate(name);
        return taken;
    }

    @FunctionalInterface
    private interface While {
        void run() throws Exception;
    }

    private static double lost(Country country, InetAddress to, While work) throws Exception {
        try (var stream = country.host(0).stream(to, PORT, PACE)) {
            work.run();
            return stream.lost();
        }
    }

    private Row mesh(Country country) throws Exception {
        int n = country.routers().size();
        record Pair(LabRouter caller, String name) {}
        var pairs = new ArrayList<Pair>();
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                pairs.add(new Pair(country.routers().get(i), agree(country, i, j)));
            }
        }
        var calls = pairs.stream()
                .map(p -> (Callable<Object>) () -> p.caller().engine().initiate(p.name(), PATIENCE))
                .toList();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            double taken = ms(() -> {
                for (var done : threads.invokeAll(calls)) {
                    done.get();
                }
                return calls;
            });
            return only(pairs.size() + " tunnels of " + n + " sites, all at once, ms", taken);
        }
    }

    /// The same line and machine for all: ours with its rules, strongSwan without, two other tunnels. Each
    /// is measured several times in turn; the median counts.
    private List<Row> throughput(Country country) throws Exception {
        var peers = new TunnelPeers(
                country.lab(),
                country.routers().get(0).site(),
                country.routers().get(1).site());
        if (!peers.canMeasure()) {
            return List.of();
        }
        var name = country.routers().getFirst().engine().loaded().getFirst();
        country.routers().getFirst().engine().initiate(name, PATIENCE);
        open(country, name);
        double ours = peers.throughput();
        for (var router : country.routers()) { // the ways stay
            country.lab().router(router.site()).run("nft", "delete", "table", "inet", "mizuhiki");
        }
        double bare = peers.throughput();
        country.routers().forEach(r -> r.engine().terminate(name));
        var rows = new ArrayList<Row>();
        rows.add(row("throughput, Mbit/s", ours, "strongSwan without rules", bare));
        peers.wireguard().ifPresent(rate -> rows.add(row("throughput, Mbit/s", ours, "wireguard-go", rate)));
        peers.nebula().ifPresent(rate -> rows.add(row("throughput, Mbit/s", ours, "nebula", rate)));
        return rows;
    }

    private static double ms(Callable<?> work) throws Exception {
        long start = System.nanoTime();
        work.call();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double at(List<Double> values, double share) {
        return values.stream().sorted().toList().get((int) Math.min(values.size() - 1, values.size() * share));
    }

    private static Row latency(String what, List<Double> ours, double share, String baseline, List<Double> theirs) {
        return new Row(what, at(ours, share), baseline, at(theirs, share), at(theirs, share) / at(ours, share));
    }

    private static Row row(String what, double value, String baseline, double beside) {
        return new Row(what, value, baseline, beside, value / beside);
    }

    private static Row only(String what, double value) {
        return new Row(what, value, "", 0, Double.NaN);
    }
}
