package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.lab.LabRouter;

/// Routers whose addresses change while they are connected, and such as have IPv6 only in common.
@Tag("N5")
@Tag("D8")
@TwoRouters.Asks("b")
class RoamingTest extends TwoRouters {
    private String family = "-4";

    /// As the machine knows it.
    @Override
    List<String> hosts(LabRouter at) {
        var shown = pair.lab
                .router(at.site())
                .run("ip", family, "-o", "addr", "show", "dev", "eth0", "scope", "global")
                .strip();
        return List.of(Cidr.of(shown.split("\\s+")[3].split("/")[0]).base().getHostAddress());
    }

    @AfterEach
    void home() {
        pair.moved.clear();
        pair.dual = false;
        pair.lab.move(pair.e.site(), 1, 101);
        pair.lab.move(pair.a.site(), 2, 102);
    }

    private void moved(LabRouter router, Desk desk, int provider, int number, String address) {
        pair.lab.move(router.site(), provider, number);
        await(() -> desk.locations.getLast().host().equals(address));
        pair.moved.put(router, address);
    }

    @Test
    void oneWhoMovesTellsTheCentreAndItsTunnelFollows() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            long before = generation();
            moved(pair.e, deskE, 2, 77, "203.0.113.77");
            await(pair::reaches);
            assertEquals(before, generation(), "the same tunnel: MOBIKE");
            // the centre says the same to both, with the new address
            order(information(2));
            await(() -> generation() > before);
            await(pair::reaches);
        }
    }

    @Test
    void whenBothMoveAtOnceTheCentresNextWordBringsThemTogether() throws Exception {
        try (var _ = pair.echo()) {
            connected();
            long before = generation();
            pair.lab.move(pair.a.site(), 1, 79);
            moved(pair.e, deskE, 2, 78, "203.0.113.78");
            moved(pair.a, deskA, 1, 79, "198.51.100.79");
            order(information(2));
            await(() -> generation() > before && pair.reaches());
            var now = pair.e.engine().state(Pair.CONNECTION).orElseThrow();
            assertEquals("198.51.100.79", now.partner());
            await(() -> {
                pause();
                return pair.e.engine().states().size() == 1; // the old one is not waited for where nobody is
            });
        }
    }

    @Test
    void routersThatMeetOverIpv6CarryBothKinds() throws Exception {
        family = "-6";
        pair.dual = true;
        for (var router : List.of(pair.e, pair.a)) {
            pair.moved.put(router, pair.lab.address6(router.site()).getHostAddress());
        }
        await(() -> deskE.locations.getLast().host().contains(":"));
        try (var _ = pair.echo()) {
            order(information(1));
            await(() -> deskE.heard(Happened.UP) && deskA.heard(Happened.UP));
            var up = pair.e.engine().state(Pair.CONNECTION).orElseThrow();
            assertTrue(up.partner().startsWith("2001:db8:2:"), up.partner());
            assertTrue(pair.reaches("10.101.12.2"), "IPv4 in IPv6");
            assertTrue(pair.reaches("fd4d:2::2"), "IPv6 in IPv6");
        }
    }

    private static long generation() {
        return pair.e.engine().state(Pair.CONNECTION).orElseThrow().generation();
    }
}
