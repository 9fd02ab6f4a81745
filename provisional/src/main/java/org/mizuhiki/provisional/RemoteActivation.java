package org.mizuhiki.provisional;

import java.time.Duration;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.AuthorityRoutes.EnrolledBody;
import org.mizuhiki.trust.AuthorityRoutes.EnrolmentBody;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.Member;
import org.mizuhiki.trust.Origin;
import org.mizuhiki.trust.Ticket;
import org.mizuhiki.wire.Peer;

/// Enrolment of a patient's own keys with the printed secret of a provisional registration, in the place of
/// an ordinary ticket's.
public record RemoteActivation(Peer authority) implements Enrolment {
    /// @throws Refusal always: activation gives out nothing
    @Override
    public Ticket ticket(Member member, Duration life) {
        throw Refusal.of("registrar-not-allowed", "ここでは登録券を発行できません", "No tickets are given out here");
    }

    /// @throws Refusal those of [PostgresProvisionals#activate]
    @Override
    public Enrolled enrol(Ticket ticket, Request request, Origin origin) {
        var body = new EnrolmentBody(ticket.revealed(), request.signing(), request.sealing(), request.binding());
        return authority
                .post(ProvisionalRoutes.ACTIVATIONS, body, EnrolledBody.class)
                .enrolled();
    }
}
