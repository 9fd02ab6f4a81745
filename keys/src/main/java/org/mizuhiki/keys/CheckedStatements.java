package org.mizuhiki.keys;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// Checks statements out of the database anew for every decision, so that a row forged by an administrator
/// opens nothing; what was checked within the last minutes is remembered by the digest of its bytes.
final class CheckedStatements {
    private static final int MOST = 10_000;
    /// A signer's certificate may turn out to be revoked from before the stamp: nothing is believed for
    /// long.
    private static final Duration REMEMBERED = Duration.ofMinutes(5);

    private record Seen(Attested<Statement> statement, Instant at) {}

    private final Statements statements;
    private final Clock clock;
    private final Map<Digest, Seen> seen = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Digest, Seen> eldest) {
            return size() > MOST;
        }
    };

    CheckedStatements(Statements statements, Clock clock) {
        this.statements = statements;
        this.clock = clock;
    }

    Attested<Statement> check(Bytes signed) {
        var name = signed.sha256();
        var now = clock.instant();
        synchronized (seen) {
            var known = seen.get(name);
            if (known != null && Duration.between(known.at, now).abs().compareTo(REMEMBERED) < 0) {
                return known.statement;
            }
        }
        var checked = statements.check(signed);
        synchronized (seen) {
            seen.put(name, new Seen(checked, now));
        }
        return checked;
    }
}
