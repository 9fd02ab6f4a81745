package org.mizuhiki.keys;

import java.util.List;
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

    /// Puts another slot in the place of the owner's; the same again changes nothing.
    ///
    /// @throws org.mizuhiki.house.Refusal `letter-unknown`: also for letters of others; `slot-too-large`
    void reseal(PersonId author, Digest letter, Slot ownersSlot);

    /// @param key of whom the slot is for
    record OwnerSlot(Digest letter, PersonId owner, Digest key) {}
}
