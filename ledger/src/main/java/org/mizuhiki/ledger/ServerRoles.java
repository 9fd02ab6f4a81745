package org.mizuhiki.ledger;

import java.util.Set;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Caller;

/// The servers that a route is for, by role: one server that was broken into must not act for the others.
record ServerRoles(Set<String> roles) {
    ServerRoles {
        roles = Set.copyOf(roles);
    }

    /// @throws Refusal `access-denied`, as for callers of another kind
    void check(Caller caller) {
        if (!(caller instanceof Caller.Server server && roles.contains(server.role()))) {
            throw Refusal.of(
                    "access-denied", "この操作はこのサーバーの役割では行えません", "This operation is not open to servers of your role");
        }
    }
}
