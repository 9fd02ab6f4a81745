package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.house.Bytes;

/// Issuing in the operator's name.
record OperatorsIssuing(CertificationDesk desk, Revocations revocations, KeyEntries keyEntries, Clock clock)
        implements Issuing {
    private static final Registrar OPERATOR = new Registrar.Operator();

    @Override
    public Enrolment.Enrolled certify(Handle rows, Member member, Bytes pkcs10) {
        return desk.first(rows, OPERATOR, member, pkcs10);
    }

    @Override
    public Enrolment.Enrolled register(
            Handle rows, Registrar.Accredited by, Member.Patient patient, Enrolment.Request request) {
        var ca = RegistrarRows.latest(rows, by.code()).orElseThrow(RegistrarDesk::missing);
        return desk.person(rows, by, patient, request, Optional.of(ca.name()));
    }

    @Override
    public Enrolment.Enrolled activate(
            Handle rows, Registrar.Accredited by, Member.Patient patient, Enrolment.Request request) {
        return desk.person(rows, by, patient, request, Optional.empty());
    }

    @Override
    public void tell() {
        keyEntries.tryToLog();
    }

    @Override
    public void revoke(Handle rows, Member member, Revocation.Reason reason) {
        revocations.end(rows, OPERATOR, member, reason);
    }

    @Override
    public boolean stands(Handle rows, Member member) {
        return CertificateRows.stands(rows, member, clock.instant());
    }

    @Override
    public boolean stands(Handle rows, X509Certificate certificate) {
        return CertificateRows.stands(rows, certificate, clock.instant());
    }

    @Override
    public boolean isRevoked(Handle rows, X509Certificate certificate) {
        return CertificateRows.isRevoked(rows, certificate);
    }
}
