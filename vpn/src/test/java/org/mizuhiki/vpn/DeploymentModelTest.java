package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.DeploymentModel.Role;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.SiteNetwork;

/// The templates hold against the decision itself: what they say connects, connects, and nothing else.
class DeploymentModelTest {
    private static final PersonId APPROVER = PersonId.random(Pretend.DIE);

    static List<DeploymentModel> models() {
        return DeploymentModel.all();
    }

    @Test
    @Tag("D14")
    void theFiveModelsOfTheSeedAreThere() {
        assertEquals(
                List.of("9.1", "9.2", "9.3", "9.4", "9.5"),
                models().stream().map(DeploymentModel::seed).toList());
        assertEquals(
                "model-unknown",
                assertThrows(Refusal.class, () -> DeploymentModel.of("tenth")).code());
        assertEquals(
                "role-unknown",
                assertThrows(Refusal.class, () -> models().getFirst().rules("king", List.of(), List.of()))
                        .code());
    }

    @Test
    @Tag("D15")
    void everyTypeOfServiceOfTheSeedIsThereAndEveryClassIsUsed() {
        var types = ServiceType.all();
        assertEquals(
                EnumSet.allOf(ServiceClass.class),
                types.stream()
                        .map(t -> t.service().kind())
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(ServiceClass.class))));
        for (var clause : List.of("a", "b", "c", "d", "e", "f")) {
            assertTrue(types.stream().anyMatch(t -> t.seed().contains("5.1 " + clause)), clause);
        }
        assertEquals(
                types.size(),
                types.stream().map(t -> t.service().name()).distinct().count());
    }

    @ParameterizedTest
    @Tag("D14")
    @MethodSource("models")
    void whoAsksWhomIsAsTheModelSays(DeploymentModel model) {
        for (var asking : model.roles()) {
            for (var asked : model.roles()) {
                if (!asking.equals(asked)) {
                    model.services().forEach(service -> mustBeAsSaid(model, asking, asked, service));
                }
            }
        }
    }

    private static void mustBeAsSaid(DeploymentModel model, Role asking, Role asked, Service service) {
        var use = model.uses().stream()
                .filter(u -> u.asking().equals(asking.name())
                        && u.asked().equals(asked.name())
                        && u.service().equals(service.name()))
                .findFirst();
        var decision = Deciding.decide(situation(model, asking, asked, service.name()));
        var what = model.name() + ": " + asking.name() + " asks " + asked.name() + " for " + service.name();
        if (use.isEmpty()) {
            // two who each take part for others' sake may meet in a group, where one asks and the other gives
            boolean both = decision instanceof Decision.Refused
                    || (model.rules(asking.name(), List.of(Pretend.B), List.of(APPROVER)).stream()
                                    .anyMatch(r -> r.name().equals("ask-" + service.name()))
                            && model.rules(asked.name(), List.of(Pretend.A), List.of(APPROVER)).stream()
                                    .anyMatch(r -> r.name().equals("give-" + service.name())));
            assertTrue(both, what);
        } else if (service.kind() == ServiceClass.REMOTE_MAINTENANCE) {
            // everything but the contract's own signatures is there
            assertEquals(
                    "agreement-missing",
                    assertInstanceOf(Decision.Refused.class, decision, what).rule());
        } else if (use.get().answer() == Answer.ASK) {
            assertInstanceOf(Decision.Ask.class, decision, what);
        } else {
            assertInstanceOf(Decision.Allowed.class, decision, what);
        }
    }

    @Test
    @Tag("D14")
    void whatNobodyOfAModelTakesPartInIsRefused() {
        var model = DeploymentModel.of("health-portal");
        var pharmacy = model.role("pharmacy");
        for (var service : List.of("referral", "booking", "lab-results", "patient-portal", "shared-records")) {
            assertInstanceOf(
                    Decision.Refused.class,
                    Deciding.decide(situation(model, pharmacy, model.role("core-hospital"), service)),
                    service);
        }
        assertInstanceOf(
                Decision.Refused.class,
                Deciding.decide(situation(model, pharmacy, model.role("clinic"), "prescription")),
                "a pharmacy fetches nothing by itself");
    }

    @Test
    @Tag("D14")
    void maintenanceTakesNamedPartnersAndAPersonsWordTakesPeople() {
        var maintenance = DeploymentModel.of("online-maintenance");
        assertEquals(
                "partners-missing",
                assertThrows(Refusal.class, () -> maintenance.rules("institution", List.of(), List.of()))
                        .code());
        assertEquals(
                List.of(Pretend.B),
                maintenance
                        .rules("institution", List.of(Pretend.B), List.of())
                        .getFirst()
                        .partners());
        var pathology = DeploymentModel.of("pathology");
        assertEquals(
                "approvers-missing",
                assertThrows(Refusal.class, () -> pathology.rules("university-hospital", List.of(), List.of()))
                        .code());
    }

    private static Deciding.Situation situation(DeploymentModel model, Role asking, Role asked, String service) {
        var request = new Request(
                Pretend.router(Pretend.A),
                Pretend.router(Pretend.B),
                service,
                Duration.ofHours(1),
                Optional.empty(),
                Pretend.NOW,
                Pretend.nonce(),
                Optional.empty());
        return new Deciding.Situation(
                request,
                Optional.of(uniform(model)),
                side(model, asking, Pretend.A, Pretend.B, 1),
                side(model, asked, Pretend.B, Pretend.A, 2),
                List.of(),
                MaintenancePapers.NONE,
                Pretend.NOW);
    }

    private static UniformPolicy uniform(DeploymentModel model) {
        return new UniformPolicy(
                Pretend.PROVIDER,
                Pretend.NOW.minusSeconds(60),
                Pretend.NOW.plus(Duration.ofDays(9)),
                Pretend.nonce(),
                Proposals.usual(),
                model.services(),
                model.groups(),
                Network.parse("100.64.0.0/10"),
                50);
    }

    private static Side side(
            DeploymentModel model, Role role, InstitutionCode of, InstitutionCode partner, int number) {
        var networks = Arrays.stream(Zone.values())
                .filter(model.zones(role.name())::contains)
                .map(z -> new SiteNetwork(
                        Network.parse("10.%d.%d.0/24"
                                .formatted(number, List.of(Zone.values()).indexOf(z))),
                        z))
                .toList();
        var policy = new SubscriberPolicy(
                of,
                Pretend.NOW.minusSeconds(60),
                Pretend.NOW.plus(Duration.ofDays(5)),
                Pretend.nonce(),
                Pretend.router(of),
                networks,
                model.rules(role.name(), List.of(partner), List.of(APPROVER)));
        var memberships = role.groups().stream()
                .map(g -> new Membership(
                        Pretend.PROVIDER,
                        Pretend.NOW.minusSeconds(60),
                        Pretend.NOW.plus(Duration.ofDays(4)),
                        Pretend.nonce(),
                        g,
                        Pretend.router(of)))
                .toList();
        return new Side(
                Pretend.router(of),
                Optional.of(Pretend.NOW.plus(Duration.ofDays(1))),
                Optional.of(Side.SaidPolicy.of(policy)),
                memberships,
                List.of());
    }
}
