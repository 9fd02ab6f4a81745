package org.mizuhiki.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.NetworkSpace;
import org.mizuhiki.ike.State;

/// The lab's network. It touches nothing of the machine's own: everything lies in namespaces whose names
/// begin with `mz-` and a random word, and these are written down before they are made, so that [#down]
/// finds them also after a crash.
public final class Lab implements AutoCloseable {
    /// The seed's five sites: A has the same network as E, D and E are behind NAT.
    public static final List<Site> SEED = List.of(
            new Site("b", 1, 1, false, Cidr.of("192.168.11.0/24")),
            new Site("a", 2, 2, false, Cidr.of("192.168.12.0/24")),
            new Site("c", 3, 1, false, Cidr.of("192.168.13.0/24")),
            new Site("d", 4, 2, true, Cidr.of("192.168.14.0/24")),
            new Site("e", 5, 1, true, Cidr.of("192.168.12.0/24")));

    /// Networks for documentation (RFC 5737, 3849): these addresses are nobody's.
    private static final List<Cidr> PROVIDERS = List.of(Cidr.of("198.51.100.0/24"), Cidr.of("203.0.113.0/24"));

    private static final List<Cidr> PROVIDERS_6 = List.of(Cidr.of("2001:db8:1::/64"), Cidr.of("2001:db8:2::/64"));
    private static final Pattern ID = Pattern.compile("mz-[0-9a-f]{4}");

    private final Path folder;
    private final String id;
    private final List<Site> sites;

    private Lab(Path folder, String id, List<Site> sites) {
        this.folder = folder;
        this.id = id;
        this.sites = List.copyOf(sites);
    }

    /// Whether namespaces can be made here: it takes root and `ip`.
    public static boolean possible() {
        try {
            var probe = NetworkSpace.OWN.command("unshare", "--net", "true").start();
            return probe.waitFor() == 0 && Files.isExecutable(Path.of("/usr/sbin/ip"));
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// Builds the network.
    ///
    /// @param folder the lab's own, made if missing; its path is short, sockets lie below it
    /// @throws Refusal `lab-needs-root`, `lab-is-up`, `network-command`
    public static Lab up(Path folder, List<Site> sites, SecureRandom die) {
        if (!possible()) {
            throw Refusal.of(
                    "lab-needs-root",
                    "ラボにはネットワーク名前空間が必要です。管理者（root）として実行してください。コンテナでは CAP_SYS_ADMIN と CAP_NET_ADMIN が必要です",
                    "The lab needs network namespaces: run it as root (in a container with CAP_SYS_ADMIN and CAP_NET_ADMIN)");
        }
        if (Files.exists(record(folder))) {
            throw Refusal.of(
                    "lab-is-up", "ラボは既にあります。先に lab down で片付けてください", "There is a lab already; clear it with lab down");
        }
        if (Files.isDirectory(folder) && !isEmpty(folder)) { // it is deleted in the end
            throw Refusal.of("lab-folder-not-empty", "ラボのフォルダーは空でなければなりません", "The lab's folder must be empty");
        }
        var random = new byte[2];
        die.nextBytes(random);
        var lab = new Lab(folder, "mz-" + HexFormat.of().formatHex(random), sites);
        try {
            lab.write();
            lab.build();
            return lab;
        } catch (Refusal e) {
            lab.close();
            throw e;
        }
    }

    /// The lab that was built there by whatever process.
    ///
    /// @throws Refusal `lab-is-down`, `lab-not-valid`
    public static Lab find(Path folder) {
        try {
            var lines = Files.readAllLines(record(folder));
            if (lines.isEmpty() || !ID.matcher(lines.getFirst()).matches()) {
                throw new IOException("not a lab's record");
            }
            return new Lab(
                    folder,
                    lines.getFirst(),
                    lines.stream().skip(1).map(Site::read).toList());
        } catch (IOException e) {
            throw Refusal.of("lab-is-down", "ラボはありません。lab up で作れます", "There is no lab; lab up makes one", e);
        }
    }

    private static boolean isEmpty(Path folder) {
        try (var files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Path record(Path folder) {
        return folder.resolve("lab.tsv");
    }

    private void write() {
        try {
            Files.createDirectories(folder);
            var lines = Stream.concat(Stream.of(id), sites.stream().map(Site::line));
            Files.write(record(folder), lines.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void build() {
        // 1. the Internet: two providers, and a way between them
        make(internet());
        for (int p : List.of(1, 2)) {
            ip(internet(), """
                    link add br%1$d type bridge
                    link set br%1$d up
                    addr add %2$s/24 dev br%1$d
                    addr add %3$s/64 dev br%1$d nodad
                    """.formatted(
                            p,
                            text(PROVIDERS.get(p - 1).host(1)),
                            text(PROVIDERS_6.get(p - 1).host(1))));
        }
        forwarding(internet());
        // 2. the centre, at the first provider
        make(centre());
        plug(centre(), "eth0", 1, "centre", 10);
        // 3. the sites
        sites.forEach(this::build);
    }

    private void build(Site site) {
        make(router(site));
        if (site.behindNat()) {
            translator(site);
        } else {
            plug(router(site), "eth0", site.provider(), site.name(), 100 + site.number());
        }
        make(host(site));
        ip(router(site), """
                link add lan0 type veth peer name eth0 netns %s
                link set lan0 up
                addr add %s/%d dev lan0
                addr add fd4d:%2$d::1/64 dev lan0 nodad
                """.replace("%2$d", "" + site.number()).formatted(
                name(host(site)), text(site.network().host(1)), site.network().length()));
        ip(host(site), """
                link set eth0 up
                addr add %s/%d dev eth0
                route add default via %s
                addr add fd4d:%s::2/64 dev eth0 nodad
                route add default via fd4d:%4$s::1
                """.formatted(
                        text(site.network().host(2)),
                        site.network().length(),
                        text(site.network().host(1)),
                        "" + site.number()));
        forwarding(router(site));
    }

    /// A household's router in front of the site's: the site's own has a private address.
    private void translator(Site site) {
        var nat = space(site.name() + "-nat");
        make(nat);
        plug(nat, "eth0", site.provider(), site.name(), 100 + site.number());
        var behind = Cidr.of("100.64." + site.number() + ".0/24");
        ip(nat, """
                link add in0 type veth peer name eth0 netns %s
                link set in0 up
                addr add %s/24 dev in0
                """.formatted(name(router(site)), text(behind.host(1))));
        ip(router(site), """
                link set eth0 up
                addr add %s/24 dev eth0
                route add default via %s
                """.formatted(text(behind.host(2)), text(behind.host(1))));
        forwarding(nat);
        nat.feed("""
                table ip translator {
                  chain out { type nat hook postrouting priority srcnat; oifname "eth0" masquerade; }
                }
                """, "nft", "-f", "-");
    }

    /// Plugs a line of a provider into a namespace.
    private void plug(NetworkSpace into, String device, int provider, String who, long number) {
        ip(internet(), """
                link add %1$s type veth peer name %2$s netns %3$s
                link set %1$s master br%4$d up
                """.formatted("p" + provider + "-" + who, device, name(into), provider));
        address(into, device, provider, number);
    }

    private void address(NetworkSpace at, String device, int provider, long number) {
        var four = PROVIDERS.get(provider - 1);
        var six = PROVIDERS_6.get(provider - 1);
        ip(at, """
                link set %1$s up
                addr add %2$s/24 dev %1$s
                route replace default via %3$s dev %1$s
                addr add %4$s/64 dev %1$s nodad
                route replace default via %5$s dev %1$s
                """.formatted(
                device, text(four.host(number)), text(four.host(1)), text(six.host(number)), text(six.host(1))));
    }

    /// The site's line is pulled out and another plugged in, of that provider, with another address.
    public void move(Site site, int provider, int number) {
        var space = site.behindNat() ? space(site.name() + "-nat") : router(site);
        space.run("ip", "link", "del", "eth0");
        plug(space, "eth0", provider, site.name(), number);
    }

    /// Makes a site's line slow and lossy in both directions.
    ///
    /// @param delayMs one way
    /// @param loss    of a hundred packets
    /// @throws Refusal `network-command` where the kernel has no netem
    public void worsen(Site site, int delayMs, int loss) {
        var space = site.behindNat() ? space(site.name() + "-nat") : router(site);
        var end = "p" + site.provider() + "-" + site.name();
        String[] netem = {"root", "netem", "delay", delayMs + "ms", "loss", loss + "%"};
        space.run(words("eth0", netem));
        internet().run(words(end, netem));
    }

    private static String[] words(String device, String... netem) {
        return Stream.concat(Stream.of("tc", "qdisc", "replace", "dev", device), Stream.of(netem))
                .toArray(String[]::new);
    }

    public Path folder() {
        return folder;
    }

    public List<Site> sites() {
        return sites;
    }

    public Site site(String name) {
        return sites.stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no site " + name));
    }

    /// Where the site's router stands.
    public NetworkSpace router(Site site) {
        return space(site.name());
    }

    /// A host in the site's network; its address is the network's second.
    public NetworkSpace host(Site site) {
        return space(site.name() + "-lan");
    }

    public NetworkSpace centre() {
        return space("centre");
    }

    public NetworkSpace internet() {
        return space("net");
    }

    /// The tunnels that are up at a site whose router runs; none otherwise.
    public List<String> tunnels(Site site) {
        try {
            var found = Charon.find(folder.resolve(site.name()));
            if (found.isEmpty()) {
                return List.of();
            }
            try (var engine = found.get()) {
                return engine.states().stream()
                        .filter(s -> s.phase() == State.Phase.UP)
                        .map(State::name)
                        .sorted()
                        .toList();
            }
        } catch (Refusal e) {
            return List.of(); // it has ended and left its socket
        }
    }

    /// The address by which routers reach the centre.
    public InetAddress centreAddress() {
        return PROVIDERS.getFirst().host(10);
    }

    /// The address by which others reach the site's router, as long as it was not moved.
    public InetAddress address(Site site) {
        return PROVIDERS.get(site.provider() - 1).host(100 + site.number());
    }

    /// The same of IPv6; a site behind NAT has none.
    public InetAddress address6(Site site) {
        return PROVIDERS_6.get(site.provider() - 1).host(100 + site.number());
    }

    private NetworkSpace space(String what) {
        return NetworkSpace.named(id + "-" + what);
    }

    private static String name(NetworkSpace space) {
        return space.name().orElseThrow();
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }

    private static void make(NetworkSpace space) {
        NetworkSpace.OWN.run("ip", "netns", "add", name(space));
        ip(space, "link set lo up\n");
    }

    private static void ip(NetworkSpace at, String commands) {
        NetworkSpace.OWN.feed(commands, "ip", "-n", name(at), "-batch", "-");
    }

    /// rp_filter would drop what comes out of a tunnel.
    private static void forwarding(NetworkSpace space) {
        space.run(
                "sysctl",
                "-qw",
                "net.ipv4.ip_forward=1",
                "net.ipv6.conf.all.forwarding=1",
                "net.ipv4.conf.all.rp_filter=0",
                "net.ipv4.conf.default.rp_filter=0");
    }

    /// Which of the lab's namespaces are there; after a crash perhaps some.
    private List<String> alive() {
        return NetworkSpace.OWN
                .run("ip", "netns", "list")
                .lines()
                .map(l -> l.split(" ")[0])
                .filter(n -> n.startsWith(id + "-"))
                .toList();
    }

    /// Ends whatever runs in the lab and removes all of it, its record last.
    @Override
    public void close() {
        for (var space : alive()) {
            NetworkSpace.OWN
                    .run("ip", "netns", "pids", space)
                    .lines()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())).stream())
                    .forEach(p -> {
                        p.destroyForcibly();
                        p.onExit().join();
                    });
            NetworkSpace.OWN.run("ip", "netns", "del", space);
        }
        try (var files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(f -> !f.equals(record(folder)) && !f.equals(folder))
                    .forEach(Lab::delete);
            delete(record(folder));
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
