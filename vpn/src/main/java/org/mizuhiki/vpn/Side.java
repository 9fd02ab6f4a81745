package org.mizuhiki.vpn;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.Member;

/// One side of a request, as it stands now.
///
/// @param certificateUntil until when its service certificate is good; absent when it is revoked, expired or
/// the service is not provided any more
/// @param policy the subscriber's latest for this router
/// @param memberships of this router, by the provider
/// @param running connections of this router
public record Side(
        Member.Service router,
        Optional<Instant> certificateUntil,
        Optional<SaidPolicy> policy,
        List<Membership> memberships,
        List<Running> running) {
    public Side {
        memberships = List.copyOf(memberships);
        running = List.copyOf(running);
    }

    /// The same with these running as well.
    public Side also(List<Running> others) {
        var all = Stream.concat(running.stream(), others.stream()).toList();
        return new Side(router, certificateUntil, policy, memberships, all);
    }

    /// @param id its digest, computed once
    public record SaidPolicy(SubscriberPolicy policy, Digest id) {
        public static SaidPolicy of(SubscriberPolicy policy) {
            return new SaidPolicy(policy, policy.id());
        }
    }

    /// @param shown networks as this router sees the partner's
    public record Running(Member.Service partner, String service, ServiceClass kind, List<Network> shown) {
        public Running {
            shown = List.copyOf(shown);
        }
    }
}
