package org.mizuhiki.provisional;

import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// How far a provisional registration got.
///
/// @param registration digest of the registrar's statement, which is in the ledger
/// @param evidence name of the sealed picture
/// @param until when it lapses unless activated
/// @param others how often another device came with the printed secret after it was used: it was copied
/// @param wrong how often a wrong secret was tried
/// @param confirmedBy who of another institution confirmed it
/// @param changed when the stage was reached
public record Registration(
        PersonId patient,
        PersonId registrar,
        PersonId supervisor,
        InstitutionCode institution,
        Digest registration,
        Digest evidence,
        Instant begun,
        Instant until,
        Stage stage,
        int others,
        int wrong,
        Optional<PersonId> confirmedBy,
        Instant changed) {
    /// The later one counts.
    public enum Stage {
        /// Waits for the patient.
        PROVISIONAL,
        /// The patient has keys of their own.
        ACTIVATED,
        /// Somebody of another institution saw the patient with them.
        CONFIRMED,
        /// Nobody activated it in time.
        LAPSED,
        SUSPENDED
    }
}
