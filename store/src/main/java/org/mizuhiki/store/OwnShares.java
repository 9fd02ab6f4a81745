package org.mizuhiki.store;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// What a person's own device asks of this server's half of the own password (docs/flows/password.md).
public interface OwnShares {
    /// Makes this server's share for a password that is being set, out of fresh random numbers, and
    /// evaluates with it: for this one question, which may be repeated. The device asks only after the key
    /// server has answered, and adds both itself; so a key server in wrong hands can neither leave this
    /// share out nor choose its own answer so that this one cancels.
    ///
    /// @param epoch that the key server named; must be new here, as of an older share it may know more
    /// @param element the blinded password, 32 bytes
    /// @return 32 bytes
    /// @throws org.mizuhiki.house.Refusal `epoch-taken`, `element-malformed`, `element-identity`
    Bytes begin(PersonId person, Digest epoch, Bytes element);

    /// What the person is to know about guesses at the own password, newest first; at most 100.
    List<Guessed> notices(PersonId person);

    /// So many evaluations in a row that the ID was locked.
    record Guessed(int times, Instant at) {}
}
