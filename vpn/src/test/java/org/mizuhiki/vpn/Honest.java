package org.mizuhiki.vpn;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Initiator;
import org.mizuhiki.vpn.Deciding.Situation;

/// A centre and routers that do what they should.
final class Honest {
    private Honest() {}

    static ConnectionInformation information(Situation in, Decision.Allowed yes) {
        return new ConnectionInformation(
                ConnectionInformation.FORM,
                Pretend.nonce(),
                1,
                in.now(),
                in.now(),
                yes.until(),
                yes.terms().idle(),
                yes.terms().renewal(),
                in.request().id(),
                in.uniform().orElseThrow().id(),
                yes.group(),
                yes.service(),
                in.uniform().orElseThrow().proposals(),
                Initiator.ASKING,
                Pretend.nonce(),
                end(in.asking(), yes.asking(), "192.0.2.1"),
                end(in.asked(), yes.asked(), "192.0.2.2"),
                yes.maintenance());
    }

    private static End end(Side side, Decision.Granted granted, String host) {
        return new End(
                side.router(),
                Pretend.certificate(side.router()),
                Optional.of(new Address(host, 500, false)),
                granted.networks(),
                Bytes.utf8("sealed"),
                granted.consent());
    }

    static List<Membership> memberships(Situation in) {
        return Stream.of(in.asking(), in.asked())
                .flatMap(s -> s.memberships().stream())
                .toList();
    }

    static RouterSide side(Situation in, Side own) {
        return side(in, own, memberships(in));
    }

    static RouterSide side(Situation in, Side own, List<Membership> memberships) {
        var uniform = in.uniform().orElseThrow();
        return new RouterSide(
                own.router(),
                Pretend.certificate(own.router()),
                own.policy().orElseThrow(),
                uniform,
                uniform.id(),
                memberships,
                in.approvals(),
                in.maintenance(),
                Map.of(),
                own.running().stream().flatMap(r -> r.shown().stream()).toList());
    }

    static RouterSide side(SubscriberPolicy policy, UniformPolicy uniform, Map<String, RouterSide.Known> known) {
        return new RouterSide(
                policy.router(),
                Pretend.certificate(policy.router()),
                Side.SaidPolicy.of(policy),
                uniform,
                uniform.id(),
                Pretend.members(),
                List.of(),
                known,
                List.of());
    }
}
