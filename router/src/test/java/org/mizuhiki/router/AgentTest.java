package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.State;
import org.mizuhiki.lab.Host;
import org.mizuhiki.lab.Lab;
import org.mizuhiki.lab.LabAuthority;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.lab.Site;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Proposals;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.Terms;
import org.mizuhiki.vpn.Verdict;
import org.mizuhiki.vpn.Zone;

/// Two agents in the lab, with information that both have verified; how it is verified is room vpn's.
@Tag("D1")
@Tag("D8")
class AgentTest {
    private static final String CONNECTION = "0123456789abcdef0123456789abcdef";
    private static final Instant NOW = Instant.parse("2026-04-01T00:00:00Z");
    private static final Duration SOON = Duration.ofSeconds(15);
    private static final int PORT = 5000;

    private static Lab lab;
    private static LabAuthority authority;
    private static LabRouter e;
    private static LabRouter a;

    private Agent asking;
    private Agent asked;

    /// E, behind NAT, asks A; both have the same network.
    @BeforeAll
    static void build() throws Exception {
        assumeTrue(Lab.possible(), "no network namespaces here (root is needed): real tunnels are skipped");
        for (var needed : List.of("/usr/sbin/charon-systemd", "/usr/sbin/nft", "/usr/bin/pki", "/dev/net/tun")) {
            assumeTrue(Files.exists(Path.of(needed)), needed + " is not here: real tunnels are skipped");
        }
        var sites = Lab.SEED.stream()
                .filter(s -> List.of("a", "e").contains(s.name()))
                .toList();
        lab = Lab.up(Files.createTempDirectory("mz"), sites, new SecureRandom());
        authority = LabAuthority.found(lab.folder().resolve("ca"), "Service CA");
        e = LabRouter.start(lab, lab.site("e"), authority);
        a = LabRouter.start(lab, lab.site("a"), authority);
        var list = authority.revoking();
        List.of(e, a).forEach(r -> r.engine().loadRevocations(list));
    }

    @AfterAll
    static void clear() {
        if (lab != null) {
            List.of(e, a).forEach(LabRouter::close);
            lab.close();
        }
    }

    @BeforeEach
    void agents() {
        asking = agent(e);
        asked = agent(a);
    }

    private static Agent agent(LabRouter router) {
        return new Agent(router.engine(), router.policy());
    }

    private static Member.Service member(Site site) {
        return new Member.Service("s-" + site.name(), "medical-vpn", new Member.Device("v", "m", "1"));
    }

    private static ConnectionInformation.End end(LabRouter router, String shown) {
        var real = Network.parse(router.site().network().toString());
        var address =
                new ConnectionInformation.Address(lab.address(router.site()).getHostAddress(), 500, false);
        return new ConnectionInformation.End(
                member(router.site()),
                router.papers().certificate().sha256(),
                Optional.of(address),
                List.of(new Translated(real, Network.parse(shown))),
                Bytes.utf8("sealed to the router"),
                new ConnectionInformation.Consent(Digest.of((byte) 1), "yes", Optional.empty()));
    }

    private static ConnectionInformation information(long serial, String ppkId) {
        var openings = List.of(new Service.Opening(Service.Protocol.TCP, PORT, PORT, true));
        var terms = new Terms(Duration.ofHours(1), Duration.ofMinutes(5), Duration.ofMinutes(10));
        return new ConnectionInformation(
                ConnectionInformation.FORM,
                CONNECTION,
                serial,
                NOW.plusSeconds(serial),
                NOW,
                NOW.plus(Duration.ofMinutes(30)),
                Duration.ofMinutes(5),
                Duration.ofMinutes(10),
                Digest.of((byte) 2),
                Digest.of((byte) 3),
                "referrals",
                new Service("referral", ServiceClass.EXCHANGE, Zone.SECURE, Zone.SECURE, openings, 10, terms),
                Proposals.usual(),
                Initiator.ASKING,
                ppkId,
                end(e, "10.105.12.0/24"),
                end(a, "10.101.12.0/24"));
    }

    private void prepare(ConnectionInformation information, byte ppk) {
        var e = new Verdict.Good(information, information.asking(), information.asked());
        var a = new Verdict.Good(information, information.asked(), information.asking());
        asked.prepare(accepted(a, AgentTest.a, AgentTest.e), key(ppk), NOW);
        asking.prepare(accepted(e, AgentTest.e, AgentTest.a), key(ppk), NOW);
    }

    private static Accepted accepted(Verdict.Good good, LabRouter own, LabRouter partner) {
        return new Accepted(good, own.papers().certificate(), partner.papers().certificate(), authority.certificate());
    }

    private static Secret key(byte ppk) {
        var bytes = new byte[32];
        bytes[0] = ppk;
        return Secret.taking(bytes);
    }

    private static boolean reaches(String address) throws Exception {
        return new Host(lab.host(lab.site("e"))).reaches(InetAddress.ofLiteral(address), PORT);
    }

    @Test
    void verifiedInformationBecomesATunnelThatCarriesWhatItSaysAndEnds() throws Exception {
        prepare(information(1, "a".repeat(32)), (byte) 1);
        assertEquals(Optional.empty(), asked.connect(CONNECTION, SOON), "who is asked waits");
        assertTrue(asking.connect(CONNECTION, SOON).orElseThrow().ppk());
        try (var _ = new Host(lab.host(lab.site("a"))).echo(PORT)) {
            assertTrue(reaches("10.101.12.2"));
            asked.end(CONNECTION);
            assertFalse(reaches("10.101.12.2"));
        }
        asking.end(CONNECTION);
        asking.end(CONNECTION);
        for (var router : List.of(e, a)) {
            assertEquals(List.of(), router.engine().states());
            assertEquals(List.of(), router.engine().loaded());
        }
        assertEquals(
                "connection-unknown",
                assertThrows(Refusal.class, () -> asking.connect(CONNECTION, SOON))
                        .code());
    }

    @Test
    @Tag("N6")
    void theNextSerialRenewsAllKeysWhileTheTunnelCarries() throws Exception {
        prepare(information(1, "a".repeat(32)), (byte) 1);
        var before = asking.connect(CONNECTION, SOON).orElseThrow();
        prepare(information(2, "b".repeat(32)), (byte) 2);
        var after = asking.connect(CONNECTION, SOON).orElseThrow();
        assertTrue(after.generation() > before.generation() && after.phase() == State.Phase.UP && after.ppk());
        try (var _ = new Host(lab.host(lab.site("a"))).echo(PORT)) {
            assertTrue(reaches("10.101.12.2"));
        }
        asking.end(CONNECTION);
        asked.end(CONNECTION);
    }

    @Test
    @Tag("D2")
    void aControllerThatStartsAnewTakesOverWhatRunsAndNothingElse() throws Exception {
        prepare(information(1, "a".repeat(32)), (byte) 1);
        asking.connect(CONNECTION, SOON);
        var next = agent(e);
        var i = information(1, "a".repeat(32));
        next.adopt(accepted(new Verdict.Good(i, i.asking(), i.asked()), e, a), NOW);
        next.dropOthers();
        var state = next.connect(CONNECTION, SOON).orElseThrow();
        assertEquals(State.Phase.UP, state.phase());
        assertEquals(List.of(CONNECTION), next.resume(e.engine()), "only the engine had its PPK");
        agent(e).dropOthers();
        assertEquals(List.of(), e.engine().loaded(), "what nobody agreed to does not stay");
        asked.end(CONNECTION);
    }

    @Test
    @Tag("D3")
    void anotherCertificateThanTheVerifiedOneOpensNothing() {
        var information = information(1, "a".repeat(32));
        var good = new Verdict.Good(information, information.asking(), information.asked());
        var other = authority.issue("other").certificate();
        var stranger = new Accepted(good, e.papers().certificate(), other, authority.certificate());
        assertEquals(
                "tunnel-wrong-certificate",
                assertThrows(Refusal.class, () -> asking.prepare(stranger, key((byte) 1), NOW))
                        .code());
        assertEquals(List.of(), e.engine().loaded());
    }

    @Test
    void aConnectionEndsWhenItsTimeIsOverOrNothingPasses() {
        prepare(information(1, "a".repeat(32)), (byte) 1);
        asking.connect(CONNECTION, SOON);
        assertEquals(Map.of(), asking.tend(NOW.plus(Duration.ofMinutes(4))));
        assertEquals(Map.of(CONNECTION, "idle"), asking.tend(NOW.plus(Duration.ofMinutes(5))), "nothing passed");
        assertEquals(List.of(), e.engine().states());
        assertEquals(Map.of(CONNECTION, "time-over"), asked.tend(NOW.plus(Duration.ofMinutes(30))));
        assertEquals(List.of(), a.engine().loaded());
    }

    @Test
    @Tag("D2")
    void anEngineThatWasKilledIsReplacedAndItsConnectionsComeBack() throws Exception {
        prepare(information(1, "a".repeat(32)), (byte) 1);
        asking.connect(CONNECTION, SOON);
        // 1. the engine at E dies without a word to anybody
        var killed = ProcessHandle.of(e.charon().pid()).orElseThrow();
        killed.destroyForcibly();
        killed.onExit().join();
        try (var _ = new Host(lab.host(lab.site("a"))).echo(PORT)) {
            assertFalse(reaches("10.101.12.2"));
            // 2. another one, and everything is as before
            var space = lab.router(e.site());
            var setup = new Charon.Setup(
                    lab.folder().resolve(e.site().name()), space, Esp.detect(space), Map.of(), Map.of());
            var charon = Charon.run(setup);
            e = new LabRouter(e.site(), e.papers(), charon, charon.engine(), e.policy());
            e.engine().loadKey(e.papers().inHand());
            e.engine().loadRevocations(authority.revoking());
            assertEquals(List.of(), asking.resume(e.engine()), "it knows the PPK");
            assertTrue(asking.connect(CONNECTION, SOON).orElseThrow().ppk());
            assertTrue(reaches("10.101.12.2"));
        }
        asking.end(CONNECTION);
        asked.end(CONNECTION);
    }
}
