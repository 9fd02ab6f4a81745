package org.mizuhiki.trust.standing;

import java.time.Instant;

/// What lists and responders say of one certificate.
public sealed interface Said {
    /// @param asOf when the oldest answer relied on was made
    /// @param stale past its time, believed for want of a newer one
    record Good(Instant asOf, boolean stale) implements Said {}

    /// @param reason RFC 5280, 5.3.1; 0 if none was given
    record Revoked(Instant at, int reason) implements Said {}

    /// Nobody who may say so said anything.
    record Unknown() implements Said {}

    /// There are answers, all too old.
    record Old() implements Said {}
}
