package org.mizuhiki.usage;

import org.mizuhiki.wire.Peer;

/// Asks another server for its counts.
public record RemoteUsage(Peer peer) {
    /// @throws org.mizuhiki.house.Refusal `access-denied`, `peer-unreachable`
    public UsageRoutes.Usage of(Month month) {
        return peer.get("/v1/usage?month=" + month, UsageRoutes.Usage.class);
    }
}
