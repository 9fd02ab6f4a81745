package org.mizuhiki.trust.status;

import java.time.Instant;

/// What is known of a serial number.
public sealed interface Known {
    record Good() implements Known {}

    /// @param reason RFC 5280, 5.3.1
    record Revoked(Instant at, int reason) implements Known {}

    /// This CA never issued it.
    record Never() implements Known {}
}
