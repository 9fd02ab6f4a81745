package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Slot;

/// Patients who lost all keys and enrolled again have new ones: authors, who hold slots of their own, close
/// their letters' keys for these (docs/flows/account.md). Nobody else's access changes.
public interface Resealing {
    /// Most of one answer.
    int MAX_PAGE = 500;

    /// For which key the owners' slots of the caller's letters were made, in the order of the letters.
    ///
    /// @param after only letters after this one; all zeros to start
    List<OwnerSlot> written(PersonId author, Digest after);

    /// Puts another slot in the place of the owner's, once the author's word for it is in the ledger,
    /// where the owner finds it. The same again changes nothing, nor does one for the key that the
    /// owner's slot is for.
    ///
    /// @param letterResealed the author's signed [org.mizuhiki.consent.Statement.LetterResealed]
    /// @param slot the one that it names
    /// @throws org.mizuhiki.house.Refusal `letter-unknown`: also for letters of others; `slot-too-large`,
    /// `slot-mismatch`, `owner-key-retired`, `owner-key-differs` for a key that the directory does not
    /// prove
    void reseal(PersonId author, Bytes letterResealed, Slot slot);

    /// @param key that the owner's slot is for; all zeros when there is no slot any more
    record OwnerSlot(Digest letter, PersonId owner, Digest key) {}
}
