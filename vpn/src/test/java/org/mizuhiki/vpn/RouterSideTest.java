package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.vpn.ConnectionInformation.Consent;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.RouterSide.Known;
import org.mizuhiki.vpn.Service.Opening;
import org.mizuhiki.vpn.Service.Protocol;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// A centre in wrong hands signs whatever it likes; the router finds it out by its own side's policy.
@Tag("D3")
@Tag("D4")
class RouterSideTest {
    private static final Instant NOW = Pretend.NOW;
    private final UniformPolicy uniform = Pretend.uniform();
    private final SubscriberPolicy a = Pretend.policy(Pretend.A, "10.1.0.0/24", Pretend.rule("all", Answer.AUTOMATIC));
    private final SubscriberPolicy b = Pretend.policy(Pretend.B, "10.2.0.0/24", Pretend.rule("all", Answer.AUTOMATIC));
    private final ConnectionInformation honest = Pretend.information(uniform, a, b);

    private String verdict(SubscriberPolicy policy, ConnectionInformation information, Instant now, Known... known) {
        var last = known.length == 0 ? Map.<String, Known>of() : Map.of(information.connection(), known[0]);
        return switch (Honest.side(policy, uniform, last).verify(information, now)) {
            case Verdict.Good _ -> "good";
            case Verdict.Bad(var why) -> why.rule();
        };
    }

    private String verdict(ConnectionInformation information) {
        return verdict(a, information, NOW);
    }

    private ConnectionInformation with(
            Instant issued, Instant since, Instant until, Service service, End own, End other) {
        return new ConnectionInformation(
                honest.form(),
                honest.connection(),
                honest.serial(),
                issued,
                since,
                until,
                honest.idle(),
                honest.renewal(),
                honest.request(),
                honest.uniformPolicy(),
                honest.group(),
                service,
                honest.proposals(),
                honest.initiator(),
                honest.ppkId(),
                own,
                other);
    }

    private ConnectionInformation until(Instant until) {
        return with(NOW, NOW, until, honest.service(), honest.asking(), honest.asked());
    }

    private ConnectionInformation ends(UnaryOperator<End> own, UnaryOperator<End> other) {
        return with(
                NOW, NOW, honest.until(), honest.service(), own.apply(honest.asking()), other.apply(honest.asked()));
    }

    private static UnaryOperator<End> networks(String real, String shown) {
        return e -> new End(
                e.router(),
                e.certificate(),
                e.address(),
                List.of(new Translated(Network.parse(real), Network.parse(shown))),
                e.ppk(),
                e.consent());
    }

    @Test
    void whatBothSidesWantIsGoodForBoth() {
        assertEquals("good", verdict(honest));
        assertEquals("good", verdict(b, honest, NOW));
    }

    @Test
    void anothersInformationIsRefused() {
        var c = Pretend.policy(Pretend.PROVIDER, "10.3.0.0/24", Pretend.rule("all", Answer.AUTOMATIC));
        assertEquals("not-for-this-router", verdict(c, honest, NOW));
        var certificate = Bytes.utf8("another").sha256();
        assertEquals(
                "not-for-this-router",
                verdict(ends(
                        e -> new End(e.router(), certificate, e.address(), e.networks(), e.ppk(), e.consent()),
                        UnaryOperator.identity())));
    }

    @Test
    void whatIsOverOrFromTheFutureIsRefused() {
        assertEquals("not-of-now", verdict(a, honest, honest.until()));
        assertEquals("good", verdict(a, honest, NOW.minus(RouterSide.CLOCKS)));
        assertEquals(
                "not-of-now", verdict(a, honest, NOW.minus(RouterSide.CLOCKS).minusSeconds(1)));
    }

    @Test
    void replaysAreRefusedAndARenewalNeverLastsLonger() {
        var known = Known.of(honest);
        assertEquals("replayed", verdict(a, honest, NOW, known));
        assertEquals("replayed", verdict(a, honest, NOW, new Known(0, NOW.minusSeconds(1), honest.until())));
        assertEquals(
                "replayed",
                verdict(a, honest, NOW, new Known(0, NOW, honest.until().minusSeconds(1))));
        assertEquals("good", verdict(a, honest, NOW, new Known(0, NOW, honest.until())));
    }

    @Test
    @Tag("N4")
    void withoutTheOwnSidesConsentNothingIsConnected() {
        for (var answer : List.of(Answer.NEVER)) {
            var never = Pretend.policy(Pretend.A, "10.1.0.0/24", Pretend.rule("all", answer));
            assertEquals("without-consent", verdict(never, Pretend.information(uniform, never, b), NOW));
        }
        var silent = Pretend.policy(Pretend.A, "10.1.0.0/24");
        var claims = ends(
                e -> new End(
                        e.router(),
                        e.certificate(),
                        e.address(),
                        e.networks(),
                        e.ppk(),
                        new Consent(silent.id(), "all", Optional.empty())),
                UnaryOperator.identity());
        assertEquals("without-consent", verdict(silent, claims, NOW));
        assertEquals("without-consent", verdict(silent, honest, NOW), "consent to another policy than the latest");
    }

    private String verdict(Membership... members) {
        var router = new RouterSide(
                a.router(),
                Pretend.certificate(a.router()),
                Side.SaidPolicy.of(a),
                uniform,
                uniform.id(),
                List.of(members),
                List.of(),
                Map.of(),
                List.of());
        return switch (router.verify(honest, NOW)) {
            case Verdict.Good _ -> "good";
            case Verdict.Bad(var why) -> why.rule();
        };
    }

    private static Membership inGroup(String group, Instant at, Instant until) {
        return Pretend.member(Pretend.PROVIDER, Pretend.B, group, at, until);
    }

    @Test
    void withoutTheProvidersWordAboutBothNobodyIsInAGroup() {
        var own = Pretend.member(Pretend.A);
        var hour = Duration.ofHours(1);
        var later = honest.until().plusSeconds(1);
        assertEquals("good", verdict(own, Pretend.member(Pretend.B)));
        assertEquals("membership-missing", verdict());
        assertEquals("membership-missing", verdict(own));
        assertEquals("membership-missing", verdict(Pretend.member(Pretend.B)));
        // of another group, by somebody else, over, not yet, without an end that anybody could wait for
        assertEquals("membership-missing", verdict(own, inGroup("images", NOW.minus(hour), later)));
        assertEquals(
                "membership-missing",
                verdict(own, Pretend.member(Pretend.B, Pretend.B, "region", NOW.minus(hour), later)));
        assertEquals("membership-missing", verdict(own, inGroup("region", NOW.minus(hour), NOW)));
        assertEquals("membership-missing", verdict(own, inGroup("region", NOW.plusSeconds(1), later)));
        assertEquals(
                "membership-missing",
                verdict(own, inGroup("region", NOW, NOW.plus(Membership.LONGEST).plusSeconds(1))));
        // a member for a shorter time than the connection is to last
        assertEquals(
                "terms-exceeded",
                verdict(own, inGroup("region", NOW.minus(hour), honest.until().minusSeconds(1))));
        assertEquals("good", verdict(own, inGroup("region", NOW.minus(hour), honest.until())));
    }

    @Test
    void aMembershipThatWasTakenBackDoesNotComeBack() {
        var own = Pretend.member(Pretend.A);
        var before = Pretend.member(Pretend.B);
        var out = inGroup("region", NOW.minusSeconds(5), NOW.minusSeconds(5));
        assertEquals("membership-missing", verdict(own, before, out));
        assertEquals("membership-missing", verdict(own, out, before));
        assertTrue(RouterSide.isWithdrawn(honest, List.of(own, before, out), Pretend.PROVIDER, NOW));
        assertFalse(RouterSide.isWithdrawn(honest, List.of(own, before), Pretend.PROVIDER, NOW));
        assertFalse(RouterSide.isWithdrawn(honest, List.of(), Pretend.PROVIDER, NOW), "nobody has withdrawn any");
        var again = inGroup("region", NOW.minusSeconds(1), honest.until());
        assertEquals("good", verdict(own, before, out, again));
    }

    @Test
    void termsBeyondTheOwnSidesAreRefused() {
        assertEquals("good", verdict(until(NOW.plus(Duration.ofHours(8)))));
        assertEquals(
                "terms-exceeded", verdict(until(NOW.plus(Duration.ofHours(8)).plusSeconds(1))));
    }

    @Test
    void widenedPortsAndOtherServicesAreRefused() {
        var s = honest.service();
        var wide = List.of(new Opening(Protocol.TCP, 1, 65535, true));
        var widened = new Service(s.name(), s.kind(), s.asking(), s.asked(), wide, s.dscp(), s.terms());
        var unknown = new Service("other", s.kind(), s.asking(), s.asked(), s.openings(), s.dscp(), s.terms());
        for (var service : List.of(widened, unknown)) {
            assertEquals(
                    "not-as-uniform",
                    verdict(with(NOW, NOW, honest.until(), service, honest.asking(), honest.asked())));
        }
    }

    @Test
    void widenedSelectorsAreRefused() {
        var same = UnaryOperator.<End>identity();
        assertEquals("networks-exceeded", verdict(ends(networks("10.1.0.0/16", "10.1.0.0/16"), same)));
        assertEquals("networks-exceeded", verdict(ends(networks("10.9.0.0/24", "10.9.0.0/24"), same)));
        assertEquals("networks-exceeded", verdict(ends(same, networks("10.1.0.0/24", "10.1.0.0/24"))));
        assertEquals("networks-exceeded", verdict(ends(same, networks("10.0.0.0/8", "10.0.0.0/8"))));
        assertEquals("good", verdict(ends(same, networks("10.1.0.0/24", "100.64.0.0/24"))));
    }

    @Test
    void aVerdictNamesTheSideWhoseRuleItIs() {
        var bad = assertInstanceOf(
                Verdict.Bad.class, Honest.side(a, uniform, Map.of()).verify(until(NOW.plus(Duration.ofDays(9))), NOW));
        assertEquals(Pretend.A.value(), bad.why().owner());
    }
}
