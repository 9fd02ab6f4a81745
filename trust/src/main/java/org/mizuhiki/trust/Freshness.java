package org.mizuhiki.trust;

import java.time.Duration;

/// How old an answer about revocation may be.
///
/// @param maxAge since it was made (`thisUpdate`), whatever the answer itself allows
/// @param clockSkew by which two clocks may differ
public record Freshness(Duration maxAge, Duration clockSkew, WhenUnknown whenUnknown) {
    private static final Duration LONGEST = Duration.ofDays(31);

    /// What to do when no fresh answer can be had.
    public sealed interface WhenUnknown {
        /// Nobody is believed then.
        record Refuse() implements WhenUnknown {}

        /// The last answer is believed for this long past its time; the verdict says so. For terminals that
        /// work without a network. A certificate of which no answer was ever seen is refused all the same.
        record AcceptIfOfflineUntil(Duration past) implements WhenUnknown {}
    }

    public Freshness {
        boolean odd = maxAge.isNegative()
                || maxAge.isZero()
                || clockSkew.isNegative()
                || clockSkew.compareTo(Duration.ofHours(1)) > 0
                || (whenUnknown instanceof WhenUnknown.AcceptIfOfflineUntil(var past)
                        && (past.isNegative() || past.compareTo(LONGEST) > 0));
        if (odd) {
            throw new IllegalArgumentException("ages are positive, skew at most an hour, offline at most 31 days");
        }
    }

    /// A week, five minutes, refuse.
    public static Freshness usual() {
        return new Freshness(Duration.ofDays(7), Duration.ofMinutes(5), new WhenUnknown.Refuse());
    }

    /// For terminals: the last answer counts for three more days.
    public static Freshness terminal() {
        var offline = new WhenUnknown.AcceptIfOfflineUntil(Duration.ofDays(3));
        return new Freshness(Duration.ofDays(7), Duration.ofMinutes(5), offline);
    }

    Duration grace() {
        return switch (whenUnknown) {
            case WhenUnknown.Refuse() -> Duration.ZERO;
            case WhenUnknown.AcceptIfOfflineUntil(var past) -> past;
        };
    }
}
