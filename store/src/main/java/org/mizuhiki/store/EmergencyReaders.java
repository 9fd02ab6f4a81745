package org.mizuhiki.store;

import java.time.Instant;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// Who may fetch a patient's closed envelopes in an emergency, until when (docs/flows/emergency.md). Two words
/// are needed: the key server's, that it let this reader in; and the reader's, a token of 256 bits that the
/// patient's card and the key server give together. So neither the key server nor who was let in once fetches
/// anything alone.
public interface EmergencyReaders {
    /// Lets readers in from now on; the same again changes nothing. Another token ends what was let in before.
    ///
    /// @param token SHA-256 of what a reader has to show
    void allow(PersonId owner, Digest token);

    /// Lets nobody in, and ends what was let in.
    void forbid(PersonId owner);

    /// Ends what one reader was let in for.
    void dismiss(PersonId owner, PersonId reader);

    /// The key server's word. Once more prolongs it, never shortens it.
    ///
    /// @throws org.mizuhiki.house.Refusal `emergency-not-allowed` when the patient lets nobody in
    void admit(Admission admission);

    /// The reader's word: from here on the owner's envelopes can be fetched, until the admission is over.
    ///
    /// @throws org.mizuhiki.house.Refusal `emergency-not-allowed`: whatever is missing
    void enter(PersonId reader, PersonId owner, Bytes token);

    /// @param until when it is over
    record Admission(PersonId owner, PersonId reader, Instant until) {}
}
