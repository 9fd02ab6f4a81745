package org.mizuhiki.ledger;

import java.util.List;
import org.mizuhiki.house.Digest;

/// Somebody independent who saw that the log only grew: it remembers the newest checkpoint it co-signed and
/// never co-signs one that is not an extension of it. Against a log that shows different people different
/// histories.
public interface Witness {
    /// The name under which its key stands in [LogKeys#witnesses].
    String name();

    /// The newest checkpoint it co-signed; size 0 before the first.
    Seen seen();

    /// Checks that `note` extends what was seen, remembers it durably, and only then co-signs.
    ///
    /// @param note a checkpoint with the log's signatures
    /// @param older the size the proof starts from, that of [#seen]
    /// @param proof RFC 9162, 2.1.4: from `older` to the note's size
    /// @return the signature line to append to the note, with its newline
    /// @throws org.mizuhiki.house.Refusal `ledger-forked` (another root for the size seen, or no valid
    /// proof), `witness-elsewhere` (smaller than what was seen, or proven from another size: ask [#seen]
    /// and try again), `checkpoint-forged`, `witness-unavailable`
    String cosign(String note, long older, List<Digest> proof);

    /// @param size entries
    record Seen(long size, Digest root) {}
}
