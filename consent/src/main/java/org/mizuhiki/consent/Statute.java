package org.mizuhiki.consent;

import java.time.Instant;
import java.util.Collection;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// The rules, as a pure function of what was said: no clock, no I/O. Default deny.
///
/// 1. The owner may always open.
/// 2. The author may open when the care relation stood at sealing.
/// 3. A reader may open under a lateral grant that names them and the letter and is not over. The author
/// gave it, who had a standing care relation with the owner when granting; or a reader gave it whose own
/// grant allows as many steps onward, lasts as long, and may itself be opened under. Nothing in this chain
/// was ended, neither was the relation, and the owner has barred nobody in it. Or the owner gave it, to a
/// delegate, who never passes it on; no relation is asked for then.
/// 4. A relation stands when both said so. Until it ends, a provisional registration stands for the
/// patient's half, for its registrar only.
/// 5. The picture of a provisional registration is the patient's and the supervisor's to open: not even the
/// registrar's.
/// 6. A professional may open under an emergency opening of their own, for which the owner's permission
/// stood and stands: neither of the two is over or was ended, and the owner bars the reader by no veto.
/// Whether card and terminal were there is not decided here, but before the opening is filed.
/// 7. Nobody else.
///
/// Codes of [Decision.Denied]: `letter-unknown`, `letter-disputed`, `not-a-reader`, `grantor-not-entitled`,
/// `relation-missing`, `relation-revoked`, `reader-barred`, `grant-revoked`, `grant-expired`,
/// `grant-not-yet`, `emergency-not-allowed`, `emergency-ended`, `emergency-over`.
public interface Statute {
    Decision mayOpen(PersonId who, Digest letter, Instant now, Collection<Attested<?>> said);

    /// Whether `who` may read what `patient` allows for emergencies: by which opening, or why not.
    Decision inEmergency(PersonId who, PersonId patient, Instant now, Collection<Attested<?>> said);

    /// Whether `professional` and `patient` both said that they are in a care relation that stands at
    /// `now`.
    boolean related(PersonId professional, PersonId patient, Instant now, Collection<Attested<?>> said);

    /// Whether `who` may end `statement`: a relation either of the two, a grant who gave it and the
    /// patient, a provisional registration all whom it names, what is allowed for emergencies the patient, an
    /// emergency opening who said it and the patient. Nothing else can be ended: letters,
    /// disclosures, vetoes and confirmations are facts.
    static boolean mayEnd(PersonId who, Statement statement) {
        return switch (statement) {
            case Statement.CareRelation s -> who.equals(s.professional()) || who.equals(s.patient());
            case Statement.LateralGrant s -> who.equals(s.by()) || who.equals(s.owner());
            case Statement.ProvisionalRegistration s ->
                who.equals(s.by()) || who.equals(s.patient()) || who.equals(s.supervisor());
            case Statement.EmergencyAccess s -> who.equals(s.by());
            case Statement.EmergencyOpening s -> who.equals(s.by()) || who.equals(s.patient());
            case Statement.LetterSealed _,
                    Statement.LetterResealed _,
                    Statement.Revocation _,
                    Statement.Disclosure _,
                    Statement.Veto _,
                    Statement.VetoLifted _,
                    Statement.ProvisionalConfirmation _ -> false;
        };
    }
}
