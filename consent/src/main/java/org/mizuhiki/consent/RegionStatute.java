package org.mizuhiki.consent;

import java.time.Instant;
import java.util.Collection;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// The rules of [Statute]. A revocation ends a grant for good, whatever its time says: a clock that runs
/// ahead must not keep a door open.
public record RegionStatute() implements Statute {
    @Override
    public Decision mayOpen(PersonId who, Digest letter, Instant now, Collection<Attested<?>> said) {
        return new Case(said).mayOpen(who, letter, now);
    }

    @Override
    public Decision inEmergency(PersonId who, PersonId patient, Instant now, Collection<Attested<?>> said) {
        return new Case(said).inEmergency(who, patient, now);
    }

    @Override
    public boolean related(PersonId professional, PersonId patient, Instant now, Collection<Attested<?>> said) {
        return new Case(said).related(professional, patient, now);
    }
}
