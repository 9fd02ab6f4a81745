package org.mizuhiki.vpn;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.Way;

/// A network of the seed as a template (seed 003, 9.1 to 9.5; D14): which services in which groups, who takes
/// part in which role, who may ask whom for what. From it come the provider's uniform policy and each
/// subscriber's rules, to be looked at, changed and signed like any others.
///
/// @param name word of the commands
/// @param seed clause of seed 003
public record DeploymentModel(
        String name,
        String ja,
        String en,
        String seed,
        List<UniformPolicy.Group> groups,
        List<Role> roles,
        List<Use> uses) {
    private static final List<String> NAMES =
            List.of("health-portal", "online-maintenance", "core-hospital", "image-diagnosis", "pathology");

    public DeploymentModel {
        groups = List.copyOf(groups);
        roles = List.copyOf(roles);
        uses = List.copyOf(uses);
    }

    /// What a site is in the model.
    ///
    /// @param groups in which the provider puts its router
    public record Role(String name, String ja, String en, List<String> groups) {
        public Role {
            groups = List.copyOf(groups);
        }
    }

    /// That a site of one role asks one of another for a service.
    ///
    /// @param answer of the one that is asked
    /// @param named with contract partners only, each by its code (9.2)
    public record Use(String asking, String asked, String service, Answer answer, boolean named) {}

    /// All, in the order of the seed.
    public static List<DeploymentModel> all() {
        return NAMES.stream()
                .map(name -> Resources.one(name, DeploymentModel.class))
                .toList();
    }

    /// @throws Refusal `model-unknown`
    public static DeploymentModel of(String name) {
        return all().stream()
                .filter(m -> m.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Refusal.of(
                        "model-unknown",
                        "そのモデルはありません：" + name + "（" + String.join("、", NAMES) + "）",
                        "There is no model " + name + "; there are " + String.join(", ", NAMES)));
    }

    /// @throws Refusal `role-unknown`
    public Role role(String role) {
        return roles.stream().filter(r -> r.name().equals(role)).findFirst().orElseThrow(() -> {
            var names = roles.stream().map(Role::name).toList();
            return Refusal.of(
                    "role-unknown",
                    "このモデルにその役割はありません：" + role + "（" + String.join("、", names) + "）",
                    "The model has no role " + role + "; it has " + String.join(", ", names));
        });
    }

    /// Definitions of the services that its groups are for.
    public List<Service> services() {
        return ServiceType.all().stream()
                .map(ServiceType::service)
                .filter(s -> groups.stream().anyMatch(g -> g.services().contains(s.name())))
                .toList();
    }

    /// Zones in which a site of this role has to have a network.
    public List<Zone> zones(String role) {
        role(role);
        return uses.stream()
                .flatMap(u -> services().stream()
                        .filter(s -> s.name().equals(u.service()))
                        .flatMap(s -> Stream.of(
                                        u.asking().equals(role) ? Stream.of(s.asking()) : Stream.<Zone>empty(),
                                        u.asked().equals(role) ? Stream.of(s.asked()) : Stream.<Zone>empty())
                                .flatMap(z -> z)))
                .distinct()
                .sorted()
                .toList();
    }

    /// Rules of a site of this role; what no rule fits is never.
    ///
    /// @param contracted partners of services that are for contract partners only
    /// @param approvers who is asked where the model has a person asked
    /// @throws Refusal `role-unknown`, `partners-missing`, `approvers-missing`
    public List<Rule> rules(String role, List<InstitutionCode> contracted, List<PersonId> approvers) {
        role(role);
        return groups.stream()
                .flatMap(group -> group.services().stream()
                        .flatMap(service -> Stream.of(Way.WE_ASK, Way.WE_ARE_ASKED)
                                .flatMap(way -> use(role, service, way).stream()
                                        .map(u -> rule(group.name(), u, way, contracted, approvers)))))
                .toList();
    }

    private Optional<Use> use(String role, String service, Way way) {
        return uses.stream()
                .filter(u -> u.service().equals(service) && (way == Way.WE_ASK ? u.asking() : u.asked()).equals(role))
                .findFirst();
    }

    private Rule rule(String group, Use use, Way way, List<InstitutionCode> contracted, List<PersonId> approvers) {
        if (use.named() && contracted.isEmpty()) {
            throw Refusal.of(
                    "partners-missing",
                    use.service() + " は契約した相手とだけ接続します。--partner で相手の機関コードを指定してください",
                    use.service() + " is for contract partners only; name them with --partner");
        }
        // whoever asks has decided by asking
        var answer = way == Way.WE_ASK ? Answer.AUTOMATIC : use.answer();
        if (answer == Answer.ASK && approvers.isEmpty()) {
            throw Refusal.of(
                    "approvers-missing",
                    use.service() + " の依頼は担当者が承認します。--approver で担当者のIDを指定してください",
                    "Somebody agrees to each request for " + use.service() + "; name them with --approver");
        }
        return new Rule(
                (way == Way.WE_ASK ? "ask-" : "give-") + use.service(),
                use.named() ? contracted : List.of(),
                Optional.of(group),
                Optional.of(use.service()),
                way,
                Optional.empty(),
                answer,
                answer == Answer.ASK ? approvers : List.of(),
                terms(use.service()));
    }

    private Terms terms(String service) {
        return services().stream()
                .filter(s -> s.name().equals(service))
                .map(Service::terms)
                .findFirst()
                .orElseThrow();
    }
}
