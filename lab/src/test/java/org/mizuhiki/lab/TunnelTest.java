package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.End;
import org.mizuhiki.ike.Passage;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;

/// What passes between sites, and what never does.
class TunnelTest {
    private static Country country;

    @BeforeAll
    static void build() {
        country = Country.of("b", "a", "c");
    }

    @AfterAll
    static void clear() {
        if (country != null) {
            country.close();
        }
    }

    @AfterEach
    void calm() {
        country.calm();
    }

    @Test
    @Tag("D1")
    void aTunnelCarriesTheAgreedPortAndNoOther() throws Exception {
        var up = country.connect("b", "a");
        assertEquals(State.Phase.UP, up.phase());
        assertTrue(up.ppk());
        country.open("b", "a", 5000);
        try (var _ = country.host("a").echo(5000);
                var _ = country.host("a").echo(5001);
                var _ = country.host("b").echo(5000)) {
            assertTrue(country.host("b").reaches(country.address("a"), 5000));
            assertFalse(country.host("b").reachesAtOnce(country.address("a"), 5001));
            assertFalse(
                    country.host("a").reachesAtOnce(country.address("b"), 5000),
                    "the flow was agreed in one direction");
            assertFalse(
                    country.host("b").reachesAtOnce(country.network("a").host(1), 5000), "the router is no partner's");
        }
    }

    @Test
    @Tag("D9")
    void whatIsCutStopsThoughTheTunnelStands() throws Exception {
        country.connect("b", "a");
        country.open("b", "a", 5000);
        try (var _ = country.host("a").echo(5000);
                var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10))) {
            until(() -> stream.received() > 10);
            country.router("a").policy().shut("b-a");
            int then = stream.received();
            Thread.sleep(300);
            assertTrue(stream.received() <= then + 1, "conntrack knows the flow and opens nothing");
        }
    }

    @Test
    @Tag("D6")
    void nobodyRelaysFromOneTunnelIntoAnother() throws Exception {
        // 1. the worst case: everybody agreed to selectors and ways that would let A reach C through B
        var hub = country.lab.router(country.lab.site("b"));
        var a = country.network("a");
        var b = country.network("b");
        var c = country.network("c");
        through("a", List.of(a), List.of(b, c));
        through("b", List.of(a, b, c), List.of(a, c));
        through("c", List.of(c), List.of(a, b));
        tunnel("a", "b", List.of(b, c), List.of(a));
        tunnel("b", "c", List.of(c), List.of(b, a));
        try (var _ = country.host("c").echo(5000)) {
            // 2. each tunnel carries, both do not
            assertTrue(country.host("b").reaches(country.address("c"), 5000));
            assertFalse(country.host("a").reachesAtOnce(country.address("c"), 5000));
            // 3. and it is the rule that stops it
            hub.run("nft", "delete", "table", "inet", "mizuhiki");
            assertTrue(country.host("a").reaches(country.address("c"), 5000));
        } finally {
            List.of("a", "b", "c").forEach(at -> country.router(at).policy().shut(at + "-all"));
        }
    }

    private static void through(String at, List<Cidr> own, List<Cidr> partner) {
        var all = Cidr.of("192.168.0.0/16");
        country.router(at).policy().open(Passage.of(at + "-all", own, partner, Country.flows(all, all, 5000)));
    }

    /// Loads a tunnel between these networks at both ends and brings it up.
    private static void tunnel(String from, String to, List<Cidr> there, List<Cidr> here) {
        for (var at : List.of(to, from)) {
            var asks = at.equals(from);
            var plain = country.tunnel(from, to, at);
            country.router(at).engine().load(with(plain, asks ? here : there, asks ? there : here, Optional.empty()));
        }
        country.router(from).engine().initiate(from + "-" + to, Country.SOON);
    }

    private static Tunnel with(Tunnel t, List<Cidr> own, List<Cidr> partner, Optional<String> ppk) {
        return new Tunnel(
                t.name(),
                new End(t.own().identity(), t.own().addresses(), own),
                new End(t.partner().identity(), t.partner().addresses(), partner),
                t.certificate(),
                t.partnersCa(),
                Optional.empty(),
                ppk,
                t.revocation(),
                t.renewEvery());
    }

    @Test
    @Tag("D6")
    void networksThatWereNotAgreedOnAreRefused() {
        country.load("b", "a");
        var plain = country.tunnel("b", "a", "b");
        var engine = country.router("b").engine();
        engine.load(
                with(plain, List.of(Cidr.of("192.168.99.0/24")), plain.partner().networks(), plain.ppk()));
        assertEquals("tunnel-networks-refused", country.refused("b", "a"));
        // a wider network is cut down to the agreed one, by the partner who has the say over it
        engine.load(
                with(plain, List.of(Cidr.of("192.168.0.0/16")), plain.partner().networks(), plain.ppk()));
        assertTrue(country.router("b")
                .engine()
                .initiate("b-a", Country.SOON)
                .networks()
                .contains("192.168.11.0/24"));
    }

    @Test
    @Tag("D10")
    void singleMachinesReachOneAnotherAndNothingBesides() throws Exception {
        single("192.168.11.2", "192.168.13.2", "192.168.13.9/24");
        single("fd4d:1::2", "fd4d:3::2", "fd4d:3::9/64");
    }

    /// The router has no address in a network of one machine.
    private static void single(String caller, String called, String neighbour) throws Exception {
        var from = Cidr.of(caller);
        var to = Cidr.of(called);
        var flows = Country.flows(from, to, 5000);
        country.router("b").policy().open(Passage.of("b-c", List.of(from), List.of(to), flows));
        country.router("c").policy().open(Passage.of("b-c", List.of(to), List.of(from), flows));
        tunnel("b", "c", List.of(to), List.of(from));
        var behind = country.host("c").space();
        behind.run("ip", "addr", "add", neighbour, "dev", "eth0", "nodad");
        try (var _ = country.host("c").echo(5000);
                var _ = country.host("c").echo(5001)) {
            assertTrue(country.host("b").reaches(to.base(), 5000));
            assertFalse(country.host("b").reachesAtOnce(to.base(), 5001), "another port");
            assertFalse(
                    country.host("b")
                            .reachesAtOnce(Cidr.of(neighbour.split("/")[0]).base(), 5000),
                    "another machine");
        }
        behind.run("ip", "addr", "del", neighbour, "dev", "eth0");
        country.calm();
        for (var at : List.of("b", "c")) {
            var space = country.lab.router(country.lab.site(at));
            assertEquals(
                    "",
                    space.run("ip", "route", "show", "proto", "77")
                            + space.run("ip", "-6", "route", "show", "proto", "77"));
            assertFalse(space.run("ip", "-o", "addr", "show", "dev", "lo").contains("metric 77"), "nothing is left");
        }
    }

    @Test
    @Tag("D6")
    void servicesThatExcludeOneAnotherNeverRunAtOnce() {
        var policy = country.router("b").policy();
        policy.open(country.passage("b", "a", "b", Optional.of("asp"), 5000));
        var maintenance = country.passage("b", "c", "b", Optional.of("maintenance"), 22);
        assertEquals(
                "service-exclusive",
                assertThrows(Refusal.class, () -> policy.open(maintenance)).code());
        policy.open(country.passage("b", "c", "b", Optional.empty(), 5000));
        policy.shut("b-a");
        policy.open(maintenance);
        policy.shut("b-c");
    }

    @Test
    @Tag("D1")
    void nothingButIkeAndEspLeavesASite() throws Exception {
        var site = country.lab.site("b");
        var line = Capture.of(country.lab.folder(), country.lab.router(site), "eth0", "", () -> {
            try (var _ = country.host("a").echo(5000);
                    var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10))) {
                Thread.sleep(100); // no tunnel yet: nothing may go out in the clear
                country.connect("b", "a");
                country.open("b", "a", 5000);
                until(() -> stream.received() > 20);
                assertFalse(
                        country.host("b").reachesAtOnce(country.lab.address(country.lab.site("c")), 80), "no way out");
                country.calm();
                Thread.sleep(100); // no tunnel any more
            }
        });
        var sealed = "(udp port 500 or udp port 4500 or esp)";
        assertTrue(line.count(sealed) > 40, line.count(sealed) + " packets");
        // neighbours ask for one another's addresses: ARP, and ICMPv6, also behind a hop-by-hop header
        assertEquals(0, line.count("(ip or ip6) and not icmp6 and not (ip6[6] == 0) and not " + sealed));
    }

    @FunctionalInterface
    interface Condition {
        boolean holds() throws Exception;
    }

    static void until(Condition condition) throws Exception {
        for (int i = 0; i < 600 && !condition.holds(); i++) {
            Thread.sleep(25);
        }
        assertTrue(condition.holds(), "in vain");
    }
}
