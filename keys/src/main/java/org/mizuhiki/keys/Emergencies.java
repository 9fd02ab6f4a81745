package org.mizuhiki.keys;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.keys.KeyServer.Filed;
import org.mizuhiki.keys.KeyServer.Release;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.Slot;

/// Emergencies (docs/flows/emergency.md): a patient closes letters' keys for a key that the patient's card and
/// this server give together; a professional who has the card at an accredited terminal is given this server's
/// part, for a time, and each slot against a disclosure. To end it, the patient says so by [KeyServer#say].
///
/// Refusals of every method also as of [KeyServer].
public interface Emergencies {
    /// Bytes of this server's part.
    int SHARE = 32;

    /// Bytes of the nonce that a terminal's element answers.
    int NONCE = 32;

    /// Most slots in one call, and most letters in one answer.
    int MAX_PAGE = 100;

    /// Files what the patient allows; logs it. One stands at a time.
    ///
    /// @param emergencyAccess the patient's signed [org.mizuhiki.consent.Statement.EmergencyAccess]
    /// @param key the public half of the key that it names, for the patient's other devices
    /// @param share this server's part of it
    /// @throws org.mizuhiki.house.Refusal `emergency-stands` when another one stands, `statement-over`,
    /// `reader-key-malformed`, `slot-mismatch` when it names another key, `share-malformed`
    Filed allow(PersonId patient, Bytes emergencyAccess, Reader.XWing key, Bytes share);

    /// What the patient allows now, if anything.
    Allowance standing(PersonId patient);

    /// The patient's letters whose key is not closed for the emergency key yet, in the order of their digests,
    /// at most [#MAX_PAGE]; none when nothing is allowed.
    ///
    /// @param after the last of the page before: letters that the patient's device cannot open keep none back
    List<Digest> uncovered(PersonId patient, Digest after);

    /// Keeps slots for the emergency key; the same again changes nothing.
    ///
    /// @throws org.mizuhiki.house.Refusal `letter-unknown` (not the caller's own), `slot-mismatch` (for
    /// another key), `slot-too-large`, `emergency-not-allowed`
    void cover(PersonId patient, List<Covered> covered);

    /// What a professional's terminal has to answer within ten minutes.
    ///
    /// @throws org.mizuhiki.house.Refusal `emergency-not-allowed`: also for IDs that nobody has
    Challenge ask(PersonId reader, PersonId patient);

    /// Checks accreditation, terminal, card and freshness; logs the opening; tells the patient and the
    /// guardians; lets the reader in at the store; then gives this server's part. The same statement again
    /// gives the same while the opening stands, and is logged and told once.
    ///
    /// @param emergencyOpening the reader's signed [org.mizuhiki.consent.Statement.EmergencyOpening]
    /// @param presence of the nonce that was asked for last, as `chip`'s Presence encodes it
    /// @throws org.mizuhiki.house.Refusal `statement-stale`, `emergency-not-asked`, `terminal-not-accredited`,
    /// `visit-forged`, `visit-stale`, `card-of-other`, `emergencies-too-many`, and the
    /// [org.mizuhiki.consent.Decision.Denied] rules
    Opened open(PersonId reader, Bytes emergencyOpening, Bytes presence);

    /// Letters that the reader may open now, in the order of their digests, at most [#MAX_PAGE].
    ///
    /// @param after only letters after this one; all zeros to start
    List<Digest> letters(PersonId reader, PersonId patient, Digest after);

    /// Logs the reader's disclosure, which names the opening, then gives the slot for the emergency key.
    ///
    /// @throws org.mizuhiki.house.Refusal as [KeyServer#release]
    Release release(PersonId reader, Bytes disclosure);

    /// @param access the patient's statement
    /// @param key the public half of the key that it names; empty without one
    /// @param openings of the patient's letters, newest first
    record Allowance(Optional<Filed> access, Bytes key, List<Filed> openings) {
        public Allowance {
            openings = List.copyOf(openings);
        }
    }

    /// A letter, and its key closed for the emergency key.
    record Covered(Digest letter, Slot slot) {}

    /// @param nonce fresh, good for one opening
    /// @param access what the patient allowed: it says what the card has to sign
    record Challenge(Bytes nonce, Filed access) {}

    /// @param share this server's part of the emergency key
    record Opened(Filed opening, Bytes share) {}
}
