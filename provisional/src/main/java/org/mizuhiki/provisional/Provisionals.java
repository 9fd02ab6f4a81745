package org.mizuhiki.provisional;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Ticket;

/// Provisional registration as one person may use it. Every method is idempotent.
public interface Provisionals {
    /// The caller's own accreditation.
    ///
    /// @throws org.mizuhiki.house.Refusal `registrar-not-accredited`
    Accredited accreditation();

    /// Registers a patient: the institution's CA issues certificates for the keys of the printed secret.
    ///
    /// @param registration the registrar's signed
    /// [org.mizuhiki.consent.Statement.ProvisionalRegistration]
    /// @param request its sealing key is the one that the statement names
    /// @param activation what the patient's device will show; a salted hash of its secret is kept
    /// @throws org.mizuhiki.house.Refusal `registrar-not-accredited`, `registrar-quota`,
    /// `supervisor-differs`, `request-differs`, `registration-over`, `person-exists`, those of
    /// [org.mizuhiki.trust.Issuing#register] and of the statement's check
    Enrolment.Enrolled register(Bytes registration, Enrolment.Request request, Ticket activation);

    /// @throws org.mizuhiki.house.Refusal `registration-unknown`
    Registration find(PersonId patient);

    /// What the caller registered or supervises; for members of the accreditation body all. The latest
    /// first, at most 1000.
    List<Registration> list();

    /// @param confirmation the signed [org.mizuhiki.consent.Statement.ProvisionalConfirmation] of a
    /// professional of another institution, after activation
    /// @throws org.mizuhiki.house.Refusal `registration-unknown`, `not-activated`,
    /// `confirmation-not-independent`
    Registration confirm(Bytes confirmation);

    /// Ends a registration and all certificates of the patient.
    ///
    /// @param revocation the signed [org.mizuhiki.consent.Statement.Revocation] of the registration by
    /// patient, supervisor or, until it is confirmed, the registrar
    /// @throws org.mizuhiki.house.Refusal `registration-unknown`, `not-yours-to-end`
    Registration suspend(Bytes revocation);
}
