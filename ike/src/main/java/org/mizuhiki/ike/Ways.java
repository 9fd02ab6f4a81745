package org.mizuhiki.ike;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;

/// Ways into the tunnels where strongSwan's `kernel-libipsec` encrypts; with ESP in the kernel any route will
/// do, as its policies look at every packet that leaves.
///
/// The engine makes ways of its own, and refuses a tunnel for which it cannot: it wants an address of this
/// machine inside the tunnel's own network, which is not so where that is a single machine or a translated
/// network. So it finds an address in each (an anchor), and its ways lie in a table that nobody looks into
/// ([#TABLE]); those that count are made here. A way without its device goes nowhere, and what is in front of
/// a tunnel that is down does not leave in the clear: [Ruleset] lets nothing out but into tunnels.
final class Ways {
    /// The engine's own.
    static final int TABLE = 220;

    /// No packet carries this mark, so no packet is led by the engine's table.
    static final String NO_PACKETS = "0x4d5a6e6f";

    private static final String DEVICE = "ipsec0";

    /// Tells what is made here from what else the machine has.
    private static final String OURS = "metric 77";

    private static final String MADE_HERE = "proto 77 " + OURS;

    private static final int ATTEMPTS = 200;
    private static final long MOMENT = Duration.ofMillis(5).toNanos();

    private final NetworkSpace space;
    private Set<Cidr> anchors;
    private Set<Cidr> led;
    private boolean first = true;

    /// Finds what an earlier run has left: what is still wanted stays without a gap.
    Ways(NetworkSpace space) {
        this.space = space;
        this.anchors = found("addr show dev lo", "inet6? ([0-9a-f.:/]+) " + OURS);
        this.led = found("route show " + MADE_HERE, "^([0-9a-f.:/]+) ");
    }

    private Set<Cidr> found(String question, String form) {
        var network = Pattern.compile(form);
        return Stream.of("-4", "-6")
                .map(family -> space.run(("ip " + family + " -o " + question).split(" ")))
                .flatMap(String::lines)
                .map(network::matcher)
                .filter(Matcher::find)
                .map(found -> Cidr.of(found.group(1)))
                .collect(Collectors.toUnmodifiableSet());
    }

    /// Leads to these passages' partners and nowhere else.
    ///
    /// @throws Refusal `network-command`
    void lead(Collection<Passage> passages) {
        anchor(passages);
        var ways = new LinkedHashMap<Cidr, String>();
        passages.forEach(p -> p.partner().forEach(to -> ways.putIfAbsent(to, "route replace " + way(to, p))));
        drop(led.stream().filter(to -> !ways.containsKey(to)).map(to -> "route del " + to + " dev " + DEVICE));
        led = Set.copyOf(ways.keySet());
        try {
            batch(ways.values());
        } catch (Refusal e) {
            if (isThere()) {
                throw e;
            }
            // no engine, no device: the next one's controller leads again
        }
    }

    private static String way(Cidr to, Passage passage) {
        // what the router itself has to say, such as that a host is away, comes from an address that may enter
        // the tunnel
        var from = passage.own().stream()
                .filter(own -> own.isIpv4() == to.isIpv4() && !isSingle(own))
                .findFirst();
        return to + " dev " + DEVICE + from.map(own -> " src " + base(own)).orElse("") + " " + MADE_HERE;
    }

    private boolean isThere() {
        try {
            space.run("ip", "link", "show", "dev", DEVICE);
            return true;
        } catch (Refusal none) {
            return false;
        }
    }

    /// A network's base is no host's. A single machine's address is the machine's: here nothing is delivered to
    /// it, and nobody answers for it.
    private void anchor(Collection<Passage> passages) {
        var singles = new LinkedHashSet<Cidr>();
        var wanted = new LinkedHashSet<Cidr>();
        passages.stream().flatMap(p -> p.own().stream()).forEach(own -> {
            wanted.add(host(own));
            if (isSingle(own)) {
                singles.add(host(own));
            }
        });
        if (first) { // an earlier run may have been killed before it came to that
            drop(singles.stream().filter(anchors::contains).map(Ways::notLocal));
            first = false;
        }
        var fresh = wanted.stream().filter(a -> !anchors.contains(a)).toList();
        batch(fresh.stream().flatMap(a -> anchored(a, singles.contains(a))).toList());
        fresh.stream().filter(a -> !a.isIpv4() && singles.contains(a)).forEach(this::notLocalSoon);
        drop(anchors.stream()
                .filter(a -> !wanted.contains(a))
                .flatMap(a -> Stream.of("addr del " + a + " dev lo", "route del " + inert(a))));
        anchors = Set.copyOf(wanted);
    }

    private static Stream<String> anchored(Cidr anchor, boolean single) {
        var address = "addr replace " + anchor + " dev lo " + OURS + (anchor.isIpv4() ? "" : " noprefixroute");
        // IPv4 believes in a way's source only if the way's own table, or the local one, has it
        return single && anchor.isIpv4()
                ? Stream.of(address, notLocal(anchor), "route replace " + inert(anchor))
                : Stream.of(address);
    }

    /// IPv6 delivers to a new address a moment after it was given.
    private void notLocalSoon(Cidr anchor) {
        for (int attempt = 0; ; attempt++) {
            try {
                batch(List.of(notLocal(anchor)));
                return;
            } catch (Refusal e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                LockSupport.parkNanos(MOMENT);
            }
        }
    }

    private static String notLocal(Cidr anchor) {
        return "route del local " + anchor + " dev lo table local";
    }

    private static String inert(Cidr anchor) {
        return "local " + anchor + " dev lo table " + TABLE;
    }

    private void batch(Collection<String> lines) {
        if (!lines.isEmpty()) {
            space.feed(String.join("\n", lines) + "\n", "ip", "-batch", "-");
        }
    }

    /// That something is gone already is well: its device went, or somebody else was tidy.
    private void drop(Stream<String> lines) {
        var script = lines.collect(Collectors.joining("\n"));
        if (!script.isEmpty()) {
            try {
                space.feed(script + "\n", "ip", "-force", "-batch", "-");
            } catch (Refusal e) {
                // as said
            }
        }
    }

    private static boolean isSingle(Cidr network) {
        return network.length() >= bits(network) - 1;
    }

    private static int bits(Cidr network) {
        return network.isIpv4() ? 32 : 128;
    }

    private static String base(Cidr network) {
        return network.base().getHostAddress();
    }

    private static Cidr host(Cidr network) {
        return new Cidr(network.base(), bits(network));
    }
}
