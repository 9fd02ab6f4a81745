package org.mizuhiki.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.oprf.PendingLogin;

/// Log-ins between answer and proof: in memory only, for a minute, once; after a restart people try again.
final class PendingLogins {
    private static final Duration LIFE = Duration.ofMinutes(1);

    /// The oldest one goes when there are more; at 600 requests a minute and address that takes many.
    private static final int MOST = 20_000;

    private final Clock clock;
    private final Map<Digest, Begun> begun = new LinkedHashMap<>();

    record Begun(PersonId person, PendingLogin answer, Instant at) {}

    PendingLogins(Clock clock) {
        this.clock = clock;
    }

    synchronized void keep(Digest login, PersonId person, PendingLogin answer) {
        var now = clock.instant();
        var oldest = begun.entrySet().iterator();
        while (oldest.hasNext()) {
            var entry = oldest.next().getValue();
            if (begun.size() < MOST && now.isBefore(entry.at().plus(LIFE))) {
                break;
            }
            entry.answer().close();
            oldest.remove();
        }
        begun.put(login, new Begun(person, answer, now));
    }

    /// Once for each, whether it was right or not: every proof costs a guess.
    synchronized Optional<Begun> take(Digest login) {
        return Optional.ofNullable(begun.remove(login))
                .filter(b -> clock.instant().isBefore(b.at().plus(LIFE)));
    }
}
