package org.mizuhiki.lab;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.Flow;
import org.mizuhiki.ike.Passage;

/// The seed's first picture (seed 001, 5.2): B connected to A, C, D and E, left running for people to look
/// at. D and E call, since they are behind NAT; E, whose addresses are A's, shows itself as another
/// network.
public final class SeedNetwork {
    /// As which B sees E.
    public static final Cidr E_AS_SHOWN = Cidr.of("10.105.12.0/24");

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int PORT = 5000;

    private final Lab lab;
    private final LabAuthority authority;
    private final SecureRandom die;
    private final Map<String, LabRouter> routers = new HashMap<>();

    private SeedNetwork(Lab lab, SecureRandom die) {
        this.lab = lab;
        this.die = die;
        authority = LabAuthority.found(lab.folder().resolve("ca"), "Lab");
    }

    /// Starts all routers of a lab of [Lab#SEED] and connects them; engines and rules stay when this
    /// program ends.
    public static void connect(Lab lab, SecureRandom die) {
        var network = new SeedNetwork(lab, die);
        lab.sites().forEach(s -> network.routers.put(s.name(), LabRouter.start(lab, s, network.authority)));
        network.plain("b", "a");
        network.plain("b", "c");
        network.plain("d", "b");
        network.translated();
        network.routers.values().forEach(r -> r.engine().close());
    }

    private LabRouter router(String name) {
        return Objects.requireNonNull(routers.get(name));
    }

    private Cidr network(String name) {
        return lab.site(name).network();
    }

    private void plain(String caller, String called) {
        var name = router(caller).agree(router(called), lab.address(lab.site(called)), authority, die);
        for (var at : List.of(caller, called)) {
            var partner = at.equals(caller) ? called : caller;
            open(at, name, network(at), network(partner), List.of());
        }
        router(caller).engine().initiate(name, PATIENCE);
    }

    private void translated() {
        var shown = new Passage.Translation(network("e"), E_AS_SHOWN, network("b"));
        open("e", "e-b", network("e"), network("b"), List.of(shown));
        open("b", "e-b", network("b"), E_AS_SHOWN, List.of());
        load("b", "e", network("b"), E_AS_SHOWN, Optional.empty());
        load("e", "b", E_AS_SHOWN, network("b"), Optional.of(lab.address(lab.site("b"))));
        router("e").engine().initiate("e-b", PATIENCE);
    }

    private void load(String at, String partner, Cidr own, Cidr other, Optional<InetAddress> where) {
        var identity = router(partner).papers().identity();
        router(at)
                .engine()
                .load(router(at).tunnel("e-b", identity, where, authority.certificate(), Optional.empty(), own, other));
    }

    /// Ping and one port, in both directions.
    private void open(String at, String name, Cidr own, Cidr other, List<Passage.Translation> translated) {
        var flows = Stream.of(
                Flow.ping(own, other), Flow.ping(other, own), Flow.tcp(own, other, PORT), Flow.tcp(other, own, PORT));
        var shown = translated.stream().map(Passage.Translation::shown).findFirst();
        router(at)
                .policy()
                .open(new Passage(
                        name,
                        List.of(shown.orElse(own)),
                        List.of(other),
                        flows.toList(),
                        translated,
                        Optional.empty(),
                        0));
    }
}
