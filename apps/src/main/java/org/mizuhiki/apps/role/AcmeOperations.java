package org.mizuhiki.apps.role;

import java.time.Duration;
import java.util.Map;
import org.mizuhiki.enrol.Acme;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Revocation;

/// The operator's words about who may hold certificates: `acme-account` lets a server's ordinary client in,
/// `revoke` ends a member with all that it holds.
final class AcmeOperations {
    private static final Duration USUAL_LIFE = Duration.ofDays(1);

    private AcmeOperations() {}

    static Map<String, OperatorDoor.Operation> of(Acme acme, Revocation revocation) {
        return Map.of(
                "acme-account",
                asked -> acme.bind(Asked.server(asked), asked.containsKey("days") ? Asked.life(asked) : USUAL_LIFE)
                        .revealed(),
                "revoke",
                asked -> revoke(acme, revocation, asked));
    }

    /// Accounts first: cut off between the two, the operator has no answer and says it again.
    private static String revoke(Acme acme, Revocation revocation, Map<String, String> asked) {
        var member = Asked.revoked(asked);
        boolean ended = member instanceof Member.Server server && acme.end(server);
        try {
            revocation.revoke(member, Asked.reason(asked));
        } catch (Refusal e) {
            if (!ended || !e.code().equals("member-unknown")) {
                throw e;
            }
        }
        return "revoked";
    }
}
