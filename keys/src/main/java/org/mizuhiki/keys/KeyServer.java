package org.mizuhiki.keys;

import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Receipt;
import org.mizuhiki.seal.Slot;

/// Holds the reader slots and the signed statements about them; never content, never a key that opens a
/// slot. Every method takes the authenticated caller and is idempotent: the same call again gives the same
/// answer. Who has no part in a letter is told `letter-unknown`, whether it exists or not.
///
/// Refusals of every method: those of [org.mizuhiki.consent.Statements#check], `statement-signer` (the
/// statement is somebody else's), `ledger-unavailable` and `database-away` (nothing was released; try the
/// same call again).
public interface KeyServer {
    /// Largest slot in bytes.
    int MAX_SLOT = 4096;

    /// Most statements in one answer.
    int MAX_PAGE = 200;

    /// Files a letter: the author's statement and the slots of owner and author; logs it.
    ///
    /// @param slots exactly two: whose slot it is, the owner's and the author's
    /// @throws org.mizuhiki.house.Refusal `not-related` when no care relation stands between author and
    /// owner, `owner-key-retired`, `caller-not-author`, `slot-missing`, `slot-too-large`, `letter-exists`
    Filed file(PersonId caller, Bytes letterSealed, Map<PersonId, Slot> slots);

    /// Files a provisional registration with the slots of its sealed picture; logs it.
    ///
    /// @param slots exactly two: the patient's, for the key that the registration names, and the supervisor's
    /// @throws org.mizuhiki.house.Refusal `slot-missing`, `slot-mismatch`, `slot-too-large`, `letter-exists`,
    /// `statement-over`, `registration-unknown` (the authority has not accepted it)
    Filed register(PersonId caller, Bytes provisionalRegistration, Map<PersonId, Slot> slots);

    /// Puts the owner's slot of a letter, or of the picture, made for a new key in the place of the one for
    /// the activation secret's key. Changes nothing for anybody else.
    ///
    /// @throws org.mizuhiki.house.Refusal `letter-unknown` (not the caller's own), `slot-too-large`,
    /// `owner-key-retired`
    void replace(PersonId caller, Digest letter, Slot slot);

    /// Files a statement that needs nothing but itself: care relation, revocation, veto, its lifting,
    /// confirmation of a provisional registration; logs it.
    ///
    /// @throws org.mizuhiki.house.Refusal `statement-unknown`, `not-yours-to-end`, `statement-over`,
    /// `confirmation-not-independent`, `statements-too-many`
    Filed say(PersonId caller, Bytes signed);

    /// Files a lateral grant with its slot; logs it.
    ///
    /// @throws org.mizuhiki.house.Refusal `slot-mismatch`, `not-related`, and the
    /// [org.mizuhiki.consent.Decision.Denied] rules for the grantor
    Filed grant(PersonId caller, Bytes lateralGrant, Slot slot);

    /// Logs the caller's signed disclosure, then releases the caller's slot: of the grant it names, or the
    /// owner's or author's own when it names none. A repeated disclosure is logged once; it can be repeated
    /// for five minutes.
    ///
    /// @throws org.mizuhiki.house.Refusal the [org.mizuhiki.consent.Decision.Denied] rule, as code;
    /// `disclosure-stale` (said more than five minutes from now), `disclosure-mismatch` (names another
    /// owner)
    Release release(PersonId caller, Bytes disclosure);

    /// All signed statements that name the caller, newest first.
    ///
    /// @param limit 1 to [#MAX_PAGE]
    /// @param before only those with a smaller number; [Long#MAX_VALUE] to start
    List<Filed> involving(PersonId caller, int limit, long before);

    /// What decides whether a care relation stands between the caller, a professional, and `patient`,
    /// oldest first: its halves and what ended them. [#involving] holds them too, among everything else
    /// that names the caller.
    List<Filed> relation(PersonId caller, PersonId patient);

    /// The statements of one letter, oldest first: all of them for its owner and author, for a reader the
    /// letter's own and those that name the reader.
    ///
    /// @throws org.mizuhiki.house.Refusal `letter-unknown`
    List<Filed> aboutLetter(PersonId caller, Digest letter);

    /// @param number grows with time, for paging
    /// @param receipt where it is in the ledger
    record Filed(long number, Bytes signed, Receipt receipt) {}

    /// @param about the letter's own statement, the grant and those it rests on, the care relation between
    /// author and owner, and what the owner said against the readers among them, for the reader's device to
    /// check and decide itself
    record Release(Slot slot, Filed disclosure, List<Filed> about) {}
}
