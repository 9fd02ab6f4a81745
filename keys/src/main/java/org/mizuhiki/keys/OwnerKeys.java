package org.mizuhiki.keys;

import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// For which sealing key letters to somebody are closed now, as the directory proves it.
@FunctionalInterface
public interface OwnerKeys {
    /// @return SHA-256 of the key
    /// @throws org.mizuhiki.house.Refusal `person-unknown`, `listing-forged`, and those of the check
    Digest of(PersonId owner);
}
