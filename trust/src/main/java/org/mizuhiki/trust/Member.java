package org.mizuhiki.trust;

import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// Who a certificate of ours names, read from its subject: OU is the kind, serialNumber the identity.
public sealed interface Member {
    /// `OU=Person, serialNumber=P-…, CN=P-…`: no name of a patient is in any certificate or directory.
    record Patient(PersonId id) implements Member {}

    /// `OU=Professional, O=<institution's name>, organizationIdentifier=<code>, serialNumber=P-…, CN=<name>`.
    record Professional(PersonId id, String name, InstitutionCode institution, String institutionName)
            implements Member {}

    /// `OU=Institution, serialNumber=<ten digits>, CN=<name>`: an accredited institution's gateway.
    record Institution(InstitutionCode code, String name) implements Member {}

    /// `OU=Server, serialNumber=<role>, CN=<host>`: one of the region's own servers.
    record Server(String role) implements Member {}
}
