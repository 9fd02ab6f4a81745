package org.mizuhiki.trust;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ledger.Evidence;

/// Where the list of foreign roots is had: the authority, over HTTP or in the same process. Whatever it
/// answers goes through [KnownForeignRoots] before it is used.
public interface ForeignRoots {
    /// All changes there ever were, oldest first, and the ledger's evidence for the newest.
    ///
    /// @param changes canonical encodings of [ForeignRootChange]
    /// @param evidence absent only if there is no change yet
    record History(List<Bytes> changes, Optional<Evidence> evidence) {
        public History {
            changes = List.copyOf(changes);
        }
    }

    /// @throws org.mizuhiki.house.Refusal those of the ledger's evidence
    History history();
}
