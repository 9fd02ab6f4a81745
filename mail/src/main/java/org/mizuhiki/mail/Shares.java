package org.mizuhiki.mail;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// So much of something to each in a span of time. Bounded itself: who was not seen for longest is forgotten.
final class Shares {
    private static final int MOST_REMEMBERED = 20_000;

    private final Duration span;
    private final long most;
    private final Clock clock;
    private final Map<String, Taken> taken = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Taken> eldest) {
            return size() > MOST_REMEMBERED;
        }
    };

    private record Taken(Instant since, long amount) {}

    Shares(Duration span, long most, Clock clock) {
        this.span = span;
        this.most = most;
        this.clock = clock;
    }

    /// @return whether that was still within the share; what was not is not counted
    synchronized boolean take(String who, long amount) {
        var now = clock.instant();
        var before = taken.get(who);
        if (before == null || now.isAfter(before.since().plus(span))) {
            before = new Taken(now, 0);
        }
        if (before.amount() + amount > most) {
            return false;
        }
        taken.put(who, new Taken(before.since(), before.amount() + amount));
        return true;
    }
}
