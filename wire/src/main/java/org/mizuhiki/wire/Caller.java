package org.mizuhiki.wire;

import java.security.cert.X509Certificate;
import java.util.Optional;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// Who calls, as the certificate of the mutual TLS connection says; the certificate was validated and is
/// not revoked. Subject forms are those of docs/flows/enrolment.md: OU names the kind, serialNumber the
/// identity.
public sealed interface Caller {
    /// Whom a certificate names, whoever issued it: for who decides whether to believe it.
    ///
    /// @throws org.mizuhiki.house.Refusal `caller-unfit`
    static Caller of(X509Certificate certificate) {
        return Callers.of(certificate);
    }

    /// Nobody in particular: public routes only.
    record Anyone() implements Caller {}

    /// A patient or a professional.
    record Person(PersonId id, boolean professional, X509Certificate certificate) implements Caller {
        /// Where a professional works, as the certificate says; empty for patients.
        public Optional<InstitutionCode> institution() {
            return professional ? Callers.institution(certificate) : Optional.empty();
        }
    }

    /// An accredited institution's gateway.
    record Institution(InstitutionCode code, X509Certificate certificate) implements Caller {}

    /// A device such as a VPN router, with its own chip.
    record Device(String vendor, String model, String serial, X509Certificate certificate) implements Caller {}

    /// A subscriber's service on a device.
    ///
    /// @param device `<vendor>/<model>/<serial>`
    record Service(String subscriber, String name, String device, X509Certificate certificate) implements Caller {}

    /// A program inside an institution, such as its hospital information system. No authority of the region
    /// certifies these: the institution pins each one's own certificate (docs/flows/hospital-api.md).
    record Program(String name, X509Certificate certificate) implements Caller {}

    /// One of the region's own servers, by role name such as `keys`.
    record Server(String role, X509Certificate certificate) implements Caller {}
}
