package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.ike.End;
import org.mizuhiki.ike.State;
import org.mizuhiki.ike.Tunnel;

/// Certificates, pre-shared keys, their renewal and their end.
class KeysTest {
    private static final int RENEWALS = 5;

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
    @Tag("B1")
    void thereIsNoTunnelWithoutThePostQuantumKey() {
        var name = country.load("b", "a");
        country.router("a").engine().forgetPpk(name);
        assertEquals("tunnel-without-ppk", country.refused("b", "a"), "the partner has none");
        country.load("b", "a");
        country.router("b").engine().forgetPpk(name);
        assertEquals("tunnel-without-ppk", country.refused("b", "a"), "the caller has none");
        country.router("b").engine().loadPpk(name, Country.ppk());
        assertEquals("tunnel-not-authenticated", country.refused("b", "a"), "they have different ones");
    }

    @Test
    @Tag("B1")
    void aSideThatDoesNotAskForThePpkGetsNoTunnel() {
        country.load("b", "a");
        var plain = country.tunnel("b", "a", "b");
        country.router("b")
                .engine()
                .load(new Tunnel(
                        plain.name(),
                        plain.own(),
                        plain.partner(),
                        plain.certificate(),
                        plain.partnersCa(),
                        Optional.empty(),
                        Optional.empty(),
                        plain.revocation(),
                        plain.renewEvery()));
        assertEquals("tunnel-not-authenticated", country.refused("b", "a"));
    }

    @Test
    @Tag("N6")
    void newTrafficKeysLoseNoPacketOfAHundredASecond() throws Exception {
        country.connect("b", "a");
        country.open("b", "a", 5000);
        try (var _ = country.host("a").echo(5000);
                var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10))) {
            for (int i = 0; i < 10; i++) {
                int then = stream.received();
                TunnelTest.until(() -> stream.received() > then + 20);
                country.router(i % 2 == 0 ? "a" : "b").engine().refresh("b-a");
            }
            assertEquals(0, stream.lost(), "of " + stream.sent());
        }
    }

    @Test
    @Tag("N6")
    void aNewPpkAndNewProofsLoseNoPacketOfAHundredASecond() throws Exception {
        var before = country.connect("b", "a");
        country.open("b", "a", 5000);
        try (var _ = country.host("a").echo(5000);
                var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10))) {
            for (int i = 0; i < RENEWALS; i++) {
                int then = stream.received();
                TunnelTest.until(() -> stream.received() > then + 20);
                var after = country.renew("b", "a", "key-" + i);
                assertTrue(after.generation() > before.generation() && after.ppk());
                forget("key-" + (i - 1));
            }
            assertEquals(0, stream.lost(), "of " + stream.sent());
            TunnelTest.until(() -> country.router("b").engine().states().size() == 1);
            forget("key-" + (RENEWALS - 1));
        }
    }

    private static void forget(String ppk) {
        List.of("a", "b").forEach(at -> country.router(at).engine().forgetPpk(ppk));
    }

    @Test
    @Tag("D3")
    void aCertificateOfAnotherGroupOpensNothing() {
        country.load("b", "a");
        var other = LabAuthority.found(country.lab.folder().resolve("other"), "Other Group");
        var stranger = other.issue("b");
        var engine = country.router("b").engine();
        engine.loadKey(stranger.inHand());
        engine.loadCa(other.certificate());
        country.router("a").engine().loadCa(other.certificate()); // even if somebody there trusts it for other groups
        var plain = country.tunnel("b", "a", "b");
        engine.load(new Tunnel(
                plain.name(),
                new End(
                        stranger.identity(),
                        plain.own().addresses(),
                        plain.own().networks()),
                plain.partner(),
                stranger.certificate(),
                plain.partnersCa(),
                Optional.empty(),
                plain.ppk(),
                plain.revocation(),
                plain.renewEvery()));
        assertEquals("tunnel-not-authenticated", country.refused("b", "a"));
    }

    @Test
    @Tag("D3")
    void aRevokedCertificateEndsTheTunnelAndOpensNoneAgain() {
        country.connect("b", "c");
        var list = country.authority.revoking(country.router("c").papers());
        var engine = country.router("b").engine();
        engine.loadRevocations(list);
        assertEquals(State.Phase.UP, engine.state("b-c").orElseThrow().phase(), "a list alone touches no tunnel");
        engine.terminate("b-c");
        assertEquals(Optional.empty(), engine.state("b-c"));
        assertEquals("tunnel-partner-revoked", country.refused("b", "c"));
        country.connect("b", "a");
    }

    @Test
    @Tag("D3")
    void whereRevocationMustBeKnownThereIsNoTunnelWithoutAList() {
        country.load("a", "b");
        var plain = country.tunnel("a", "b", "a");
        var strict = new Tunnel(
                plain.name(),
                plain.own(),
                plain.partner(),
                plain.certificate(),
                plain.partnersCa(),
                Optional.empty(),
                plain.ppk(),
                Tunnel.Revocation.STRICT,
                plain.renewEvery());
        country.router("a").engine().load(strict);
        assertEquals("tunnel-partner-revoked", country.refused("a", "b"));
        country.router("a").engine().loadRevocations(country.authority.revoking());
        assertEquals(
                State.Phase.UP,
                country.router("a").engine().initiate("a-b", Country.SOON).phase());
    }
}
