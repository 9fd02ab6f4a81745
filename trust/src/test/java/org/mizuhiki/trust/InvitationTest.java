package org.mizuhiki.trust;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.Invitations.Stage;

/// A desk, a person before it, and somebody who looks over their shoulders.
@ExtendWith(SharedDatabase.class)
@Tag("F11")
class InvitationTest {
    private static final Registrar.Accredited CLINIC = new Registrar.Accredited(Region.CLINIC, "みずひき診療所");

    private static Invitations desk(Region region) {
        return region.authority().invitations(CLINIC);
    }

    private static String another(String code) {
        return "%06d".formatted((Integer.parseInt(code) + 1) % 1_000_000);
    }

    @Test
    void aDeviceGetsItsCertificatesOnceTheDeskConfirmedItsCode(Region region) {
        var patient = Region.somePatient();
        var invitation = desk(region).invite(patient);
        assertEquals(Stage.WAITING, desk(region).standing(invitation.id()).stage());
        Refused.with("invitation-waiting", () -> desk(region).confirm(invitation.id(), "000000"));
        var request = Region.someRequest();
        Refused.with("confirmation-awaited", () -> region.operator().enrol(invitation, request));
        Refused.with("confirmation-awaited", () -> region.operator().enrol(invitation, request));
        assertEquals(Stage.SHOWN, desk(region).standing(invitation.id()).stage());
        Refused.with("person-unknown", () -> region.authority().directory().find(patient.id()));

        var code = ConfirmationCode.of(invitation, request);
        assertTrue(code.matches("[0-9]{6}"), code);
        assertEquals(
                Stage.CONFIRMED, desk(region).confirm(invitation.id(), code).stage());
        assertEquals(
                Stage.CONFIRMED, desk(region).confirm(invitation.id(), code).stage());
        var enrolled = region.operator().enrol(invitation, request);
        assertEquals(Stage.ISSUED, desk(region).standing(invitation.id()).stage());
        // a lost answer is given again, to this device only
        assertEquals(enrolled, region.operator().enrol(invitation, request));
        Refused.with("ticket-used", () -> region.operator().enrol(invitation, Region.someRequest()));
        Refused.with("invitation-over", () -> desk(region).decline(invitation.id()));
        assertEquals(patient, region.authority().directory().find(patient.id()).member());
    }

    @Test
    void aSecondDeviceIsRefusedAndTheDeskSeesIt(Region region) {
        var invitation = desk(region).invite(Region.somePatient());
        var mine = Region.someRequest();
        var theirs = Region.someRequest();
        Refused.with("confirmation-awaited", () -> region.operator().enrol(invitation, mine));
        Refused.with("ticket-used", () -> region.operator().enrol(invitation, theirs));
        assertEquals(1, desk(region).standing(invitation.id()).others());
        desk(region).confirm(invitation.id(), ConfirmationCode.of(invitation, mine));
        Refused.with("ticket-used", () -> region.operator().enrol(invitation, theirs));
        region.operator().enrol(invitation, mine);
    }

    @Test
    void whoReadsTheCodeFirstGainsNothingBecauseTheDeskConfirmsAnother(Region region) {
        var invitation = desk(region).invite(Region.somePatient());
        var theirs = Region.someRequest();
        Refused.with("confirmation-awaited", () -> region.operator().enrol(invitation, theirs));
        var patients = Region.someRequest();
        Refused.with("ticket-used", () -> region.operator().enrol(invitation, patients));
        assertNotEquals(ConfirmationCode.of(invitation, theirs), another(ConfirmationCode.of(invitation, theirs)));
        // the desk declines; the patient is invited again and nothing of the thief's came to be
        assertEquals(Stage.DECLINED, desk(region).decline(invitation.id()).stage());
        Refused.with("invitation-declined", () -> region.operator().enrol(invitation, theirs));
    }

    @Test
    void threeWrongCodesEndAnInvitation(Region region) {
        var invitation = desk(region).invite(Region.somePatient());
        var request = Region.someRequest();
        Refused.with("confirmation-awaited", () -> region.operator().enrol(invitation, request));
        var code = ConfirmationCode.of(invitation, request);
        var wrong = another(code);
        Refused.with("confirmation-wrong", () -> desk(region).confirm(invitation.id(), wrong));
        Refused.with("confirmation-wrong", () -> desk(region).confirm(invitation.id(), "1 OR 1"));
        assertEquals(2, desk(region).standing(invitation.id()).wrong());
        Refused.with("confirmation-wrong", () -> desk(region).confirm(invitation.id(), wrong));
        Refused.with("invitation-over", () -> desk(region).confirm(invitation.id(), code));
        Refused.with("invitation-declined", () -> region.operator().enrol(invitation, request));
    }

    @Test
    void anInvitationLivesTenMinutes(Region region) {
        var invitation = desk(region).invite(Region.somePatient());
        var request = Region.someRequest();
        Refused.with("confirmation-awaited", () -> region.operator().enrol(invitation, request));
        region.clock().pass(Duration.ofMinutes(10));
        assertEquals(Stage.EXPIRED, desk(region).standing(invitation.id()).stage());
        Refused.with("ticket-expired", () -> region.operator().enrol(invitation, request));
        Refused.with(
                "invitation-over",
                () -> desk(region).confirm(invitation.id(), ConfirmationCode.of(invitation, request)));
    }

    @Test
    void guessedSecretsEndAnInvitationAndBindNothing(Region region) {
        var invitation = desk(region).invite(Region.somePatient());
        var guess = new Ticket(invitation.id(), Secret.taking(new byte[16]));
        for (int i = 0; i < 10; i++) {
            Refused.with("ticket-unknown", () -> region.operator().enrol(guess, Region.someRequest()));
        }
        assertEquals(Stage.WAITING, desk(region).standing(invitation.id()).stage());
        Refused.with("ticket-unknown", () -> region.operator().enrol(invitation, Region.someRequest()));
    }

    @Test
    void aRequestThatCouldNotBeIssuedBindsNothing(Region region) {
        var invitation = desk(region).invite(Region.somePatient());
        var good = Region.someRequest();
        var bad = new Enrolment.Request(
                good.signing(), good.sealing(), Region.someRequest().binding());
        Refused.with("possession-unproven", () -> region.operator().enrol(invitation, bad));
        assertEquals(Stage.WAITING, desk(region).standing(invitation.id()).stage());
    }

    @Test
    void onlyTheInstitutionThatInvitedSeesAndConfirms(Region region) {
        var invitation = desk(region).invite(Region.somePatient());
        var other = region.authority().invitations(new Registrar.Accredited(Region.OTHER, "結び病院"));
        Refused.with("invitation-unknown", () -> other.standing(invitation.id()));
        Refused.with("invitation-unknown", () -> other.confirm(invitation.id(), "123456"));
        Refused.with("invitation-unknown", () -> other.decline(invitation.id()));
        // an ordinary ticket is no invitation
        var ticket = region.clinic().ticket(Region.somePatient(), Duration.ofDays(1));
        Refused.with("invitation-unknown", () -> desk(region).standing(ticket.id()));
        Refused.with("registrar-not-allowed", () -> desk(region).invite(new Member.Server("keys", "keys.example")));
    }

    @Test
    void ofManyDevicesAtOnceOneIsBound(Region region) throws Exception {
        var invitation = desk(region).invite(Region.somePatient());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new java.util.ArrayList<Callable<String>>();
            for (int i = 0; i < 8; i++) {
                var request = Region.someRequest();
                all.add(() -> {
                    try {
                        region.operator().enrol(invitation, request);
                        return "issued";
                    } catch (Refusal refusal) {
                        return refusal.code();
                    }
                });
            }
            int awaited = 0;
            for (var done : threads.invokeAll(all)) {
                awaited += done.get().equals("confirmation-awaited") ? 1 : 0;
            }
            assertEquals(1, awaited);
            assertEquals(7, desk(region).standing(invitation.id()).others());
        }
    }
}
