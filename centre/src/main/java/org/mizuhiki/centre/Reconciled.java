package org.mizuhiki.centre;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The records of all three points laid beside each other and beside what was decided.
///
/// @param agreed passages that all three points saw, as agreed
public record Reconciled(String connection, int agreed, List<Odd> odd) {
    public Reconciled {
        odd = List.copyOf(odd);
    }

    /// A passage that not every point saw, or that nobody agreed to. Addresses are those at their own site.
    ///
    /// @param at by the clock that all are set right to
    /// @param outside `machine`, `port` or `time`: of what was decided
    public record Odd(
            String source,
            String target,
            String protocol,
            int port,
            Instant at,
            List<RouterDesk.Point> seen,
            List<RouterDesk.Point> missing,
            Optional<String> outside) {
        public Odd {
            seen = List.copyOf(seen);
            missing = List.copyOf(missing);
        }
    }
}
