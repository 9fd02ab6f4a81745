package org.mizuhiki.consent;

import java.time.Instant;
import java.util.Collection;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// The rules, as a pure function of what was said: no clock, no I/O. Default deny.
///
/// 1. The owner may always open. 2. The author may open while the care relation stood at sealing. 3. A reader may
/// open under a lateral
/// grant that names them and the letter, was given by a professional who may open it and had a standing care
/// relation with the owner
/// when granting, is not over, and neither it nor that relation was ended. 4. Nobody else.
public interface Statute {
    Decision mayOpen(PersonId who, Digest letter, Instant now, Collection<Attested<?>> said);

    /// Whether `professional` and `patient` both said that they are in a care relation that stands at `now`.
    boolean related(PersonId professional, PersonId patient, Instant now, Collection<Attested<?>> said);
}
