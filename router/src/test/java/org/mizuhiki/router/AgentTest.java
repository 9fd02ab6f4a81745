package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.ike.Charon;
import org.mizuhiki.ike.Cidr;
import org.mizuhiki.ike.End;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.Verdict;

/// Two agents in the lab, with information that both have verified; how it is verified is room vpn's.
@Tag("D1")
@Tag("D8")
class AgentTest {
    private static Pair pair;

    private Agent asking;
    private Agent asked;

    @BeforeAll
    static void build() throws Exception {
        pair = Pair.inTheLab();
    }

    @AfterAll
    static void clear() {
        if (pair != null) {
            pair.close();
        }
    }

    @BeforeEach
    void agents() {
        asking = agent(pair.e);
        asked = agent(pair.a);
    }

    private static Agent agent(LabRouter router) {
        return new Agent(router.engine(), router.policy());
    }

    private void prepare(ConnectionInformation information, byte ppk) {
        var e = new Verdict.Good(information, information.asking(), information.asked());
        var a = new Verdict.Good(information, information.asked(), information.asking());
        asked.prepare(accepted(a, pair.a, pair.e), key(ppk), Pair.NOW);
        asking.prepare(accepted(e, pair.e, pair.a), key(ppk), Pair.NOW);
    }

    private static Accepted accepted(Verdict.Good good, LabRouter own, LabRouter partner) {
        return new Accepted(
                good, own.papers().certificate(), partner.papers().certificate(), pair.authority.certificate());
    }

    private static Secret key(byte ppk) {
        var bytes = new byte[32];
        bytes[0] = ppk;
        return Secret.taking(bytes);
    }

    @Test
    void verifiedInformationBecomesATunnelThatCarriesWhatItSaysAndEnds() throws Exception {
        prepare(pair.information(1, "a".repeat(32)), (byte) 1);
        assertEquals(Optional.empty(), asked.connect(Pair.CONNECTION, Pair.SOON), "who is asked waits");
        assertTrue(asking.connect(Pair.CONNECTION, Pair.SOON).orElseThrow().ppk());
        try (var _ = pair.echo()) {
            assertTrue(pair.reaches());
            asked.end(Pair.CONNECTION);
            assertFalse(pair.reachesAtOnce());
        }
        asking.end(Pair.CONNECTION);
        asking.end(Pair.CONNECTION);
        for (var router : List.of(pair.e, pair.a)) {
            assertEquals(List.of(), router.engine().states());
            assertEquals(List.of(), router.engine().loaded());
        }
        assertEquals(
                "connection-unknown",
                assertThrows(Refusal.class, () -> asking.connect(Pair.CONNECTION, Pair.SOON))
                        .code());
    }

    @Test
    void bothKindsOfAddressesPassOneConnection() throws Exception {
        pair.dual = true;
        prepare(pair.information(1, "a".repeat(32)), (byte) 1);
        asking.connect(Pair.CONNECTION, Pair.SOON);
        try (var _ = pair.echo()) {
            assertTrue(pair.reaches("10.101.12.2"), "translated IPv4");
            assertTrue(pair.reaches("fd4d:2::2"), "IPv6");
            assertFalse(pair.reachesAtOnce("fd4d:2::1"), "but not the router");
        } finally {
            pair.dual = false;
            asking.end(Pair.CONNECTION);
            asked.end(Pair.CONNECTION);
        }
    }

    @Test
    @Tag("D6")
    void aPartnersEngineThatAsksForMoreNetworksGetsWhatWasAgreed() throws Exception {
        var information = pair.information(1, "a".repeat(32));
        prepare(information, (byte) 1);
        asking.connect(Pair.CONNECTION, Pair.SOON);
        var engine = pair.e.engine();
        var good = new Verdict.Good(information, information.asking(), information.asked());
        var agreed = Plan.of(accepted(good, pair.e, pair.a)).tunnel();
        // 1. a stranger's network in place of its own: no tunnel
        engine.terminate(Pair.CONNECTION);
        engine.load(with(agreed, "192.168.77.0/24"));
        assertEquals(
                "tunnel-networks-refused",
                assertThrows(Refusal.class, () -> engine.initiate(Pair.CONNECTION, Pair.SOON))
                        .code());
        // 2. a wider one: cut down to its own
        engine.load(with(agreed, "10.0.0.0/8"));
        assertEquals(
                List.of("10.105.12.0/24"),
                engine.initiate(Pair.CONNECTION, Pair.SOON).networks());
        asking.end(Pair.CONNECTION);
        asked.end(Pair.CONNECTION);
    }

    private static Tunnel with(Tunnel t, String own) {
        return new Tunnel(
                t.name(),
                new End(t.own().identity(), t.own().addresses(), List.of(Cidr.of(own))),
                t.partner(),
                t.certificate(),
                t.partnersCa(),
                t.partnersCertificate(),
                t.ppk(),
                t.revocation(),
                t.renewEvery());
    }

    @Test
    @Tag("N6")
    void theNextSerialRenewsAllKeysWhileTheTunnelCarries() throws Exception {
        prepare(pair.information(1, "a".repeat(32)), (byte) 1);
        var before = asking.connect(Pair.CONNECTION, Pair.SOON).orElseThrow();
        prepare(pair.information(2, "b".repeat(32)), (byte) 2);
        var after = asking.connect(Pair.CONNECTION, Pair.SOON).orElseThrow();
        assertTrue(after.generation() > before.generation() && after.phase() == State.Phase.UP && after.ppk());
        try (var _ = pair.echo()) {
            assertTrue(pair.reaches());
        }
        asking.end(Pair.CONNECTION);
        asked.end(Pair.CONNECTION);
    }

    @Test
    @Tag("D2")
    void aControllerThatStartsAnewTakesOverWhatRunsAndNothingElse() throws Exception {
        prepare(pair.information(1, "a".repeat(32)), (byte) 1);
        asking.connect(Pair.CONNECTION, Pair.SOON);
        var next = agent(pair.e);
        var i = pair.information(1, "a".repeat(32));
        next.adopt(accepted(new Verdict.Good(i, i.asking(), i.asked()), pair.e, pair.a), Pair.NOW);
        next.dropOthers();
        var state = next.connect(Pair.CONNECTION, Pair.SOON).orElseThrow();
        assertEquals(State.Phase.UP, state.phase());
        assertEquals(List.of(Pair.CONNECTION), next.resume(pair.e.engine()), "only the engine had its PPK");
        agent(pair.e).dropOthers();
        assertEquals(List.of(), pair.e.engine().loaded(), "what nobody agreed to does not stay");
        asked.end(Pair.CONNECTION);
    }

    @Test
    @Tag("D3")
    void anotherCertificateThanTheVerifiedOneOpensNothing() {
        var information = pair.information(1, "a".repeat(32));
        var good = new Verdict.Good(information, information.asking(), information.asked());
        var other = pair.authority.issue("other").certificate();
        var stranger = new Accepted(good, pair.e.papers().certificate(), other, pair.authority.certificate());
        assertEquals(
                "tunnel-wrong-certificate",
                assertThrows(Refusal.class, () -> asking.prepare(stranger, key((byte) 1), Pair.NOW))
                        .code());
        assertEquals(List.of(), pair.e.engine().loaded());
    }

    @Test
    void aConnectionEndsWhenItsTimeIsOverOrNothingPasses() {
        prepare(pair.information(1, "a".repeat(32)), (byte) 1);
        asking.connect(Pair.CONNECTION, Pair.SOON);
        assertEquals(Map.of(), asking.over(Pair.NOW.plus(Duration.ofMinutes(4))));
        assertEquals(
                Map.of(Pair.CONNECTION, "idle"), asking.over(Pair.NOW.plus(Duration.ofMinutes(5))), "nothing passed");
        asking.end(Pair.CONNECTION);
        assertEquals(List.of(), pair.e.engine().states());
        assertEquals(Map.of(Pair.CONNECTION, "time-over"), asked.over(Pair.NOW.plus(Duration.ofMinutes(30))));
        asked.end(Pair.CONNECTION);
        assertEquals(List.of(), pair.a.engine().loaded());
    }

    @Test
    @Tag("D2")
    void anEngineThatWasKilledIsReplacedAndItsConnectionsComeBack() throws Exception {
        prepare(pair.information(1, "a".repeat(32)), (byte) 1);
        asking.connect(Pair.CONNECTION, Pair.SOON);
        // 1. the engine at E dies without a word to anybody
        var killed = ProcessHandle.of(pair.e.charon().pid()).orElseThrow();
        killed.destroyForcibly();
        killed.onExit().join();
        try (var _ = pair.echo()) {
            assertFalse(pair.reachesAtOnce());
            // 2. another one, and everything is as before
            var space = pair.lab.router(pair.e.site());
            var setup = new Charon.Setup(
                    pair.lab.folder().resolve(pair.e.site().name()), space, Esp.detect(space), Map.of(), Map.of());
            var charon = Charon.run(setup);
            pair.e = new LabRouter(pair.e.site(), pair.e.papers(), charon, charon.engine(), pair.e.policy());
            pair.e.engine().loadKey(pair.e.papers().inHand());
            pair.e.engine().loadRevocations(pair.authority.revoking());
            assertEquals(List.of(), asking.resume(pair.e.engine()), "it knows the PPK");
            assertTrue(asking.connect(Pair.CONNECTION, Pair.SOON).orElseThrow().ppk());
            assertTrue(pair.reaches());
        }
        asking.end(Pair.CONNECTION);
        asked.end(Pair.CONNECTION);
    }
}
