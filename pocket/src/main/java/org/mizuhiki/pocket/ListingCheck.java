package org.mizuhiki.pocket;

import java.time.Instant;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Directory.Listing;

/// Whether a directory's answer is to be believed: the key substitution that would let a server read along.
@FunctionalInterface
public interface ListingCheck {
    /// Member, both certificates, the binding of the sealing key and the ledger's proof fit each other
    /// and `asked`.
    ///
    /// @throws org.mizuhiki.house.Refusal when anything does not
    void check(PersonId asked, Listing listing, Instant now);
}
