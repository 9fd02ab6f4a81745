package org.mizuhiki.registration;

import org.mizuhiki.house.InstitutionCode;

/// What may be done next, and by whom.
public record Turn(Kind kind, InstitutionCode by) {}
