package org.mizuhiki.ike;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mizuhiki.house.Refusal;

/// The rules as nftables reads them; what they do is seen in the lab, with real packets.
class RulesetTest {
    private static final Cidr OWN = Cidr.of("192.168.1.0/24");
    private static final Cidr PARTNER = Cidr.of("10.2.0.0/24");

    private static Ruleset full(Esp esp) {
        var flows = List.of(
                Flow.tcp(OWN, PARTNER, 443),
                new Flow(PARTNER, Cidr.of("192.168.1.7"), Flow.Protocol.UDP, 5000, 5010),
                Flow.ping(OWN, PARTNER),
                Flow.tcp(Cidr.of("fd00:1::/64"), Cidr.of("fd00:2::/64"), 443),
                Flow.ping(Cidr.of("fd00:1::/64"), Cidr.of("fd00:2::/64")));
        var shown = new Passage.Translation(OWN, Cidr.of("10.1.0.0/24"), PARTNER);
        var passages = List.of(
                new Passage("b-a", List.of(OWN), List.of(PARTNER), flows, List.of(shown), Optional.of("asp"), 46),
                Passage.of("b-c", List.of(), List.of(), List.of()));
        return new Ruleset(esp, Set.of("eth0", "ppp0"), passages);
    }

    @ParameterizedTest
    @EnumSource(Esp.class)
    @Tag("D6")
    void nftablesUnderstandsEveryRuleForEveryKindOfEsp(Esp esp) throws Exception {
        assumeTrue(canCheck(), "nft cannot check rules here (it takes root): skipped");
        // a network of its own, so that not even by mistake a rule of the machine changes
        var process = new ProcessBuilder("unshare", "--net", "nft", "-c", "-f", "-")
                .redirectErrorStream(true)
                .start();
        try (var in = process.outputWriter()) {
            in.write(full(esp).script());
        }
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), said);
    }

    private static boolean canCheck() throws InterruptedException {
        try {
            return new ProcessBuilder("unshare", "--net", "nft", "list", "ruleset")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    @Tag("D6")
    void whateverIsOpenRelayingIsForbiddenFirstAndAllElseLast() {
        for (var esp : Esp.values()) {
            var script = full(esp).script();
            int relay = script.indexOf(esp.out() + " " + esp.in() + " counter drop");
            assertTrue(relay > 0 && relay < script.indexOf("accept"), "before anything is accepted");
            assertTrue(script.contains("hook forward priority filter; policy drop;"));
        }
    }

    @Test
    void flowsAndNetworksThatAreNoneAreRefused() {
        assertCode("flow-not-valid", () -> Flow.tcp(OWN, PARTNER, 0));
        assertCode("flow-not-valid", () -> new Flow(OWN, PARTNER, Flow.Protocol.UDP, 20, 10));
        assertCode("flow-not-valid", () -> new Flow(OWN, PARTNER, Flow.Protocol.PING, 1, 1));
        assertCode("flow-not-valid", () -> Flow.tcp(OWN, Cidr.of("fd00::/64"), 80));
        assertCode("network-not-valid", () -> Cidr.of("192.168.1.1/24"));
        assertCode("network-not-valid", () -> Cidr.of("192.168.1.0/33"));
        assertCode("network-not-valid", () -> Cidr.of("localhost/8"));
        assertCode("network-not-valid", () -> Cidr.of("; flush ruleset"));
        assertCode("network-not-valid", () -> new Passage.Translation(OWN, Cidr.of("10.1.0.0/16"), PARTNER));
        assertThrows(IllegalArgumentException.class, () -> Passage.of("a\n}", List.of(), List.of(), List.of()));
    }

    private static void assertCode(String code, Executable what) {
        assertEquals(code, assertThrows(Refusal.class, what).code());
    }

    @Test
    void networksContainSmallerOnesAndCountTheirHosts() {
        assertTrue(Cidr.of("192.168.0.0/16").contains(OWN));
        assertTrue(!OWN.contains(Cidr.of("192.168.0.0/16")) && !OWN.contains(PARTNER));
        assertEquals("192.168.2.0", OWN.host(256).getHostAddress());
        assertEquals("192.168.1.7/32", Cidr.of("192.168.1.7").toString());
        assertEquals("fd00:1:0:0:0:0:0:2", Cidr.of("fd00:1::/64").host(2).getHostAddress());
    }
}
