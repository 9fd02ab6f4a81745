package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.seal.Slot;

/// Holds the reader slots and the signed statements about them; never content, never a key that opens a slot. Every
/// method takes the
/// authenticated caller and is idempotent: the same call again gives the same answer.
public interface KeyServer {
    /// Files a letter: the author's statement and the slots of owner and author; logs it.
    ///
    /// @throws org.mizuhiki.house.Refusal `not-related` when no care relation stands between author and owner,
    /// `caller-not-author`, `slot-missing`
    Filed file(PersonId caller, Bytes letterSealed, List<Slot> slots);

    /// Files a statement that needs nothing but itself: care relation, revocation; logs it.
    ///
    /// @throws org.mizuhiki.house.Refusal `statement-unknown`, `not-yours-to-end`
    Filed say(PersonId caller, Bytes signed);

    /// Files a lateral grant with its slot; logs it.
    ///
    /// @throws org.mizuhiki.house.Refusal `slot-mismatch`, `not-related`, and the
    /// [org.mizuhiki.consent.Decision.Denied] rules for the grantor
    Filed grant(PersonId caller, Bytes lateralGrant, Slot slot);

    /// Logs the caller's signed disclosure, then releases the caller's slot. A repeated disclosure is logged once.
    ///
    /// @throws org.mizuhiki.house.Refusal the [org.mizuhiki.consent.Decision.Denied] rule, as code
    Release release(PersonId caller, Bytes disclosure);

    /// All signed statements that name the caller, newest first.
    List<Filed> involving(PersonId caller, int limit, long before);

    /// The statements of one letter, for its owner, author and readers.
    List<Filed> aboutLetter(PersonId caller, Digest letter);

    /// @param number grows with time, for paging
    /// @param receipt where it is in the ledger
    record Filed(long number, Bytes signed, Receipt receipt) {}

    /// @param about the letter's own statement and the grant, for the reader to check itself
    record Release(Slot slot, Filed disclosure, List<Filed> about) {}
}
