package org.mizuhiki.vpn;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Digest;
import org.mizuhiki.vpn.ConnectionInformation.Consent;
import org.mizuhiki.vpn.Decision.Allowed;
import org.mizuhiki.vpn.Decision.Ask;
import org.mizuhiki.vpn.Decision.Granted;
import org.mizuhiki.vpn.Decision.Refused;
import org.mizuhiki.vpn.Decision.Whom;
import org.mizuhiki.vpn.SubscriberPolicy.Rule;
import org.mizuhiki.vpn.SubscriberPolicy.Way;

/// Whether two routers may connect: a pure function of what was said and what runs. Without both sides' yes
/// there is none; whatever is withdrawn or revoked takes away and never gives, as every group that both are
/// in is judged by itself and any one of them suffices.
public final class Deciding {
    private Deciding() {}

    /// All that a decision depends on.
    ///
    /// @param approvals that were given for this request, signatures checked
    /// @param maintenance what the two said about remote maintenance
    /// @param now whole seconds
    public record Situation(
            Request request,
            Optional<UniformPolicy> uniform,
            Side asking,
            Side asked,
            List<Approval> approvals,
            MaintenancePapers maintenance,
            Instant now) {
        public Situation {
            approvals = List.copyOf(approvals);
        }
    }

    /// What the provider has laid down about this service.
    ///
    /// @param agreed the contract that narrows it, where it is remote maintenance
    record Frame(Situation in, UniformPolicy uniform, Service service, Optional<Maintaining.Agreed> agreed) {
        String provider() {
            return uniform.by().value();
        }
    }

    /// Both rules that said yes in one group.
    private record Consented(String group, Yes asking, Yes asked) {}

    private sealed interface Word {}

    private record Yes(Rule rule, Consent consent) implements Word {}

    private record Wait(Whom whom) implements Word {}

    private record Never(Refused why) implements Word {}

    public static Decision decide(Situation in) {
        // 1. the provider's policy stands and knows the service
        var uniform = in.uniform().filter(u -> u.stands(in.now()));
        if (uniform.isEmpty()) {
            return No.UNIFORM_POLICY_MISSING.by("");
        }
        var provider = uniform.get().by().value();
        var service = uniform.get().service(in.request().service());
        if (service.isEmpty()) {
            return No.SERVICE_UNKNOWN.by(provider);
        }
        var frame = new Frame(in, uniform.get(), service.get(), Optional.empty());
        // 2. two routers with good certificates
        if (in.asking().router().equals(in.asked().router())) {
            return No.SAME_ROUTER.by(provider);
        }
        if (!isGood(in.asking(), in.now()) || !isGood(in.asked(), in.now())) {
            return No.ROUTER_NOT_GOOD.by(provider);
        }
        // 3. nothing runs that excludes it: asked before any person is
        var obstacle = obstacle(frame);
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        return service.get().kind() == ServiceClass.REMOTE_MAINTENANCE ? maintenance(frame) : inBestGroup(frame);
    }

    /// 3a. contract, privacy policies, technician and time of remote maintenance
    private static Decision maintenance(Frame frame) {
        var in = frame.in();
        var found = Maintaining.find(new Maintaining.Case(
                in.maintenance(),
                in.asking().router(),
                in.asked().router(),
                frame.service(),
                in.request().onBehalfOf(),
                in.now()));
        return found.stream()
                .map(f -> switch (f) {
                    case Maintaining.Not no -> no.why();
                    case Maintaining.Agreed agreed ->
                        inBestGroup(new Frame(in, frame.uniform(), agreed.service(), Optional.of(agreed)));
                })
                .min(Comparator.comparingInt(Deciding::rank))
                .orElseThrow();
    }

    private static Decision inBestGroup(Frame frame) {
        // 4. the groups that both are in, for this service; 5. in the best of them, both consents
        return commonGroups(frame)
                .map(group -> inGroup(frame, group))
                .min(Comparator.comparingInt(Deciding::rank))
                .orElseGet(() -> No.NO_COMMON_GROUP.by(frame.provider()));
    }

    private static Optional<Refused> obstacle(Frame frame) {
        var in = frame.in();
        var running = Stream.concat(in.asking().running().stream(), in.asked().running().stream())
                .toList();
        if (running.stream().anyMatch(r -> r.kind().excludes(frame.service().kind()))) {
            return Optional.of(No.SERVICE_EXCLUDED.by(frame.provider()));
        }
        if (in.asking().running().stream()
                .anyMatch(r -> r.partner().equals(in.asked().router())
                        && r.service().equals(frame.service().name()))) {
            return Optional.of(No.ALREADY_CONNECTED.by(frame.provider()));
        }
        int most = frame.uniform().mostConnections();
        if (in.asking().running().size() >= most || in.asked().running().size() >= most) {
            return Optional.of(No.TOO_MANY_CONNECTIONS.by(frame.provider()));
        }
        return Optional.empty();
    }

    private static int rank(Decision decision) {
        return switch (decision) {
            case Allowed _ -> 0;
            case Ask _ -> 1;
            case Refused _ -> 2;
        };
    }

    private static boolean isGood(Side side, Instant now) {
        return side.certificateUntil().filter(now::isBefore).isPresent();
    }

    private static Stream<String> commonGroups(Frame frame) {
        var in = frame.in();
        return in.asking().memberships().stream()
                .filter(m -> m.by().equals(frame.uniform().by()) && m.stands(in.now()))
                .map(Membership::group)
                .filter(g -> frame.uniform().offers(g, frame.service().name()))
                .filter(g -> in.asked().memberships().stream()
                        .anyMatch(m ->
                                m.by().equals(frame.uniform().by()) && m.group().equals(g) && m.stands(in.now())))
                .distinct()
                .sorted();
    }

    private static Decision inGroup(Frame frame, String group) {
        var in = frame.in();
        var asking = consent(in, in.asking(), in.asked(), Way.WE_ASK, group);
        var asked = consent(in, in.asked(), in.asking(), Way.WE_ARE_ASKED, group);
        if (asking instanceof Never(var why)) {
            return why;
        }
        if (asked instanceof Never(var why)) {
            return why;
        }
        // 6. networks of the service's zones; nobody is asked about what could not be
        return switch (Reaching.of(frame)) {
            case Reaching.Nothing(var why) -> why;
            case Reaching.Networks networks ->
                asking instanceof Yes one && asked instanceof Yes other
                        ? within(frame, new Consented(group, one, other), networks)
                        : new Ask(Stream.of(asking, asked)
                                .filter(Wait.class::isInstance)
                                .map(w -> ((Wait) w).whom())
                                .toList());
        };
    }

    /// The same for either side: its own rule, and its own people where the rule asks them.
    private static Word consent(Situation in, Side own, Side partner, Way way, String group) {
        var owner = own.router().subscriber();
        var said = own.policy().filter(p -> p.policy().stands(in.now()));
        if (said.isEmpty()) {
            return new Never(No.POLICY_MISSING.by(owner));
        }
        var rule = said.get()
                .policy()
                .deciding(partner.router(), way, group, in.request().service(), in.now());
        if (rule.isEmpty()) {
            return new Never(No.RULE_NONE.by(owner));
        }
        return switch (rule.get().answer()) {
            case NEVER -> new Never(No.RULE_NEVER.by(owner, rule.get().name()));
            case AUTOMATIC -> yes(said.get(), rule.get(), Optional.empty());
            case ASK -> asked(in, said.get(), rule.get());
        };
    }

    private static Word asked(Situation in, Side.SaidPolicy said, Rule rule) {
        var owner = said.policy().by();
        var answers = in.approvals().stream()
                .filter(a -> counts(a, said.policy(), rule, in.request().id(), in.now()))
                .toList();
        if (answers.stream().anyMatch(a -> !a.agreed())) {
            return new Never(No.APPROVAL_REFUSED.by(owner.value(), rule.name()));
        }
        return answers.stream()
                .findFirst()
                .<Word>map(a -> yes(said, rule, Optional.of(a.id())))
                .orElseGet(() -> new Wait(new Whom(rule.name(), owner.value(), rule.approvers())));
    }

    static boolean counts(Approval approval, SubscriberPolicy policy, Rule rule, Digest request, Instant now) {
        return approval.by().equals(policy.by())
                && approval.request().equals(request)
                && rule.approvers().contains(approval.person())
                && approval.stands(now);
    }

    private static Yes yes(Side.SaidPolicy said, Rule rule, Optional<Digest> approval) {
        return new Yes(rule, new Consent(said.id(), rule.name(), approval));
    }

    /// 7. the strictest of all terms
    private static Decision within(Frame frame, Consented both, Reaching.Networks networks) {
        var in = frame.in();
        var terms = frame.service()
                .terms()
                .stricter(both.asking().rule().terms())
                .stricter(both.asked().rule().terms());
        var ends = new ArrayList<Instant>();
        ends.add(in.now().plus(Terms.shorter(terms.longest(), in.request().longest())));
        in.request().ends().ifPresent(ends::add);
        ends.add(frame.uniform().until());
        frame.agreed().map(Maintaining.Agreed::until).ifPresent(ends::add);
        ends.add(both.asking().rule().until(in.now()));
        ends.add(both.asked().rule().until(in.now()));
        for (var side : List.of(in.asking(), in.asked())) {
            side.certificateUntil().ifPresent(ends::add);
            side.policy().ifPresent(p -> ends.add(p.policy().until()));
            side.memberships().stream()
                    .filter(m -> m.group().equals(both.group()) && m.stands(in.now()))
                    .map(Membership::until)
                    .max(Comparator.naturalOrder())
                    .ifPresent(ends::add);
        }
        var until = ends.stream()
                .min(Comparator.naturalOrder())
                .orElseThrow()
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        if (!until.isAfter(in.now())) {
            return No.ALL_OVER.by(frame.provider());
        }
        return new Allowed(
                both.group(),
                frame.service(),
                until,
                terms,
                new Granted(both.asking().consent(), networks.asking()),
                new Granted(both.asked().consent(), networks.asked()),
                frame.agreed().map(Maintaining.Agreed::named));
    }
}
