package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.Flow;
import org.mizuhiki.ike.Passage;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;

/// Some of the seed's sites with their routers running, and the words in which tests speak of them.
final class Country implements AutoCloseable {
    static final SecureRandom DIE = new SecureRandom();
    static final Duration SOON = Duration.ofSeconds(15);

    final Lab lab;
    final LabAuthority authority;
    private final Map<String, LabRouter> routers = new HashMap<>();

    private Country(Lab lab) {
        this.lab = lab;
        authority = LabAuthority.found(lab.folder().resolve("ca"), "Group CA");
    }

    /// Skips the test where there can be no tunnels.
    static Country of(String... sites) {
        requireTunnels();
        var chosen =
                Lab.SEED.stream().filter(s -> List.of(sites).contains(s.name())).toList();
        try {
            var country = new Country(Lab.up(Files.createTempDirectory("mz"), chosen, DIE));
            boolean ready = false;
            try {
                chosen.forEach(s -> country.routers.put(s.name(), LabRouter.start(country.lab, s, country.authority)));
                ready = true;
                return country;
            } finally {
                if (!ready) {
                    country.close();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void requireTunnels() {
        var missing = LabRouter.missing();
        assumeTrue(missing.isEmpty(), () -> "real tunnels are skipped: " + missing.orElse(""));
    }

    LabRouter router(String name) {
        return Objects.requireNonNull(routers.get(name));
    }

    Host host(String name) {
        return new Host(lab.host(lab.site(name)));
    }

    Cidr network(String name) {
        return lab.site(name).network();
    }

    /// The site's host as it knows itself.
    InetAddress address(String name) {
        return network(name).host(2);
    }

    static Secret ppk() {
        var bytes = new byte[32];
        DIE.nextBytes(bytes);
        return Secret.taking(bytes);
    }

    /// The tunnel that `from` will ask `to` for, as `at` sees it.
    Tunnel tunnel(String from, String to, String at) {
        var asks = at.equals(from);
        return router(at)
                .tunnel(
                        from + "-" + to,
                        router(asks ? to : from),
                        authority,
                        asks ? Optional.of(lab.address(lab.site(to))) : Optional.empty(),
                        Optional.of(from + "-" + to));
    }

    /// Loads the tunnel at both ends with a PPK of its own.
    String load(String from, String to) {
        return router(from).agree(router(to), lab.address(lab.site(to)), authority, DIE);
    }

    State renew(String from, String to, String ppk) {
        return router(from).renew(router(to), lab.address(lab.site(to)), authority, ppk, DIE);
    }

    State connect(String from, String to) {
        return router(from).engine().initiate(load(from, to), SOON);
    }

    /// The code of the refusal with which the tunnel does not come up; nothing of it is left at either end.
    String refused(String from, String to) {
        var refusal = assertThrows(Refusal.class, () -> router(from).engine().initiate(from + "-" + to, SOON));
        assertEquals(Optional.empty(), router(from).engine().state(from + "-" + to));
        router(to).engine().terminate(from + "-" + to);
        return refusal.code();
    }

    /// Lets `from` reach TCP and UDP ports of `to`, at both ends.
    void open(String from, String to, int... ports) {
        for (var at : List.of(from, to)) {
            router(at).policy().open(passage(from, to, at, Optional.empty(), ports));
        }
    }

    Passage passage(String from, String to, String at, Optional<String> exclusive, int... ports) {
        return new Passage(
                from + "-" + to,
                List.of(network(at)),
                List.of(network(at.equals(from) ? to : from)),
                flows(network(from), network(to), ports),
                List.of(),
                exclusive,
                0);
    }

    static List<Flow> flows(Cidr from, Cidr to, int... ports) {
        return Arrays.stream(ports)
                .boxed()
                .flatMap(p -> Stream.of(Flow.Protocol.TCP, Flow.Protocol.UDP).map(x -> new Flow(from, to, x, p, p)))
                .toList();
    }

    /// No tunnel and no passage is left.
    void calm() {
        for (var router : routers.values()) {
            for (var name : router.engine().loaded()) {
                router.policy().shut(name);
                router.engine().remove(name, Optional.of(name));
            }
        }
    }

    @Override
    public void close() {
        routers.values().forEach(LabRouter::close);
        lab.close();
    }
}
