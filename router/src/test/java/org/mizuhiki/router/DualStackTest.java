package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.Meeting;

/// Routers with IPv4 and IPv6 outside tell both, and meet by what both have.
@Tag("D8")
@TwoRouters.Asks("b")
class DualStackTest extends TwoRouters {
    /// As the machine has them.
    @Override
    List<String> hosts(LabRouter at) {
        return Stream.of("-4", "-6")
                .flatMap(family -> pair.lab
                        .router(at.site())
                        .run("ip", family, "-o", "addr", "show", "dev", "eth0", "scope", "global")
                        .lines()
                        .filter(l -> !l.isBlank())
                        .limit(1))
                .map(line -> Cidr.of(line.strip().split("\\s+")[3].split("/")[0])
                        .base()
                        .getHostAddress())
                .toList();
    }

    @AfterEach
    void home() {
        pair.met = Optional.empty();
        pair.lab.move(pair.e.site(), 1, 101);
        pair.lab.move(pair.a.site(), 2, 102);
    }

    /// As the real centre sees two that told it where they are.
    private void meet() {
        pair.met = Optional.of(Meeting.of(place(deskE), place(deskA)));
    }

    private static Meeting.Place place(Desk desk) {
        var told = desk.locations.getLast();
        return new Meeting.Place(
                new Address(told.host(), 500, false), told.other().map(o -> new Address(o, 500, false)));
    }

    private static void withoutIpv6(LabRouter router, Desk desk) {
        pair.lab.router(router.site()).run("ip", "-6", "addr", "flush", "dev", "eth0", "scope", "global");
        await(() -> desk.locations.getLast().other().isEmpty());
    }

    private static String partner() {
        return pair.e.engine().state(Pair.CONNECTION).orElseThrow().partner();
    }

    private void up(long serial) {
        meet();
        order(information(serial));
        await(() -> deskE.heard(Happened.UP) && deskA.heard(Happened.UP));
    }

    @Test
    void whereBothHaveBothTheyMeetByIpv6() throws Exception {
        await(() -> deskE.locations.getLast().other().isPresent());
        try (var _ = pair.echo()) {
            up(1);
            assertEquals(ConnectionInformation.FORM_2, pair.met.orElseThrow().form());
            assertTrue(partner().startsWith("2001:db8:2:"), partner());
            await(pair::reaches);
        }
    }

    @Test
    void whereOneHasIpv4OnlyTheyMeetByThat() throws Exception {
        withoutIpv6(pair.a, deskA);
        try (var _ = pair.echo()) {
            up(1);
            assertEquals(pair.lab.address(pair.a.site()).getHostAddress(), partner());
            await(pair::reaches);
        }
    }

    @Test
    void whoLosesIpv6MeetsByIpv4WithTheNextSerial() throws Exception {
        try (var _ = pair.echo()) {
            up(1);
            assertTrue(partner().contains(":"), partner());
            withoutIpv6(pair.a, deskA);
            meet();
            order(information(2));
            await(() -> !partner().contains(":") && pair.reaches());
            assertEquals(pair.lab.address(pair.a.site()).getHostAddress(), partner());
        }
    }

    /// Both have IPv6, and none of it comes through between them: nobody can know before it is tried.
    @Test
    void whereTheFirstWayLeadsNowhereTheOtherIsTried() throws Exception {
        // between the providers, where neither router sees it
        pair.lab.internet().run("ip", "-6", "route", "add", "blackhole", "2001:db8:2::/64", "metric", "1");
        try (var _ = pair.echo()) {
            up(1);
            assertTrue(pair.met.orElseThrow().asked().address().host().contains(":"));
            assertEquals(pair.lab.address(pair.a.site()).getHostAddress(), partner());
            await(pair::reaches);
        } finally {
            pair.lab.internet().run("ip", "-6", "route", "del", "blackhole", "2001:db8:2::/64", "metric", "1");
        }
    }
}
