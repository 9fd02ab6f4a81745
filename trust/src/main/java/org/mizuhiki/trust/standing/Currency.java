package org.mizuhiki.trust.standing;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// How old an answer may be.
///
/// @param maxAge since `thisUpdate`, whatever `nextUpdate` says
/// @param skew by which clocks may differ
/// @param grace for how long after that an answer is still believed when no newer one can be had
public record Currency(Duration maxAge, Duration skew, Duration grace) {
    /// Of one answer, now.
    public enum Age {
        FRESH,
        STALE,
        USELESS
    }

    Age of(Instant thisUpdate, Optional<Instant> nextUpdate, Instant now) {
        if (thisUpdate.isAfter(now.plus(skew))) {
            return Age.USELESS; // from the future: its clock or ours is wrong
        }
        var oldest = thisUpdate.plus(maxAge);
        var ends = nextUpdate.filter(oldest::isAfter).orElse(oldest).plus(skew);
        if (!now.isAfter(ends)) {
            return Age.FRESH;
        }
        return now.isAfter(ends.plus(grace)) ? Age.USELESS : Age.STALE;
    }
}
