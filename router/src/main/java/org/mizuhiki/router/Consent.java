package org.mizuhiki.router;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.RouterSide;
import org.mizuhiki.vpn.Verdict;

/// Whether the own side wants a connection, by all that this router has and knows.
record Consent(Around around, Papers papers, Kept kept, Agent agent) {
    /// @param own certificate (DER)
    /// @throws Refusal `papers-missing`
    Verdict verify(ConnectionInformation information, Bytes own, Instant now) {
        var uniform = papers.uniform();
        var policy = papers.policy();
        if (uniform.isEmpty() || policy.isEmpty()) {
            throw Refusal.of(
                    "papers-missing",
                    "統一ポリシーまたは自院の接続ポリシーがこの機器に届いていません。ポリシーを登録してください",
                    "The uniform policy or the own side's policy has not reached this router; file the policy");
        }
        var side = new RouterSide(
                around.self(),
                own.sha256(),
                policy.get(),
                uniform.get().declaration(),
                uniform.get().id(),
                papers.memberships(),
                papers.approvals(),
                papers.maintenance(),
                kept.known(),
                shownBesides(information.connection()));
        return side.verify(information, now);
    }

    /// Whether the provider took one of the two out of the group that it rests on, as far as was heard here.
    boolean isWithdrawn(ConnectionInformation information, Instant now) {
        return RouterSide.isWithdrawn(information, papers.memberships(), around.provider(), now);
    }

    /// Networks that other connections show here.
    private List<Network> shownBesides(String connection) {
        return agent.connections().stream()
                .filter(a -> !a.connection().equals(connection))
                .flatMap(a -> a.good().partner().networks().stream())
                .map(Translated::shown)
                .toList();
    }
}
