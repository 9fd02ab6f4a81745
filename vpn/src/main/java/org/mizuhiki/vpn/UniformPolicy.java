package org.mizuhiki.vpn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.InstitutionCode;

/// What the provider lays down for all (seed 003, D.4 h): which services there are and in which groups. No
/// subscriber's policy reaches beyond it.
///
/// @param by the provider
/// @param translation from which networks are shown where real ones overlap, such as `100.64.0.0/10`
/// @param mostConnections of one router at once
public record UniformPolicy(
        InstitutionCode by,
        Instant at,
        Instant until,
        String nonce,
        Proposals proposals,
        List<Service> services,
        List<Group> groups,
        Network translation,
        int mostConnections)
        implements Declaration {
    static final String KIND = "vpn-uniform-policy";
    private static final int MOST = 200;

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public UniformPolicy {
        services = List.copyOf(services);
        groups = List.copyOf(groups);
        Words.life(at, until);
        Words.nonce(nonce, "nonce");
        Words.atMost(services, MOST, "services");
        Words.atMost(groups, MOST, "groups");
        Words.distinct(services.stream().map(Service::name).toList(), "services");
        Words.distinct(groups.stream().map(Group::name).toList(), "groups");
        Words.need(mostConnections >= 1 && mostConnections <= 1000, "mostConnections");
    }

    /// Sites that may connect to each other for a purpose.
    ///
    /// @param services names of those that it is for
    public record Group(String name, List<String> services) {
        public Group {
            services = List.copyOf(services);
            Words.word(name, "group");
            Words.atMost(services, MOST, "services");
            services.forEach(s -> Words.word(s, "service"));
        }
    }

    public Optional<Service> service(String name) {
        return services.stream().filter(s -> s.name().equals(name)).findFirst();
    }

    /// Whether this group is for this service.
    public boolean offers(String group, String service) {
        return groups.stream()
                .anyMatch(g -> g.name().equals(group) && g.services().contains(service));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String subject() {
        return KIND;
    }
}
