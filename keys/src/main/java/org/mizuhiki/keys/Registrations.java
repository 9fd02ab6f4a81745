package org.mizuhiki.keys;

import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// Whether the authority accepted a provisional registration. A registrar's statement alone must not do: it
/// would stand for the word of any patient whom the registrar names.
@FunctionalInterface
public interface Registrations {
    boolean isOnFile(PersonId patient, Digest registration);
}
