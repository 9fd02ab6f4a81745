package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.NetworkSpace;
import org.mizuhiki.lab.Host;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.SignedInformation;

/// Three whole routers: C may reach B and B may reach A, so C wants to reach A by way of B (seed 003, 8.1 d).
/// What B may say in its own name to A, B can say whoever asked B for it: that no router can tell.
@Tag("D1")
@TwoRouters.Asks(value = "b", third = "c")
class RelayTest extends TwoRouters {
    private static final String OTHER = "fedcba9876543210fedcba9876543210";
    private static final int CLOSED = 22;
    private static final InetAddress AT_A = InetAddress.ofLiteral("10.101.12.2");
    private static final InetAddress AT_B = InetAddress.ofLiteral("192.168.11.2");
    private static final InetAddress AT_C = InetAddress.ofLiteral("192.168.13.2");

    private final Desk deskC = new Desk();
    private LabRouter third;
    private Router c;

    @BeforeEach
    void startThird() {
        third = LabRouter.start(pair.lab, pair.lab.site("c"), pair.authority);
        who.put(third.papers().certificate(), Pair.member(third));
        c = router(third, deskC);
        await(() -> !deskC.locations.isEmpty());
    }

    @AfterEach
    void stopThird() {
        c.live().forEach(l -> c.cut(l.good().information().connection()));
        c.close();
        third.close();
    }

    private static NetworkSpace b() {
        return pair.lab.router(pair.e.site());
    }

    private static Host host(String site) {
        return new Host(pair.lab.host(pair.lab.site(site)));
    }

    /// C asks B, whose own connection to A stands.
    private void connectC() {
        var raw = new byte[32];
        Pair.DIE.nextBytes(raw);
        ConnectionInformation information;
        try (var ppk = Secret.taking(raw)) {
            information = new ConnectionInformation(
                    ConnectionInformation.FORM,
                    OTHER,
                    1,
                    Pair.NOW.plusSeconds(1),
                    Pair.NOW,
                    Pair.NOW.plus(Duration.ofMinutes(30)),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Digest.of((byte) 3),
                    Pair.uniform().id(),
                    "referrals",
                    Pair.service(),
                    Proposals.usual(),
                    Initiator.ASKING,
                    "c".repeat(32),
                    pair.end(third, "192.168.13.0/24", sealed(ppk, deskC)),
                    pair.end(pair.e, "192.168.11.0/24", sealed(ppk, deskE)));
        }
        var signed = SignedInformation.sign(information, signer);
        var members = List.of(Pair.member(pair.e, 60), Pair.member(third, 60));
        order(deskE, signed, third.papers().certificate(), pair.e, members);
        order(deskC, signed, pair.e.papers().certificate(), third, members);
        await(() -> deskC.heard(Happened.UP));
    }

    private static final Pattern COUNTED =
            Pattern.compile("counter packets (\\d+) bytes \\d+( drop)? comment \"(.*)\"");

    /// Packets that a router's rules dropped for this reason.
    private static long dropped(NetworkSpace at, String why) {
        var found = COUNTED.matcher(at.run("nft", "list", "chain", "inet", "mizuhiki", "forward"));
        while (found.find()) {
            if (found.group(3).equals(why)) {
                return Long.parseLong(found.group(1));
            }
        }
        throw new AssertionError("no such rule: " + why);
    }

    /// B's own people lead what comes for one of their hosts somewhere else.
    private static void mislead(String rules) {
        b().feed("add table ip hostile\ndelete table ip hostile\n" + """
                table ip hostile {
                  chain in { type nat hook prerouting priority -150; %s; }
                }
                """.formatted(rules), "nft", "-f", "-");
    }

    @Test
    void nobodyReachesAThirdSiteByWayOfAnother() throws Exception {
        try (var _ = host("a").echo(Pair.PORT);
                var _ = host("b").echo(Pair.PORT);
                var _ = host("c").echo(Pair.PORT);
                var _ = host("a").echo(CLOSED)) {
            connected();
            connectC();
            await(() -> host("c").reaches(AT_B, Pair.PORT));
            await(() -> host("b").reaches(AT_A, Pair.PORT));
            // 1. asked for directly, it does not even leave C
            long before = dropped(pair.lab.router(third.site()), "not agreed");
            assertFalse(host("c").reachesAtOnce(AT_A, Pair.PORT));
            assertTrue(dropped(pair.lab.router(third.site()), "not agreed") > before);
            // 2. B's people lead it on: B's router drops it, and counts
            assertEquals(0, dropped(b(), "relaying"));
            mislead("ip daddr 192.168.11.2 tcp dport 5000 dnat to 10.101.12.2");
            assertFalse(host("c").reachesAtOnce(AT_B, Pair.PORT));
            assertTrue(dropped(b(), "relaying") > 0);
            assertTrue(host("b").reaches(AT_A, Pair.PORT), "what B may do itself goes on");
            withoutRules();
        } finally {
            b().feed("add table ip hostile\ndelete table ip hostile\n", "nft", "-f", "-");
        }
    }

    /// A hostile B has no rules of ours at all.
    private void withoutRules() throws Exception {
        b().run("nft", "delete", "table", "inet", "mizuhiki");
        // 3. C's packets as C's own find no tunnel to A: its selectors are those of B's networks
        assertFalse(host("c").reachesAtOnce(AT_B, Pair.PORT));
        // 4. under B's name, to what B has not agreed on with A: A's router drops it, by itself
        long refusedByA = dropped(pair.lab.router(pair.a.site()), "not agreed");
        mislead("ip daddr 192.168.11.2 tcp dport 5000 dnat to 10.101.12.2:22");
        b().feed("""
                table ip hostile {
                  chain out { type nat hook postrouting priority 90; ip daddr 10.101.12.2 snat to 10.105.12.2; }
                }
                """, "nft", "-f", "-");
        assertFalse(host("c").reachesAtOnce(AT_B, Pair.PORT));
        assertTrue(dropped(pair.lab.router(pair.a.site()), "not agreed") > refusedByA, "it came as far as A's rules");
        // 5. and C's router lets nothing in that B was not asked for
        long refusedByC = dropped(pair.lab.router(third.site()), "not agreed");
        assertFalse(host("b").reachesAtOnce(AT_C, Pair.PORT));
        assertTrue(dropped(pair.lab.router(third.site()), "not agreed") > refusedByC, "it came as far as C's rules");
        assertEquals(
                List.of(),
                deskA.logged.stream()
                        .filter(l -> l.source().startsWith("192.168.13."))
                        .toList());
    }
}
