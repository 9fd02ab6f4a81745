package org.mizuhiki.apps.role;

import java.util.Map;
import java.util.stream.Collectors;
import org.mizuhiki.trust.CaRevocation;

/// The operator's words when a CA's key is in other hands: `ca-compromised`, `ca-revocations`.
final class CaOperations {
    private CaOperations() {}

    static Map<String, OperatorDoor.Operation> of(CaRevocation revocation) {
        return Map.of(
                "ca-compromised",
                        asked -> {
                            revocation.begin(
                                    Asked.need(asked, "ca"), Asked.need(asked, "by"), Asked.need(asked, "reason"));
                            return told(revocation);
                        },
                "ca-revocations", asked -> told(revocation));
    }

    private static String told(CaRevocation revocation) {
        return revocation.progress().stream()
                .map(p -> p.ca() + ": " + p.revoked() + " revoked since " + p.begun()
                        + p.finished().map(at -> ", finished " + at).orElse(", going on"))
                .collect(Collectors.joining("\n"));
    }
}
