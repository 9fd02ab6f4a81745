package org.mizuhiki.oprf;

import java.time.Duration;
import java.time.Instant;
import org.mizuhiki.house.Refusal;

/// How often the password of one ID was tried, as one server counts it by itself, whether the ID exists or
/// not. A try counts when it begins: who never ends it has guessed as well.
///
/// @param times tries that were not forgiven
/// @param last when the newest one was
public record Guesses(int times, Instant last) {
    public static final Guesses NONE = new Guesses(0, Instant.EPOCH);

    /// @param free tries without waiting
    /// @param firstWait after these, doubled at each further try
    /// @param longestWait where doubling ends
    /// @param lockedFrom tries from which the ID is locked, and its person told
    /// @param locked wait between tries of a locked ID
    /// @param forgivenAfter time in which one try is forgiven by itself
    public record Limit(
            int free,
            Duration firstWait,
            Duration longestWait,
            int lockedFrom,
            Duration locked,
            Duration forgivenAfter) {
        /// Of the server that sees whether a log-in succeeds, and then forgets what was before.
        public static final Limit OF_PROVEN =
                new Limit(5, Duration.ofSeconds(1), Duration.ofHours(1), 100, Duration.ofDays(1), Duration.ofDays(1));

        /// Of the server that is asked for evaluations and believes nobody's word about how they ended:
        /// twenty at once, in the long run one an hour.
        public static final Limit OF_ALL = new Limit(
                20, Duration.ofSeconds(1), Duration.ofMinutes(15), 60, Duration.ofDays(1), Duration.ofHours(1));
    }

    /// The count after a try now.
    ///
    /// @throws Refusal `login-rate-exceeded` when it comes too early; nothing is counted then, or whoever
    /// kept trying would keep the person out for ever
    public Guesses tried(Limit limit, Instant now) {
        var left = forgiven(limit, now);
        if (left.times > 0 && now.isBefore(left.last.plus(left.waiting(limit)))) {
            throw tooMany();
        }
        return new Guesses(left.times + 1, now);
    }

    /// Also for so many tries at the same time that they cannot be counted one by one.
    public static Refusal tooMany() {
        return Refusal.of(
                "login-rate-exceeded",
                "このIDではログインが何度も試みられたため、しばらく待つ必要があります。時間をおいてもう一度お試しください",
                "This ID was tried too often; wait a while, then try again");
    }

    /// Whether this try made the ID a locked one.
    public boolean justLocked(Limit limit) {
        return times == limit.lockedFrom();
    }

    /// Whether nothing is left to remember.
    public boolean over(Limit limit, Instant now) {
        return forgiven(limit, now).times == 0;
    }

    private Guesses forgiven(Limit limit, Instant now) {
        var since = Duration.between(last, now);
        long forgiven = since.isNegative() ? 0 : since.dividedBy(limit.forgivenAfter());
        return new Guesses((int) Math.max(0, times - forgiven), last);
    }

    private Duration waiting(Limit limit) {
        if (times >= limit.lockedFrom()) {
            return limit.locked();
        }
        if (times < limit.free()) {
            return Duration.ZERO;
        }
        int doublings = Math.min(times - limit.free(), 30);
        var wait = limit.firstWait().multipliedBy(1L << doublings);
        return wait.compareTo(limit.longestWait()) < 0 ? wait : limit.longestWait();
    }
}
