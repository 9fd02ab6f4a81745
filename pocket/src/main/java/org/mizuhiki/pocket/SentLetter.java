package org.mizuhiki.pocket;

import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// A letter that lies, closed, where its owner can open it, and in the ledger.
///
/// @param letter its name everywhere
/// @param statement ID of the author's statement about it
public record SentLetter(String draft, Digest letter, PersonId owner, Digest statement) {}
