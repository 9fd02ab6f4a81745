package org.mizuhiki.consent;

import java.time.Instant;
import java.util.Collection;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// The rules, as a pure function of what was said: no clock, no I/O. Default deny.
///
/// 1. The owner may always open.
/// 2. The author may open when the care relation stood at sealing.
/// 3. A reader may open under a lateral grant that names them and the letter, was given by the author,
/// who had a
///    standing care relation with the owner when granting, is not over, and neither it nor that relation
/// was ended.
/// 4. Nobody else: a reader cannot grant on.
///
/// Codes of [Decision.Denied]: `letter-unknown`, `letter-disputed`, `not-a-reader`, `grantor-not-entitled`,
/// `relation-missing`, `relation-revoked`, `grant-revoked`, `grant-expired`, `grant-not-yet`.
public interface Statute {
    Decision mayOpen(PersonId who, Digest letter, Instant now, Collection<Attested<?>> said);

    /// Whether `professional` and `patient` both said that they are in a care relation that stands at
    /// `now`.
    boolean related(PersonId professional, PersonId patient, Instant now, Collection<Attested<?>> said);

    /// Whether `who` may end `statement`: relations and grants only, by who said it, by the patient, or by
    /// the professional of a relation. Nothing else can be ended: letters and disclosures are facts.
    static boolean mayEnd(PersonId who, Statement statement) {
        return switch (statement) {
            case Statement.CareRelation s -> who.equals(s.professional()) || who.equals(s.patient());
            case Statement.LateralGrant s -> who.equals(s.by()) || who.equals(s.owner());
            case Statement.LetterSealed _, Statement.Revocation _, Statement.Disclosure _ -> false;
        };
    }
}
