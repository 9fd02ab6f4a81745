package org.mizuhiki.wire;

import java.time.Duration;
import java.time.Instant;

/// What this machine's clock was found to be beside a time server's.
///
/// @param at by the own clock
/// @param ahead how far the own clock is before the server's; negative: behind
/// @param within the true value lies within this of `ahead`, if the server's own time is right
/// @param server which one answered
public record TimeCheck(Instant at, Duration ahead, Duration within, String server) {
    /// From here on a clock is off: records of several points could no longer be laid side by side to the
    /// second.
    public static final Duration BOUND = Duration.ofSeconds(1);

    private static final int LONGEST_SERVER = 253;

    public TimeCheck {
        if (server.isEmpty() || server.length() > LONGEST_SERVER || within.isNegative()) {
            throw new IllegalArgumentException("a time server's name and an uncertainty");
        }
    }

    /// Whether it is surely further off than [#BOUND].
    public boolean tooFar() {
        return ahead.abs().minus(within).compareTo(BOUND) > 0;
    }
}
