package org.mizuhiki.vpn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;

/// A subscriber's own policy for one of its routers (N4; seed 003, D.4 h). The first rule that fits decides;
/// where none fits, the answer is never.
///
/// @param by the subscriber, whose router it is
/// @param networks behind the router: nothing else of the site is ever reached
public record SubscriberPolicy(
        InstitutionCode by,
        Instant at,
        Instant until,
        String nonce,
        Member.Service router,
        List<SiteNetwork> networks,
        List<Rule> rules)
        implements Declaration {
    static final String KIND = "vpn-policy";
    private static final int MOST_RULES = 200;
    private static final int MOST_NETWORKS = 32;
    private static final int MOST_NAMED = 200;

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public SubscriberPolicy {
        networks = List.copyOf(networks);
        rules = List.copyOf(rules);
        Words.life(at, until);
        Words.nonce(nonce, "nonce");
        Words.need(router.subscriber().equals(by.value()), "router");
        Words.atMost(networks, MOST_NETWORKS, "networks");
        Words.atMost(rules, MOST_RULES, "rules");
        Words.distinct(rules.stream().map(Rule::name).toList(), "rules");
        for (var one : networks) {
            for (var other : networks) {
                Words.need(one.equals(other) || !one.network().overlaps(other.network()), "networks");
            }
        }
        Words.distinct(networks, "networks");
    }

    public record SiteNetwork(Network network, Zone zone) {}

    /// What a rule says.
    public enum Answer {
        AUTOMATIC,
        /// One of the rule's approvers is asked.
        ASK,
        NEVER
    }

    /// Who begins, seen from the policy's side.
    public enum Way {
        WE_ASK,
        WE_ARE_ASKED,
        BOTH;

        private boolean fits(Way actual) {
            return this == BOTH || this == actual;
        }
    }

    /// @param partners codes of the institutions that it is about; empty: all members of the group
    /// @param group that it is about; absent: any group of both
    /// @param service that it is about; absent: all
    /// @param hours when it applies; absent: always
    /// @param approvers of whom one must agree, where the answer is to ask
    public record Rule(
            String name,
            List<InstitutionCode> partners,
            Optional<String> group,
            Optional<String> service,
            Way way,
            Optional<Hours> hours,
            Answer answer,
            List<PersonId> approvers,
            Terms terms) {
        public Rule {
            partners = List.copyOf(partners);
            approvers = List.copyOf(approvers);
            Words.word(name, "rule");
            Words.atMost(partners, MOST_NAMED, "partners");
            Words.atMost(approvers, MOST_NAMED, "approvers");
            Words.need((answer == Answer.ASK) != approvers.isEmpty(), "approvers");
            group.ifPresent(g -> Words.word(g, "group"));
            service.ifPresent(s -> Words.word(s, "service"));
        }

        private boolean fits(Member.Service partner, Way actual, String inGroup, String forService, Instant now) {
            return (partners.isEmpty()
                            || partners.stream().anyMatch(p -> p.value().equals(partner.subscriber())))
                    && group.map(inGroup::equals).orElse(true)
                    && service.map(forService::equals).orElse(true)
                    && way.fits(actual)
                    && hours.map(h -> h.contain(now)).orElse(true);
        }

        /// Until when it goes on to apply.
        Instant until(Instant now) {
            return hours.map(h -> h.end(now)).orElse(Instant.MAX);
        }
    }

    /// The rule that decides about this partner, in this group, now.
    public Optional<Rule> deciding(Member.Service partner, Way actual, String group, String service, Instant now) {
        return rules.stream()
                .filter(r -> r.fits(partner, actual, group, service, now))
                .findFirst();
    }

    /// Those of a zone.
    public Stream<Network> in(Zone zone) {
        return networks.stream().filter(n -> n.zone() == zone).map(SiteNetwork::network);
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public String subject() {
        return router.identity();
    }
}
