package org.mizuhiki.trust;

import org.mizuhiki.house.InstitutionCode;

/// Who gives out tickets, and hence for whom.
public sealed interface Registrar {
    /// The region's operator, at the authority's own machine only, never over HTTP: servers, institutions,
    /// and the region's first persons.
    record Operator() implements Registrar {}

    /// An accredited institution: patients, and professionals of its own code and name.
    ///
    /// @param name as in its certificate
    record Accredited(InstitutionCode code, String name) implements Registrar {}
}
