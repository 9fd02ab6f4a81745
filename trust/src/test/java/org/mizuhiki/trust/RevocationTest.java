package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayInputStream;
import java.security.cert.CRLReason;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.InstitutionCode;

@ExtendWith(SharedDatabase.class)
@Tag("V4")
class RevocationTest {
    private static final Revocation.Reason LOST = Revocation.Reason.KEY_COMPROMISE;

    @Test
    void aProfessionalRevokedAsAPatientIsRevoked(Region region) {
        var doctor = region.doctor("山田 花子");
        region.revocation().revoke(new Member.Patient(doctor.id()), LOST);
        region.lists().refresh();
        Refused.with(
                "certificate-revoked",
                () -> check(region, doctor.certificates().signing(), Validator.Purpose.SIGN_RECORD));
        Refused.with("person-unknown", () -> region.authority().directory().find(doctor.id()));
    }

    @Test
    void aPatientRevokedAsAProfessionalIsRevoked(Region region) {
        var patient = region.patient();
        region.authority()
                .revocation(new Registrar.Accredited(Region.CLINIC, "みずひき診療所"))
                .revoke(new Member.Professional(patient.id(), "山田 花子", Region.CLINIC, "みずひき診療所"), LOST);
        region.lists().refresh();
        Refused.with(
                "certificate-revoked",
                () -> check(region, patient.certificates().signing(), Validator.Purpose.SIGN_RECORD));
    }

    @Test
    void ofTwoServersOfOneRoleOnlyTheNamedOneIsRevoked(Region region) {
        var lost = new Member.Server("witness", "one.revoked.example.jp");
        var kept = new Member.Server("witness", "two.revoked.example.jp");
        var lostChain = server(region, lost);
        var keptChain = server(region, kept);
        region.revocation().revoke(lost, LOST);
        region.lists().refresh();
        Refused.with("certificate-revoked", () -> check(region, lostChain, Validator.Purpose.TLS_SERVER));
        assertEquals(kept, check(region, keptChain, Validator.Purpose.TLS_SERVER));
    }

    @Test
    void whoeverWasNeverEnrolledCannotBeRevoked(Region region) {
        server(region, new Member.Server("store", "one.revoked.example.jp"));
        var revocation = region.revocation();
        Refused.with("member-unknown", () -> revocation.revoke(Region.somePatient(), LOST));
        Refused.with("member-unknown", () -> revocation.revoke(Region.someDoctor("山田 花子"), LOST));
        Refused.with(
                "member-unknown", () -> revocation.revoke(new Member.Server("store", "two.revoked.example.jp"), LOST));
        Refused.with(
                "member-unknown",
                () -> revocation.revoke(new Member.Institution(new InstitutionCode("1310000008"), "よそ病院"), LOST));
    }

    @Test
    void anInstitutionsRevocationAsksForItsCodeOnly(Region region) {
        var code = new InstitutionCode("1310000007"); // the database is shared: no other test's
        var chain = server(region, new Member.Institution(code, "みずひき診療所"));
        region.revocation().revoke(new Member.Institution(code, "旧称"), LOST);
        region.lists().refresh();
        Refused.with("certificate-revoked", () -> check(region, chain, Validator.Purpose.TLS_CLIENT));
    }

    @Test
    void aRepeatedRevocationIsFineAndChangesNothing(Region region) {
        var doctor = region.doctor("山田 花子");
        region.revocation().revoke(doctor.member(), LOST);
        region.revocation().revoke(doctor.member(), Revocation.Reason.SUPERSEDED);
        region.revocation().revoke(new Member.Patient(doctor.id()), Revocation.Reason.SUPERSEDED);
        var reasons = region.database()
                .inTransaction(h -> h.createQuery("select distinct reason from certificate where identity = :id")
                        .bind("id", doctor.id().value())
                        .mapTo(Integer.class)
                        .list());
        assertEquals(List.of(1), reasons);
    }

    @Test
    void theReasonStandsInTheListAndUnspecifiedIsLeftOut(Region region) throws Exception {
        for (var reason : Revocation.Reason.values()) {
            var server = new Member.Server("store", "for." + reason.code() + ".revoked.example.jp");
            var chain = server(region, server);
            region.revocation().revoke(server, reason);
            var list = (X509CRL) CertificateFactory.getInstance("X.509")
                    .generateCRL(new ByteArrayInputStream(
                            region.revocation().crl("server").toArray()));
            var told = Optional.ofNullable(
                    list.getRevokedCertificate(chain.getFirst()).getRevocationReason());
            var number = reason == Revocation.Reason.UNSPECIFIED ? Optional.empty() : Optional.of(reason.code());
            // RFC 5280, 5.3.1; the JDK lists them by their numbers
            assertEquals(number, told.map(r -> List.of(CRLReason.values()).indexOf(r)));
        }
    }

    @Test
    void whoeverIsRevokedComesInWithANewTicketOnly(Region region) {
        var server = new Member.Server("store", "spare.revoked.example.jp");
        var institution = new Member.Institution(new InstitutionCode("1310000017"), "控え診療所");
        var patient = region.patient().member();
        for (var member : List.of(server, institution)) {
            var spare = region.operator().ticket(member, Duration.ofDays(1));
            server(region, member);
            region.revocation().revoke(member, Revocation.Reason.PRIVILEGE_WITHDRAWN);
            var request = EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE));
            Refused.with("ticket-expired", () -> region.operator().enrol(spare, request));
            assertEquals(3, server(region, member).size());
        }
        region.revocation().revoke(patient, Revocation.Reason.SUPERSEDED); // in peace
        var spare = region.clinic().ticket(patient, Duration.ofDays(1));
        region.revocation().revoke(patient, LOST);
        Refused.with("ticket-expired", () -> region.operator().enrol(spare, Region.someRequest()));
    }

    private static List<X509Certificate> server(Region region, Member member) {
        var ticket = region.operator().ticket(member, Duration.ofDays(1));
        return region.operator()
                .enrol(ticket, EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE)))
                .signing();
    }

    private static Member check(Region region, List<X509Certificate> chain, Validator.Purpose purpose) {
        return region.validator().check(chain, purpose, region.clock().instant());
    }
}
