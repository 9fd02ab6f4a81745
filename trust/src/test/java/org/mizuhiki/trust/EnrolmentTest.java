package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.Secret;

@ExtendWith(SharedDatabase.class)
@Tag("V1")
@Tag("V4")
class EnrolmentTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void aPatientIsEnrolledInOneRoundTripAndNoNameIsInTheCertificate(Region region) {
        var patient = region.patient();
        var own = patient.certificates().signing().getFirst();
        assertEquals(3, patient.certificates().signing().size());
        assertEquals(patient.member(), Subjects.read(own));
        assertEquals(
                patient.sealing().publicKey(),
                XWingKeys.publicKey(patient.certificates().sealing().orElseThrow()));
        assertEquals(
                patient.member(),
                region.validator()
                        .check(
                                patient.certificates().signing(),
                                Validator.Purpose.SIGN_RECORD,
                                region.clock().instant()));
    }

    @Test
    void aServerIsEnrolledForItsHost(Region region) throws CertificateException {
        var member = new Member.Server("keys", "keys.example.jp");
        var ticket = region.operator().ticket(member, DAY);
        var enrolled = region.operator().enrol(ticket, EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE)));
        var names = enrolled.signing().getFirst().getSubjectAlternativeNames();
        assertTrue(names.stream().anyMatch(n -> n.contains("keys.example.jp")));
        assertTrue(enrolled.sealing().isEmpty());
        assertEquals(
                member,
                region.validator()
                        .check(
                                enrolled.signing(),
                                Validator.Purpose.TLS_SERVER,
                                region.clock().instant()));
    }

    @Test
    void theSameRequestAgainGivesTheSameCertificatesEvenAfterTheTicketsEnd(Region region) {
        var patient = region.patient();
        region.clock().pass(Duration.ofDays(2));
        assertEquals(patient.certificates(), region.operator().enrol(patient.ticket(), patient.request()));
    }

    @Test
    void anotherRequestWithAUsedTicketIsRefused(Region region) {
        var patient = region.patient();
        Refused.with("ticket-used", () -> region.operator().enrol(patient.ticket(), Region.someRequest()));
    }

    @Test
    void anExpiredTicketIsRefused(Region region) {
        var ticket = region.clinic().ticket(Region.somePatient(), DAY);
        region.clock().pass(DAY);
        Refused.with("ticket-expired", () -> region.operator().enrol(ticket, Region.someRequest()));
    }

    @Test
    void guessingATicketsSecretEndsTheTicket(Region region) {
        var ticket = region.clinic().ticket(Region.somePatient(), DAY);
        var guess = new Ticket(ticket.id(), Secret.taking(new byte[16]));
        for (int i = 0; i < 10; i++) {
            Refused.with("ticket-unknown", () -> region.operator().enrol(guess, Region.someRequest()));
        }
        Refused.with("ticket-unknown", () -> region.operator().enrol(ticket, Region.someRequest()));
    }

    @Test
    void theSecretOfATicketIsNowhereInTheDatabase(Region region) {
        var ticket = region.clinic().ticket(Region.somePatient(), DAY);
        var secret = ticket.revealed().substring(17);
        var rows = region.database()
                .inTransaction(h -> h.createQuery("select t::text from ticket t where id = :id")
                        .bind("id", ticket.id())
                        .mapTo(String.class)
                        .one());
        assertFalse(rows.contains(secret));
    }

    @Test
    void anInstitutionNamesOnlyPersonsOfItsOwn(Region region) {
        var elsewhere = region.authority().enrolment(new Registrar.Accredited(Region.OTHER, "結び病院"));
        Refused.with("registrar-not-allowed", () -> elsewhere.ticket(Region.someDoctor("山田 花子"), DAY));
        Refused.with(
                "registrar-not-allowed", () -> region.clinic().ticket(new Member.Server("keys", "a.example"), DAY));
        Refused.with(
                "registrar-not-allowed",
                () -> region.clinic().ticket(new Member.Institution(Region.CLINIC, "みずひき診療所"), DAY));
    }

    @Test
    void aMistypedCodeHandsNoInstitutionsIdentityOver(Region region) {
        var code = new InstitutionCode("1319900034");
        var early = region.operator().ticket(new Member.Institution(code, "写し間違い医院"), DAY);
        var right = region.operator().ticket(new Member.Institution(code, "本物の病院"), DAY);
        region.operator().enrol(right, EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE)));
        Refused.with(
                "institution-name-differs",
                () -> region.operator().ticket(new Member.Institution(code, "写し間違い医院"), DAY));
        Refused.with(
                "institution-name-differs",
                () -> region.operator().enrol(early, EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE))));
        // a second machine of the same one
        assertEquals(
                16,
                region.operator()
                        .ticket(new Member.Institution(code, "本物の病院"), DAY)
                        .id()
                        .length());
    }

    @Test
    void aTicketOfAnInstitutionThatWasRevokedSinceEnrolsNobody(Region region) {
        var code = new InstitutionCode("1319900033");
        var institution = new Member.Institution(code, "去った病院");
        var given = region.operator().ticket(institution, DAY);
        region.operator().enrol(given, EnrolmentRequests.server(KeyFiles.newKeyPair(Region.DIE)));
        var desk = region.authority().enrolment(new Registrar.Accredited(code, "去った病院"));
        var ticket = desk.ticket(Region.somePatient(), DAY);
        region.revocation().revoke(institution, Revocation.Reason.PRIVILEGE_WITHDRAWN);
        Refused.with("registrar-not-allowed", () -> region.operator().enrol(ticket, Region.someRequest()));
    }

    @Test
    void nobodyTakesOverTheIdOfAnotherInstitutionsPatient(Region region) {
        var patient = region.patient();
        var elsewhere = region.authority().enrolment(new Registrar.Accredited(Region.OTHER, "結び病院"));
        Refused.with("person-exists", () -> elsewhere.ticket(patient.member(), DAY));
        region.revocation().revoke(patient.member(), Revocation.Reason.KEY_COMPROMISE);
        Refused.with("registrar-not-allowed", () -> elsewhere.ticket(patient.member(), DAY));
        assertEquals(16, region.clinic().ticket(patient.member(), DAY).id().length());
    }

    @Test
    void aTicketFromBeforeTakesOverNobodysPatientEither(Region region) {
        var member = Region.somePatient();
        var other = new Registrar.Accredited(Region.OTHER, "結び病院");
        var early = region.authority().enrolment(other).ticket(member, DAY);
        region.enrolled(member);
        Refused.with("person-exists", () -> region.operator().enrol(early, Region.someRequest()));
        region.authority()
                .revocation(new Registrar.Accredited(Region.CLINIC, "みずひき診療所"))
                .revoke(member, Revocation.Reason.SUPERSEDED);
        Refused.with("registrar-not-allowed", () -> region.operator().enrol(early, Region.someRequest()));
        Refused.with(
                "registrar-not-allowed",
                () -> region.authority().revocation(other).revoke(member, Revocation.Reason.KEY_COMPROMISE));
        var operators = region.operator().ticket(member, DAY);
        assertEquals(
                3,
                region.operator()
                        .enrol(operators, Region.someRequest())
                        .signing()
                        .size());
    }

    @Test
    void anInstitutionsOwnSecondTicketHoldsAfterARevocation(Region region) {
        var member = Region.somePatient();
        var spare = region.clinic().ticket(member, DAY);
        region.enrolled(member);
        region.revocation().revoke(member, Revocation.Reason.SUPERSEDED);
        assertEquals(
                3,
                region.operator().enrol(spare, Region.someRequest()).signing().size());
    }

    @Test
    void twoTicketsForOnePersonEnrolOnce(Region region) {
        var member = Region.somePatient();
        var first = region.clinic().ticket(member, DAY);
        var second = region.clinic().ticket(member, DAY);
        region.operator().enrol(first, Region.someRequest());
        Refused.with("person-exists", () -> region.operator().enrol(second, Region.someRequest()));
    }

    @Test
    void aKeyIsCertifiedOnceOnly(Region region) {
        var patient = region.patient();
        var ticket = region.clinic().ticket(Region.somePatient(), DAY);
        Refused.with("key-unfit", () -> region.operator().enrol(ticket, patient.request()));
        region.revocation().revoke(patient.member(), Revocation.Reason.KEY_COMPROMISE);
        Refused.with("key-unfit", () -> region.operator().enrol(ticket, patient.request()));
        region.operator().enrol(ticket, Region.someRequest());
    }

    @Test
    void retriesAtTheSameTimeIssueAndLogExactlyOnce(Region region) throws Exception {
        var ticket = region.clinic().ticket(Region.somePatient(), DAY);
        var request = Region.someRequest();
        var answers = new HashSet<Enrolment.Enrolled>();
        try (var pool = Executors.newVirtualThreadPerTaskExecutor()) {
            var tries = new ArrayList<Callable<Enrolment.Enrolled>>();
            for (int i = 0; i < 16; i++) {
                tries.add(() -> region.operator().enrol(ticket, request));
            }
            for (var done : pool.invokeAll(tries)) {
                answers.add(done.get());
            }
        }
        assertEquals(1, answers.size());
        var entry = Directory.entry(listing(region, ticket));
        assertEquals(1, region.ledger().entries.stream().filter(entry::equals).count());
    }

    private static org.mizuhiki.house.Canonical listing(Region region, Ticket ticket) {
        var identity = region.database()
                .inTransaction(h -> h.createQuery("select identity from ticket where id = :id")
                        .bind("id", ticket.id())
                        .mapTo(String.class)
                        .one());
        return region.authority()
                .directory()
                .find(new org.mizuhiki.house.PersonId(identity))
                .record();
    }

    @Test
    void aLedgerThatIsAwayDelaysTheDirectoryButLosesNothing(Region region) {
        region.ledger().away.set(true);
        var patient = region.patient();
        Refused.with("ledger-unavailable", () -> region.authority().directory().find(patient.id()));
        region.ledger().away.set(false);
        // as after a crash: a new process finds what is left to do
        new PostgresAuthority(region.accreditation(), region.database(), region.ledger(), region.clock(), Region.DIE)
                .close();
        var listing = region.authority().directory().find(patient.id());
        assertTrue(region.ledger().entries.contains(Directory.entry(listing.record())));
    }

    @Test
    void aRequestThatIsRefusedLeavesNothingBehind(Region region) {
        var member = Region.somePatient();
        var ticket = region.clinic().ticket(member, DAY);
        var good = Region.someRequest();
        var bad = new Enrolment.Request(
                good.signing(), good.sealing(), Region.someRequest().binding());
        Refused.with("possession-unproven", () -> region.operator().enrol(ticket, bad));
        assertEquals(3, region.operator().enrol(ticket, good).signing().size());
    }

    @Test
    void certificatesLiveAsLongAsTheirProfileSays(Region region) {
        Instant now = region.clock().instant();
        var own = region.patient().certificates().signing().getFirst();
        assertEquals(now.minus(Duration.ofMinutes(5)), own.getNotBefore().toInstant());
        assertTrue(own.getNotAfter().toInstant().isBefore(now.plus(Duration.ofDays(366))));
        assertTrue(own.getSerialNumber().bitLength() > 64);
    }

    @Test
    void ticketsHaveOneWrittenForm() {
        var ticket = Ticket.parse("0123456789abcdef.00112233445566778899aabbccddeeff");
        assertEquals("0123456789abcdef.00112233445566778899aabbccddeeff", ticket.revealed());
        assertFalse(ticket.toString().contains("00112233"));
        for (var wrong : new String[] {
            "", ".", "x", ticket.revealed() + "0", ticket.revealed().toUpperCase(java.util.Locale.ROOT)
        }) {
            Refused.with("ticket-malformed", () -> Ticket.parse(wrong));
        }
    }
}
