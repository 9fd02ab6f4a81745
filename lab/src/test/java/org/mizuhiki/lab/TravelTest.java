package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.Flow;
import org.mizuhiki.ike.Passage;
import org.mizuhiki.ike.State;

/// Networks as they are: NAT, the same private addresses at two sites, addresses that change, IPv6.
class TravelTest {
    private static final Cidr A_AS_SHOWN = Cidr.of("10.101.12.0/24");
    private static final Cidr E_AS_SHOWN = Cidr.of("10.105.12.0/24");

    private static Country country;

    @BeforeAll
    static void build() {
        country = Country.of("b", "a", "d", "e");
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
    @Tag("D8")
    void aSiteBehindNatReachesItsPartnerAndIsReached() throws Exception {
        assertEquals(State.Phase.UP, country.connect("d", "b").phase());
        country.open("d", "b", 5000);
        country.router("d").policy().open(both("d", "b"));
        country.router("b").policy().open(both("b", "d"));
        try (var _ = country.host("b").echo(5000);
                var _ = country.host("d").echo(5000)) {
            assertTrue(country.host("d").reaches(country.address("b"), 5000));
            assertTrue(country.host("b").reaches(country.address("d"), 5000));
        }
    }

    private static Passage both(String own, String partner) {
        var x = country.network(own);
        var y = country.network(partner);
        var flows = new ArrayList<>(Country.flows(x, y, 5000));
        flows.addAll(Country.flows(y, x, 5000));
        return Passage.of("d-b", List.of(x), List.of(y), flows);
    }

    @Test
    @Tag("D8")
    void sitesWithTheSameAddressesReachOneAnotherByTranslatedOnes() throws Exception {
        // 1. E (behind NAT) asks A; both are 192.168.12.0/24, and each sees the other as another network
        assertEquals(country.network("a"), country.network("e"));
        translated("a", A_AS_SHOWN, E_AS_SHOWN, Optional.empty());
        translated("e", E_AS_SHOWN, A_AS_SHOWN, Optional.of(country.lab.address(country.lab.site("a"))));
        assertEquals(
                State.Phase.UP,
                country.router("e").engine().initiate("e-a", Country.SOON).phase());
        // 2. host for host
        try (var _ = country.host("a").echo(5000)) {
            assertTrue(country.host("e").reaches(A_AS_SHOWN.host(2), 5000));
            assertFalse(country.host("e").reachesAtOnce(A_AS_SHOWN.host(3), 5000), "there is no such host");
        }
    }

    private static void translated(String at, Cidr own, Cidr partner, Optional<InetAddress> where) {
        var router = country.router(at);
        var other = country.router(at.equals("a") ? "e" : "a");
        var flows = at.equals("a")
                ? Country.flows(partner, country.network(at), 5000)
                : Country.flows(country.network(at), partner, 5000);
        var shown = new Passage.Translation(country.network(at), own, partner);
        router.policy()
                .open(new Passage("e-a", List.of(own), List.of(partner), flows, List.of(shown), Optional.empty(), 0));
        router.engine()
                .load(router.tunnel(
                        "e-a",
                        other.papers().identity(),
                        where,
                        country.authority.certificate(),
                        Optional.empty(),
                        own,
                        partner));
    }

    @Test
    @Tag("N5")
    void aTunnelFollowsARouterThatGetsAnotherAddress() throws Exception {
        country.connect("a", "b");
        country.open("a", "b", 5000);
        try (var _ = country.host("b").echo(5000);
                var stream = country.host("a").stream(country.address("b"), 5000, Duration.ofMillis(10))) {
            TunnelTest.until(() -> stream.received() > 10);
            long before =
                    country.router("b").engine().state("a-b").orElseThrow().generation();
            country.lab.move(country.lab.site("a"), 1, 77); // another provider, another address
            int then = stream.received();
            TunnelTest.until(() -> stream.received() > then + 10);
            var after = country.router("b").engine().state("a-b").orElseThrow();
            assertTrue(after.partner().matches("198\\.51\\.100\\.77|2001:db8:1:.*"), after.partner());
            assertEquals(before, after.generation(), "the same tunnel: MOBIKE, not a new one");
        } finally {
            country.calm();
            country.lab.move(country.lab.site("a"), 2, 102);
        }
    }

    @Test
    @Tag("N5")
    void whenBothMoveAtOnceTheControllersWordBringsThemTogether() throws Exception {
        country.connect("a", "b");
        country.open("a", "b", 5000);
        country.lab.move(country.lab.site("a"), 1, 78);
        country.lab.move(country.lab.site("b"), 2, 79);
        try (var _ = country.host("b").echo(5000)) {
            // neither finds the other; the location server tells A where B is now
            var router = country.router("a");
            var now = Cidr.of("203.0.113.79").base();
            router.engine().terminate("a-b");
            router.engine()
                    .load(router.tunnel(
                            "a-b", country.router("b"), country.authority, Optional.of(now), Optional.of("a-b")));
            var up = router.engine().initiate("a-b", Country.SOON);
            assertEquals("203.0.113.79", up.partner());
            assertTrue(country.host("a").reaches(country.address("b"), 5000));
        } finally {
            country.calm();
            country.lab.move(country.lab.site("a"), 2, 102);
            country.lab.move(country.lab.site("b"), 1, 101);
        }
    }

    @Test
    @Tag("D8")
    void ipv6WorksOutsideAndInside() throws Exception {
        var a = Cidr.of("fd4d:2::/64");
        var b = Cidr.of("fd4d:1::/64");
        six("b", "a", b, a, Optional.empty());
        six("a", "b", a, b, Optional.of(country.lab.address6(country.lab.site("b"))));
        var up = country.router("a").engine().initiate("a-b", Country.SOON);
        assertTrue(up.partner().startsWith("2001:db8:1:"), up.partner());
        var flows = List.of(Flow.tcp(a, b, 5000));
        country.router("a").policy().open(Passage.of("a-b", List.of(a), List.of(b), flows));
        country.router("b").policy().open(Passage.of("a-b", List.of(b), List.of(a), flows));
        try (var _ = country.host("b").echo(5000);
                var _ = country.host("b").echo(5001)) {
            assertTrue(country.host("a").reaches(b.host(2), 5000));
            assertFalse(country.host("a").reachesAtOnce(b.host(2), 5001));
        }
    }

    private static void six(String at, String partner, Cidr own, Cidr other, Optional<InetAddress> where) {
        var router = country.router(at);
        router.engine()
                .load(router.tunnel(
                        "a-b",
                        country.router(partner).papers().identity(),
                        where,
                        country.authority.certificate(),
                        Optional.empty(),
                        own,
                        other));
    }
}
