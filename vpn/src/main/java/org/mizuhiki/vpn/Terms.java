package org.mizuhiki.vpn;

import java.time.Duration;

/// Limits of a connection, in whole seconds; of two sides' terms the stricter hold.
///
/// @param longest from its begin to its end
/// @param idle without traffic, after which it ends
/// @param renewal after which it has new keys
public record Terms(Duration longest, Duration idle, Duration renewal) {
    private static final Duration MOST = Duration.ofDays(366);

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Terms {
        for (var time : new Duration[] {longest, idle, renewal}) {
            Words.need(time.isPositive() && time.compareTo(MOST) <= 0 && Words.whole(time), "terms");
        }
    }

    public Terms stricter(Terms other) {
        return new Terms(shorter(longest, other.longest), shorter(idle, other.idle), shorter(renewal, other.renewal));
    }

    /// Whether nothing here is more than there.
    public boolean isWithin(Terms other) {
        return stricter(other).equals(this);
    }

    static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) <= 0 ? one : other;
    }
}
