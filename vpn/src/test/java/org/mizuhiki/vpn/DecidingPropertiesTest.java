package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.vpn.Deciding.Situation;
import org.mizuhiki.vpn.Decision.Allowed;
import org.mizuhiki.vpn.Decision.Refused;
import org.mizuhiki.vpn.Side.SaidPolicy;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.Way;

/// Thousands of requests made up at random, and what must hold of every answer.
@Tag("D4")
@Tag("N4")
class DecidingPropertiesTest {
    private static final int SCENES = 6000;

    private static void inManyScenes(BiConsumer<Scene, Situation> law) {
        int allowed = 0;
        for (long seed = 0; seed < SCENES; seed++) {
            var scene = new Scene(new SplittableRandom(seed));
            var situation = scene.situation();
            allowed += Deciding.decide(situation) instanceof Allowed ? 1 : 0;
            law.accept(scene, situation);
        }
        assertTrue(allowed > SCENES / 20, "the scenes must not be too poor to show anything: " + allowed);
    }

    private static int rank(Situation situation) {
        return switch (Deciding.decide(situation)) {
            case Allowed _ -> 0;
            case Decision.Ask _ -> 1;
            case Refused _ -> 2;
        };
    }

    /// Found again without the code under test.
    private static boolean saysYes(Side own, Side partner, Way way, Situation in, String group) {
        return own.policy().stream()
                .flatMap(p ->
                        p
                                .policy()
                                .deciding(
                                        partner.router(),
                                        way,
                                        group,
                                        in.request().service(),
                                        in.now())
                                .stream())
                .anyMatch(r -> r.answer() == Answer.AUTOMATIC
                        || (r.answer() == Answer.ASK
                                && in.approvals().stream()
                                        .anyMatch(a -> a.agreed()
                                                && a.by().value()
                                                        .equals(own.router().subscriber()))));
    }

    @Test
    void nothingConnectsWithoutBothConsents() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Allowed yes) {
                assertTrue(saysYes(in.asking(), in.asked(), Way.WE_ASK, in, yes.group()));
                assertTrue(saysYes(in.asked(), in.asking(), Way.WE_ARE_ASKED, in, yes.group()));
                assertEquals(
                        in.asking().policy().orElseThrow().id(),
                        yes.asking().consent().policy());
                assertEquals(
                        in.asked().policy().orElseThrow().id(),
                        yes.asked().consent().policy());
            }
        });
    }

    @Test
    void onlyMembersOfOneGroupForTheServiceConnect() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Allowed yes) {
                assertTrue(in.uniform()
                        .orElseThrow()
                        .offers(yes.group(), in.request().service()));
                for (var side : List.of(in.asking(), in.asked())) {
                    assertTrue(side.certificateUntil().orElseThrow().isAfter(in.now()));
                    assertTrue(side.memberships().stream()
                            .anyMatch(m -> m.group().equals(yes.group()) && m.stands(in.now())));
                }
            }
        });
    }

    @Test
    void termsNeverExceedAnySidesLimit() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Allowed yes) {
                var uniform = in.uniform().orElseThrow();
                var limits = new ArrayList<Terms>();
                limits.add(uniform.service(in.request().service()).orElseThrow().terms());
                limits.add(rule(in.asking(), yes.asking()).terms());
                limits.add(rule(in.asked(), yes.asked()).terms());
                var given = Duration.between(in.now(), yes.until());
                assertTrue(given.isPositive() && given.compareTo(in.request().longest()) <= 0);
                assertFalse(yes.until().isAfter(uniform.until()));
                for (var limit : limits) {
                    assertTrue(yes.terms().isWithin(limit));
                    assertTrue(given.compareTo(limit.longest()) <= 0);
                }
                for (var side : List.of(in.asking(), in.asked())) {
                    assertFalse(yes.until().isAfter(side.certificateUntil().orElseThrow()));
                    assertFalse(yes.until()
                            .isAfter(side.policy().orElseThrow().policy().until()));
                }
            }
        });
    }

    private static Rule rule(Side side, Decision.Granted granted) {
        return side.policy().orElseThrow().policy().rules().stream()
                .filter(r -> r.name().equals(granted.consent().rule()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whateverIsWithdrawnNeverGives() {
        inManyScenes((_, in) -> {
            int before = rank(in);
            less(in).forEach(l ->
                    assertTrue(rank(l) >= before, () -> Deciding.decide(in) + " became " + Deciding.decide(l)));
        });
    }

    /// The same with one thing taken away: each membership, approval, certificate, policy.
    private static Stream<Situation> less(Situation in) {
        var all = new ArrayList<Situation>();
        all.add(new Situation(
                in.request(), Optional.empty(), in.asking(), in.asked(), in.approvals(), in.maintenance(), in.now()));
        in.approvals().stream()
                .filter(Approval::agreed)
                .forEach(a -> all.add(new Situation(
                        in.request(),
                        in.uniform(),
                        in.asking(),
                        in.asked(),
                        in.approvals().stream().filter(b -> !b.equals(a)).toList(),
                        in.maintenance(),
                        in.now())));
        all.addAll(lessMaintenance(in));
        less(in.asking())
                .forEach(s -> all.add(new Situation(
                        in.request(), in.uniform(), s, in.asked(), in.approvals(), in.maintenance(), in.now())));
        less(in.asked())
                .forEach(s -> all.add(new Situation(
                        in.request(), in.uniform(), in.asking(), s, in.approvals(), in.maintenance(), in.now())));
        return all.stream();
    }

    private static List<Situation> lessMaintenance(Situation in) {
        var papers = in.maintenance();
        var all = new ArrayList<MaintenancePapers>();
        for (var gone : papers.agreements()) {
            var left = papers.agreements().stream().filter(a -> !a.equals(gone)).toList();
            all.add(new MaintenancePapers(left, papers.works()));
            // the customer takes one of its times back
            for (var window : gone.windows()) {
                var with = Stream.concat(left.stream(), Stream.of(without(gone, window)));
                all.add(new MaintenancePapers(with.toList(), papers.works()));
            }
        }
        for (var gone : papers.works()) {
            var left = papers.works().stream().filter(w -> !w.equals(gone)).toList();
            all.add(new MaintenancePapers(papers.agreements(), left));
        }
        return all.stream()
                .map(p ->
                        new Situation(in.request(), in.uniform(), in.asking(), in.asked(), in.approvals(), p, in.now()))
                .toList();
    }

    private static MaintenanceAgreement without(MaintenanceAgreement a, MaintenanceAgreement.Window window) {
        var left = a.windows().stream().filter(w -> !w.equals(window)).toList();
        return new MaintenanceAgreement(a.by(), a.at(), a.until(), a.nonce(), a.contract(), left);
    }

    private static List<Side> less(Side side) {
        var all = new ArrayList<Side>();
        all.add(new Side(side.router(), Optional.empty(), side.policy(), side.memberships(), side.running()));
        all.add(new Side(side.router(), side.certificateUntil(), Optional.empty(), side.memberships(), side.running()));
        for (var gone : side.memberships()) {
            var left = side.memberships().stream().filter(m -> !m.equals(gone)).toList();
            all.add(new Side(side.router(), side.certificateUntil(), side.policy(), left, side.running()));
        }
        return all;
    }

    /// Whoever asks, the answer is the same, where the rules do not say who may ask.
    @Test
    void bothSidesAreJudgedAlike() {
        inManyScenes((_, in) -> {
            if (in.request().service().equals("maintenance")) {
                return; // the maintainer asks, never the customer
            }
            var a = bothWays(in.asking());
            var b = bothWays(in.asked());
            var there = new Situation(in.request(), in.uniform(), a, b, in.approvals(), in.maintenance(), in.now());
            var back = new Situation(in.request(), in.uniform(), b, a, in.approvals(), in.maintenance(), in.now());
            assertEquals(rank(there), rank(back));
            if (Deciding.decide(there) instanceof Allowed yes) {
                var other = assertInstanceOf(Allowed.class, Deciding.decide(back));
                assertEquals(yes.until(), other.until());
                assertEquals(yes.terms(), other.terms());
                assertEquals(yes.asking(), other.asked());
            }
        });
    }

    private static Side bothWays(Side side) {
        var policy = side.policy().map(SaidPolicy::policy).map(p -> {
            var rules = p.rules().stream()
                    .map(r -> new Rule(
                            r.name(),
                            r.partners(),
                            r.group(),
                            r.service(),
                            Way.BOTH,
                            r.hours(),
                            r.answer(),
                            r.approvers(),
                            r.terms()))
                    .toList();
            return SaidPolicy.of(
                    new SubscriberPolicy(p.by(), p.at(), p.until(), p.nonce(), p.router(), p.networks(), rules));
        });
        return new Side(side.router(), side.certificateUntil(), policy, side.memberships(), side.running());
    }

    @Test
    @Tag("D6")
    void servicesThatExcludeEachOtherNeverRunAtOnce() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Allowed yes) {
                Stream.of(in.asking(), in.asked())
                        .flatMap(s -> s.running().stream())
                        .forEach(
                                r -> assertFalse(r.kind().excludes(yes.service().kind())));
            }
        });
    }

    @Test
    @Tag("D8")
    void whatIsShownOverlapsNothingAtThePartner() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Allowed yes) {
                shownFits(yes.asking(), in.asked());
                shownFits(yes.asked(), in.asking());
            }
        });
    }

    private static void shownFits(Decision.Granted granted, Side partner) {
        var there = Stream.concat(
                        partner.policy().orElseThrow().policy().networks().stream()
                                .map(SubscriberPolicy.SiteNetwork::network),
                        partner.running().stream().flatMap(r -> r.shown().stream()))
                .toList();
        for (var n : granted.networks()) {
            assertTrue(there.stream().noneMatch(n.shown()::overlaps), n + " at " + there);
        }
    }

    @Test
    void aRefusalNamesTheRuleAndItsOwner() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Refused no) {
                assertFalse(no.rule().isBlank()
                        || no.japanese().isBlank()
                        || no.english().isBlank());
                assertEquals(
                        no.rule().equals("uniform-policy-missing"), no.owner().isEmpty());
                assertEquals(
                        no.rule().equals("rule-never") || no.rule().equals("approval-refused"),
                        !no.named().isEmpty());
            }
        });
    }

    /// Whatever the centre signs: each router wants the provider's word about both ends itself.
    @Test
    @Tag("D3")
    void noRouterVerifiesWithoutBothMemberships() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Allowed yes) {
                var information = Honest.information(in, yes);
                var all = Honest.memberships(in);
                all.stream().filter(m -> m.group().equals(yes.group())).forEach(gone -> {
                    var left = all.stream().filter(m -> !m.equals(gone)).toList();
                    var back = Pretend.member(
                            gone.by(),
                            new InstitutionCode(gone.router().subscriber()),
                            gone.group(),
                            gone.at().plusSeconds(1),
                            gone.at().plusSeconds(1));
                    var withdrawn = Stream.concat(all.stream(), Stream.of(back)).toList();
                    for (var side : List.of(in.asking(), in.asked())) {
                        for (var known : List.of(left, withdrawn)) {
                            var bad = assertInstanceOf(
                                    Verdict.Bad.class,
                                    Honest.side(in, side, known).verify(information, in.now()));
                            assertEquals("membership-missing", bad.why().rule());
                        }
                    }
                });
            }
        });
    }

    /// What the centre makes of a yes, both routers find in their own policies.
    @Test
    @Tag("D3")
    void whatIsAllowedBothRoutersVerify() {
        inManyScenes((_, in) -> {
            if (Deciding.decide(in) instanceof Allowed yes) {
                var information = Honest.information(in, yes);
                assertInstanceOf(
                        Verdict.Good.class, Honest.side(in, in.asking()).verify(information, in.now()));
                assertInstanceOf(Verdict.Good.class, Honest.side(in, in.asked()).verify(information, in.now()));
            }
        });
    }
}
