package org.mizuhiki.registration;

import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;

/// The registration, as one institution of the region sees it.
public interface Registry {
    /// Hands in a signed act of this institution. The same act again gives the same answer; what it has
    /// issued, revoked and ordered to be logged exists together with it or not at all.
    ///
    /// @throws org.mizuhiki.house.Refusal those of [SignedActs#check] and [CaseRules]; `act-not-yours`
    /// (another institution hands it in), `act-time` (signed more than a day ago), `certificate-revoked`,
    /// `institution-unknown` (the acting one has no certificate that stands), `not-accredited`,
    /// `accreditation-body-missing`, `application-exists`, `vendor-taken`, `device-taken`,
    /// `vendor-differs`, `files-too-many`, `file-too-long`, and those of [org.mizuhiki.trust.Certification#certify]
    Filed hand(Bytes signed);

    /// A file of which this institution is a party; the accreditation body reads all.
    ///
    /// @throws org.mizuhiki.house.Refusal `file-unknown`
    Dossier dossier(Digest file);

    /// What waits for this institution, oldest first, at most [#MOST].
    List<Waiting> waiting();

    /// This institution's files, newest first, at most [#MOST]; the accreditation body sees all.
    List<Summary> files();

    /// Accreditations, newest first, at most [#MOST]. Approved and withdrawn ones are public; an application
    /// and its refusal are for the applicant and the accreditation body.
    List<Licence> licences();

    /// Most rows of an answer.
    int MOST = 1000;

    /// @param act its ID
    record Filed(Digest file, Digest act) {}

    /// @param opener who opened the file
    record Waiting(Digest file, Kind kind, InstitutionCode opener, Instant opened) {}

    /// @param state name of a [Case.State] or [Licence.State]
    record Summary(Digest file, boolean accreditation, InstitutionCode opener, String state, Instant opened) {}
}
