package org.mizuhiki.pocket;

import java.util.Set;
import org.mizuhiki.house.Refusal;

/// Which refusals mean "not now" rather than "no".
public final class Unreachable {
    private static final Set<String> CODES = Set.of(
            "peer-unreachable",
            "stamp-unavailable",
            "ledger-unavailable",
            "checkpoint-late",
            "database-away",
            "standing-unknown",
            "revocation-unknown",
            "too-many-requests");

    private Unreachable() {}

    /// Whether the same call may succeed later with nothing changed.
    public static boolean is(Refusal refusal) {
        return CODES.contains(refusal.code());
    }
}
