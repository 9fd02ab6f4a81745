package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.trust.Validator.Purpose;
import org.mizuhiki.trust.issue.Draft;
import org.mizuhiki.trust.issue.Profile;

/// CAs of institutions for provisional registration.
@ExtendWith(SharedDatabase.class)
@Tag("V8")
class RegistrarCaTest {
    private static final AtomicInteger NUMBER = new AtomicInteger(1000);
    private static final Duration MONTH = Duration.ofDays(30);
    private static final Duration DAY = Duration.ofDays(1);

    /// An institution of this test alone, accredited.
    private static Member.Institution accredited(Region region) {
        var clinic = new Member.Institution(new InstitutionCode("131100" + NUMBER.incrementAndGet()), "仮登録診療所");
        var ticket = region.operator().ticket(clinic, DAY);
        region.operator().enrol(ticket, EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE)));
        return clinic;
    }

    private static Registrar.Accredited registrar(Member.Institution of) {
        return new Registrar.Accredited(of.code(), of.name());
    }

    private static Enrolment.Enrolled enrolled(Region region, Member.Institution by, Member member) {
        var ticket = region.authority().registrarCas().ticket(registrar(by), member, DAY);
        return region.operator().enrol(ticket, Region.someRequest());
    }

    @Test
    void aPatientIsEnrolledByTheInstitutionsOwnCaAndIsFoundLikeAnyOther(Region region) {
        var clinic = accredited(region);
        var ca = region.authority().registrarCas().create(clinic, 10, MONTH);
        var patient = Region.somePatient();
        var enrolled = enrolled(region, clinic, patient);
        region.lists().refresh();
        assertEquals(4, enrolled.signing().size());
        var now = region.clock().instant();
        assertEquals(patient, region.validator().check(enrolled.signing(), Purpose.SIGN_RECORD, now));
        var listing = region.authority().directory().find(patient.id());
        assertEquals(enrolled.signing(), listing.signing());
        region.directoryCheck().check(patient.id(), listing);
        // provisional: it ends with its CA
        assertFalse(enrolled.signing().getFirst().getNotAfter().toInstant().isAfter(ca.expires()));
        // the supervision sees what was issued
        assertEquals(
                1,
                region.authority().registrarCas().standings().stream()
                        .filter(s -> s.name().equals(ca.name()))
                        .findFirst()
                        .orElseThrow()
                        .used());
        assertTrue(region.authority()
                .registrarCas()
                .issued(ca.name())
                .contains(enrolled.signing().getFirst()));
    }

    @Test
    void aRenewalConfirmsARegistration(Region region) {
        var clinic = accredited(region);
        region.authority().registrarCas().create(clinic, 10, MONTH);
        var patient = Region.somePatient();
        var key = KeyFiles.newKeyPair(Region.DIE);
        var sealing = new org.mizuhiki.seal.Seals(Region.DIE).newReaderKey();
        var ticket = region.authority().registrarCas().ticket(registrar(clinic), patient, DAY);
        var provisional = region.operator().enrol(ticket, EnrolmentRequests.person(key, sealing.publicKey()));
        region.clock().pass(Duration.ofDays(20));
        var next = EnrolmentRequests.person(KeyFiles.newKeyPair(Region.DIE), sealing.publicKey());
        var confirmed = region.authority()
                .renewals()
                .renew(Renewals.Asked.of(key.getPrivate(), provisional.signing().getFirst(), next));
        assertEquals(3, confirmed.signing().size());
    }

    @Test
    void theQuotaIsCountedAndTheEndIsKept(Region region) {
        var clinic = accredited(region);
        var cas = region.authority().registrarCas();
        Refused.with("registrar-ca-missing", () -> cas.ticket(registrar(clinic), Region.somePatient(), DAY));
        cas.create(clinic, 1, MONTH);
        var early = cas.ticket(registrar(clinic), Region.somePatient(), DAY);
        enrolled(region, clinic, Region.somePatient());
        Refused.with("registrar-ca-exhausted", () -> cas.ticket(registrar(clinic), Region.somePatient(), DAY));
        Refused.with("registrar-ca-exhausted", () -> region.operator().enrol(early, Region.someRequest()));
        cas.create(clinic, 5, DAY);
        var late = cas.ticket(registrar(clinic), Region.somePatient(), Duration.ofDays(3));
        region.clock().pass(Duration.ofDays(2));
        Refused.with("registrar-ca-expired", () -> cas.ticket(registrar(clinic), Region.somePatient(), DAY));
        Refused.with("registrar-ca-expired", () -> region.operator().enrol(late, Region.someRequest()));
    }

    @Test
    void endingACaEndsWhatItIssued(Region region) {
        var clinic = accredited(region);
        var cas = region.authority().registrarCas();
        var ca = cas.create(clinic, 10, MONTH);
        var enrolled = enrolled(region, clinic, Region.somePatient());
        var patient = Region.somePatient();
        var key = KeyFiles.newKeyPair(Region.DIE);
        var sealing = new org.mizuhiki.seal.Seals(Region.DIE).newReaderKey().publicKey();
        var lied = region.operator()
                .enrol(cas.ticket(registrar(clinic), patient, DAY), EnrolmentRequests.person(key, sealing))
                .signing();
        region.lists().refresh();
        region.lists().check(enrolled.signing().getFirst());
        region.clock().pass(Duration.ofDays(20));
        cas.end(ca.name());
        var next = EnrolmentRequests.person(KeyFiles.newKeyPair(Region.DIE), sealing);
        var asked = Renewals.Asked.of(key.getPrivate(), lied.getFirst(), next);
        Refused.with("certificate-revoked", () -> region.authority().renewals().renew(asked));
        region.lists().refresh();
        Refused.with(
                "certificate-revoked",
                () -> region.lists().check(enrolled.signing().getFirst()));
        Refused.with("registrar-ca-ended", () -> cas.ticket(registrar(clinic), Region.somePatient(), DAY));
    }

    @Test
    void whileACaEndsEverybodyElseIsCheckedAsEver(Region region) {
        var clinic = accredited(region);
        var cas = region.authority().registrarCas();
        var ca = cas.create(clinic, 1, DAY);
        var until = Duration.between(region.clock().instant(), ca.expires());
        for (var left : List.of(Duration.ofMinutes(4), Duration.ofSeconds(1), Duration.ZERO, Duration.ofSeconds(-1))) {
            region.clock()
                    .pass(until.minus(left)
                            .minus(Duration.between(ca.begun(), region.clock().instant())));
            region.lists().refresh();
        }
    }

    @Test
    void whatItsMembersSignedIsGoodForLongerThanItLives(Region region) {
        var clinic = accredited(region);
        var ca = region.authority().registrarCas().create(clinic, 2, MONTH);
        var patient = Region.somePatient();
        var chain = enrolled(region, clinic, patient).signing();
        var liar = Region.somePatient();
        var lies = enrolled(region, clinic, liar).signing();
        var signedAt = region.clock().instant();
        region.revocation().revoke(liar, Revocation.Reason.KEY_COMPROMISE);
        region.clock().pass(Duration.ofDays(400));
        assertTrue(region.clock().instant().isAfter(ca.expires()));
        region.lists().refresh();
        assertEquals(patient, region.validator().check(chain, Purpose.SIGN_RECORD, signedAt));
        Refused.with("certificate-revoked", () -> region.validator().check(lies, Purpose.SIGN_RECORD, signedAt));
        var now = region.clock().instant();
        Refused.with("certificate-expired", () -> region.validator().check(chain, Purpose.SIGN_RECORD, now));
        // and again when all lists were fetched anew
        region.clock().pass(Duration.ofHours(2));
        region.lists().refresh();
        assertEquals(patient, region.validator().check(chain, Purpose.SIGN_RECORD, signedAt));
    }

    @Test
    void aListIsFetchedForThoseCasOnlyOfWhichACertificateIsSeen(Region region) {
        var asked = new java.util.ArrayList<String>();
        var published = region.authority().published();
        var counting = new Published() {
            @Override
            public Bytes certificate(String ca) {
                return published.certificate(ca);
            }

            @Override
            public Bytes crl(String ca) {
                asked.add(ca);
                return published.crl(ca);
            }

            @Override
            public java.util.Optional<CaList> caList() {
                return published.caList();
            }
        };
        var met = accredited(region);
        var ca = region.authority().registrarCas().create(met, 1, MONTH);
        region.authority().registrarCas().create(accredited(region), 1, MONTH);
        var own = enrolled(region, met, Region.somePatient()).signing().getFirst();
        try (var lists =
                new RevocationList(counting, region.accreditation().roots(), region.clock(), Duration.ofHours(24))) {
            lists.refresh();
            assertEquals(6, asked.size(), asked.toString());
            lists.check(own);
            lists.check(own);
            assertEquals(ca.name(), asked.getLast());
            assertEquals(7, asked.size());
            lists.refresh();
            assertEquals(14, asked.size());
        }
    }

    @Test
    void aCaThatARestoreForgotStopsNobodyElsesLists(Region region) {
        var clinic = accredited(region);
        var ca = region.authority().registrarCas().create(clinic, 1, MONTH);
        region.lists()
                .check(enrolled(region, clinic, Region.somePatient()).signing().getFirst());
        var doctor = region.doctor("山田 花子");
        region.database()
                .inTransaction(rows -> rows.execute("alter table ticket disable trigger all")
                        + rows.execute("update ticket set registrar_ca = null where registrar_ca = ?", ca.name())
                        + rows.execute("delete from registrar_ca where name = ?", ca.name())
                        + rows.execute("alter table ticket enable trigger all"));
        region.revocation().revoke(doctor.member(), Revocation.Reason.KEY_COMPROMISE);
        region.lists().refresh();
        var own = doctor.certificates().signing().getFirst();
        Refused.with("certificate-revoked", () -> region.lists().check(own));
    }

    @Test
    void revokingAPatientOfACaIsSeenInItsList(Region region) {
        var clinic = accredited(region);
        region.authority().registrarCas().create(clinic, 10, MONTH);
        var patient = Region.somePatient();
        var enrolled = enrolled(region, clinic, patient);
        region.lists().refresh();
        region.authority().revocation(registrar(clinic)).revoke(patient, Revocation.Reason.KEY_COMPROMISE);
        region.lists().refresh();
        Refused.with(
                "certificate-revoked",
                () -> region.lists().check(enrolled.signing().getFirst()));
    }

    @Test
    void itsNameConstraintsHoldEvenIfTheKeyIsStolen(Region region) {
        var clinic = accredited(region);
        var ca = region.authority().registrarCas().create(clinic, 10, MONTH);
        region.lists().refresh();
        var stolen = region.accreditation().registrarIssuer(ca.name());
        var other = Region.someDoctor("他院 太郎"); // of another institution
        var key = SubjectPublicKeyInfo.getInstance(
                KeyFiles.newKeyPair(Region.DIE).getPublic().getEncoded());
        var draft = Draft.of(Profile.PROFESSIONAL, Subjects.of(other), key, region.clock(), Region.DIE);
        var chain = new java.util.ArrayList<java.security.cert.X509Certificate>();
        chain.add(stolen.issue(draft, Region.DIE));
        chain.addAll(region.accreditation().chain(ca.name()));
        Refused.with(
                "certificate-untrusted",
                () -> region.validator()
                        .check(chain, Purpose.SIGN_RECORD, region.clock().instant()));
        var own = new Member.Professional(other.id(), "自院 太郎", clinic.code(), clinic.name());
        chain.set(
                0,
                stolen.issue(
                        Draft.of(Profile.PROFESSIONAL, Subjects.of(own), key, region.clock(), Region.DIE), Region.DIE));
        assertEquals(
                own,
                region.validator()
                        .check(chain, Purpose.SIGN_RECORD, region.clock().instant()));
    }

    @Test
    void onlyTheAccreditedHaveOneAndOnlyOnTheseTerms(Region region) {
        var cas = region.authority().registrarCas();
        var stranger = new Member.Institution(new InstitutionCode("4710000009"), "未認定医院");
        Refused.with("institution-not-accredited", () -> cas.create(stranger, 10, MONTH));
        var clinic = accredited(region);
        Refused.with("registrar-ca-terms", () -> cas.create(clinic, 0, MONTH));
        Refused.with("registrar-ca-terms", () -> cas.create(clinic, 10, Duration.ofDays(93)));
        cas.create(clinic, 10, MONTH);
        Refused.with(
                "registrar-not-allowed",
                () -> cas.ticket(registrar(clinic), new Member.Server("store", "a.example"), DAY));
        Refused.with("registrar-not-allowed", () -> cas.ticket(registrar(clinic), Region.someDoctor("他院 花子"), DAY));
    }
}
