package org.mizuhiki.provisional;

import java.time.Instant;
import java.util.Optional;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// A person who may register patients.
///
/// @param supervisor who may look at the pictures
/// @param quota how many patients in all, whatever became of them
/// @param ended when the accreditation was withdrawn
public record Accredited(
        PersonId person,
        InstitutionCode institution,
        PersonId supervisor,
        int quota,
        int used,
        Instant expires,
        Optional<Instant> ended) {}
