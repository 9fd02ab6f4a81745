package org.mizuhiki.vpn;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.Way;

/// What a router holds against whatever the centre sends: its own side's policy, the provider's, and what it
/// knows of its connections. A centre in wrong hands can refuse and cut; it cannot connect two sites
/// against one's will, widen what passes, or bring back what has ended.
///
/// @param certificate SHA-256 of the router's service certificate
/// @param policy the own side's latest, whose signature this router checked
/// @param uniform the provider's latest, whose signature this router checked
/// @param memberships the provider's latest word about each router and group that ever came here, also that
/// one is no member any more; signatures checked
/// @param approvals of the own side's people, signatures checked
/// @param maintenance the own side's latest about remote maintenance, and what came of the partner's;
/// signatures checked
/// @param known the newest serial of each connection, kept until its end and [#CLOCKS] more
/// @param shown networks under which other running connections show their partners here
public record RouterSide(
        Member.Service router,
        Digest certificate,
        Side.SaidPolicy policy,
        UniformPolicy uniform,
        Digest uniformId,
        List<Membership> memberships,
        List<Approval> approvals,
        MaintenancePapers maintenance,
        Map<String, Known> known,
        List<Network> shown) {
    /// How far the clocks of centre and router may differ.
    public static final Duration CLOCKS = Declarations.TOLERANCE;

    public RouterSide {
        memberships = List.copyOf(memberships);
        approvals = List.copyOf(approvals);
        known = Map.copyOf(known);
        shown = List.copyOf(shown);
    }

    /// Of a router that takes part in no remote maintenance.
    public RouterSide(
            Member.Service router,
            Digest certificate,
            Side.SaidPolicy policy,
            UniformPolicy uniform,
            Digest uniformId,
            List<Membership> memberships,
            List<Approval> approvals,
            Map<String, Known> known,
            List<Network> shown) {
        this(
                router,
                certificate,
                policy,
                uniform,
                uniformId,
                memberships,
                approvals,
                MaintenancePapers.NONE,
                known,
                shown);
    }

    /// What was accepted of a connection last.
    public record Known(long serial, Instant since, Instant until) {
        public static Known of(ConnectionInformation information) {
            return new Known(information.serial(), information.since(), information.until());
        }
    }

    /// @param information whose signature was checked ([SignedInformation#open])
    public Verdict verify(ConnectionInformation information, Instant now) {
        var own = information.end(router);
        // 1. for this router, with the certificate that it has
        if (own.isEmpty() || !own.get().certificate().equals(certificate)) {
            return bad(No.NOT_FOR_THIS_ROUTER);
        }
        // 2. of now
        if (information.issued().isAfter(now.plus(CLOCKS)) || !now.isBefore(information.until())) {
            return bad(No.NOT_OF_NOW);
        }
        // 3. newer than what is known of the connection, and no longer
        var last = Optional.ofNullable(known.get(information.connection()));
        if (last.isPresent() && !follows(information, last.get())) {
            return bad(No.REPLAYED);
        }
        // 4. as the provider lays down for all, and where it is remote maintenance as both have agreed
        var agreed = agreed(information);
        if (information.maintenance().isPresent() && agreed.isEmpty()) {
            return bad(No.AGREEMENT_EXCEEDED);
        }
        if (!isUniform(information, agreed)) {
            return bad(No.NOT_AS_UNIFORM);
        }
        // 5. between members of its group: the provider's own word about either, not the centre's
        var members = List.of(information.asking(), information.asked()).stream()
                .map(end -> membership(information.group(), end.router(), information.issued()))
                .flatMap(Optional::stream)
                .toList();
        if (members.size() < 2) {
            return bad(No.MEMBERSHIP_MISSING);
        }
        // 6. with the own side's consent
        var rule = consented(information, own.get());
        if (rule.isEmpty()) {
            return bad(No.WITHOUT_CONSENT);
        }
        // 7. for no longer than all of them say
        boolean outlasts =
                agreed.filter(a -> information.until().isAfter(a.until())).isPresent()
                        || members.stream().anyMatch(m -> information.until().isAfter(m.until()));
        if (outlasts || !isWithin(information, rule.get())) {
            return bad(No.TERMS_EXCEEDED);
        }
        // 8. to its own networks, and to nothing that it has or sees elsewhere
        var partner = information.partner(router);
        if (!reachesOnlyWhatIsGiven(information, own.get(), partner)
                || agreed.filter(a -> !isBetween(a.contract(), information)).isPresent()) {
            return bad(No.NETWORKS_EXCEEDED);
        }
        return new Verdict.Good(information, own.get(), partner);
    }

    private static boolean follows(ConnectionInformation information, Known last) {
        return information.serial() > last.serial()
                && information.since().equals(last.since())
                && !information.until().isAfter(last.until());
    }

    /// Of several words about the same the latest counts, also where it takes an earlier one back.
    private Optional<Membership> membership(String group, Member.Service member, Instant now) {
        return latest(memberships, uniform.by(), group, member).filter(m -> m.stands(now));
    }

    private static Optional<Membership> latest(
            List<Membership> all, InstitutionCode provider, String group, Member.Service member) {
        return all.stream()
                .filter(m -> m.by().equals(provider)
                        && m.group().equals(group)
                        && m.router().equals(member))
                .max(Comparator.comparing(Membership::at));
    }

    /// Whether the provider has taken one of the two out of their group since they connected. That nothing
    /// is known of a membership withdraws none.
    ///
    /// @param memberships as of a [RouterSide]
    public static boolean isWithdrawn(
            ConnectionInformation information, List<Membership> memberships, InstitutionCode provider, Instant now) {
        return List.of(information.asking(), information.asked()).stream()
                .flatMap(end -> latest(memberships, provider, information.group(), end.router()).stream())
                .anyMatch(m -> !m.stands(now));
    }

    /// What the information says that remote maintenance rests on, found here in the two sides' own words.
    private Optional<Maintaining.Agreed> agreed(ConnectionInformation information) {
        return information
                .maintenance()
                .flatMap(named -> uniform.service(information.service().name()).stream()
                        .flatMap(service -> Maintaining.find(new Maintaining.Case(
                                        maintenance,
                                        information.asking().router(),
                                        information.asked().router(),
                                        service,
                                        Optional.of(named.technician()),
                                        information.issued()))
                                .stream())
                        .filter(Maintaining.Agreed.class::isInstance)
                        .map(Maintaining.Agreed.class::cast)
                        .filter(a -> a.named().equals(named))
                        .findFirst());
    }

    private static boolean isBetween(MaintenanceContract contract, ConnectionInformation information) {
        return reals(information.asking()).equals(contract.maintainer().hosts())
                && reals(information.asked()).equals(contract.customer().hosts());
    }

    private static List<Network> reals(End end) {
        return end.networks().stream().map(Translated::real).toList();
    }

    private boolean isUniform(ConnectionInformation information, Optional<Maintaining.Agreed> agreed) {
        return information.uniformPolicy().equals(uniformId)
                && uniform.stands(information.issued())
                && !information.until().isAfter(uniform.until())
                && information.proposals().equals(uniform.proposals())
                && uniform.offers(information.group(), information.service().name())
                && agreed.map(Maintaining.Agreed::service)
                        .or(() -> uniform.service(information.service().name()))
                        .filter(information.service()::equals)
                        .isPresent();
    }

    private Optional<Rule> consented(ConnectionInformation information, End own) {
        var mine = policy.policy();
        if (!own.consent().policy().equals(policy.id())
                || !mine.router().equals(router)
                || !mine.stands(information.issued())
                || information.until().isAfter(mine.until())) {
            return Optional.empty();
        }
        var way = information.asking().equals(own) ? Way.WE_ASK : Way.WE_ARE_ASKED;
        var partner = information.partner(router).router();
        // at the time of issue: the rule's own end bounds what follows
        return mine.deciding(
                        partner, way, information.group(), information.service().name(), information.issued())
                .filter(r -> r.name().equals(own.consent().rule()))
                .filter(r -> isYes(r, information, own));
    }

    private boolean isYes(Rule rule, ConnectionInformation information, End own) {
        return rule.answer() == Answer.AUTOMATIC
                || (rule.answer() == Answer.ASK
                        && approvals.stream()
                                .anyMatch(a -> a.agreed()
                                        && own.consent().approval().equals(Optional.of(a.id()))
                                        && Deciding.counts(
                                                a,
                                                policy.policy(),
                                                rule,
                                                information.request(),
                                                information.issued())));
    }

    private boolean isWithin(ConnectionInformation information, Rule rule) {
        var allowed = rule.terms().stricter(information.service().terms());
        var asked = new Terms(
                Duration.between(information.since(), information.until()), information.idle(), information.renewal());
        return asked.isWithin(allowed) && !information.until().isAfter(rule.until(information.issued()));
    }

    private boolean reachesOnlyWhatIsGiven(ConnectionInformation information, End own, End partner) {
        boolean asking = information.asking().equals(own);
        var zone =
                asking ? information.service().asking() : information.service().asked();
        var given = policy.policy().in(zone).toList();
        var mine = policy.policy().networks();
        boolean narrowed = information.maintenance().isPresent(); // to single machines of what is given
        return reals(own).stream()
                        .allMatch(r -> narrowed ? given.stream().anyMatch(g -> g.contains(r)) : given.contains(r))
                && partner.networks().stream()
                        .map(Translated::shown)
                        .allMatch(p -> mine.stream().noneMatch(m -> m.network().overlaps(p))
                                && shown.stream().noneMatch(p::overlaps));
    }

    private Verdict bad(No why) {
        return new Verdict.Bad(why.by(policy.policy().by().value()));
    }
}
