package org.mizuhiki.pocket;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// What is known of a letter that arrived for a hospital system: `letter.json` in its folder.
///
/// @param letter the letter's name
/// @param patient whose letter it is
/// @param from who wrote and signed it; `author` and `institution` as their certificate says
/// @param signedAt by the author's time stamp
/// @param openedAt when it was opened here, which the patient sees
/// @param verified statements that it rests on, each with its place in the ledger
public record ArrivedLetter(
        Digest letter,
        PersonId patient,
        PersonId from,
        String author,
        String institution,
        Instant signedAt,
        Instant openedAt,
        List<Verified> verified) {
    public ArrivedLetter {
        verified = List.copyOf(verified);
    }

    /// A statement that was checked, and its place in the ledger.
    ///
    /// @param kind as docs/events.md lists them
    /// @param by at the latest then it was in the ledger
    public record Verified(String kind, Digest statement, long index, Instant by) {}
}
