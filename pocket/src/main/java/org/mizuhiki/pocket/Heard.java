package org.mizuhiki.pocket;

import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// A statement as a key server gave it, after this device looked at it.
sealed interface Heard {
    /// It holds.
    record Held(Attested<Statement> statement) implements Heard {}

    /// It does not hold. It permits nothing; but it is not forgotten either: what is garbled may have been
    /// the very statement that ended something, or the record of an opening.
    ///
    /// @param number the key server's
    /// @param record what it says, when its signature at least is whole; a server that signs something
    /// else in its place gains no more than by withholding it
    record Broken(long number, Optional<Canonical> record, Refusal why) implements Heard {
        /// Whether this may be what ended `statement`.
        boolean mayEnd(Digest statement) {
            return may("revocation")
                    && record.flatMap(r -> r.find("ends"))
                            .map(statement.hex()::equals)
                            .orElse(true);
        }

        /// Whether this may be a statement of that kind: unreadable, it may be anything.
        boolean may(String kind) {
            return record.map(r -> r.find("kind").filter(kind::equals).isPresent())
                    .orElse(true);
        }
    }
}
