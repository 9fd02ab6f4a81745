package org.mizuhiki.trust;

import java.time.Duration;
import org.mizuhiki.wire.Peer;

/// The authority's enrolment over HTTP; tickets are given out as the institution that the connection shows.
public final class RemoteEnrolment implements Enrolment {
    private final Peer authority;

    public RemoteEnrolment(Peer authority) {
        this.authority = authority;
    }

    @Override
    public Ticket ticket(Member member, Duration life) {
        var wish = new AuthorityRoutes.TicketWish(MemberBody.of(member), life);
        return Ticket.parse(authority
                .post("/v1/tickets", wish, AuthorityRoutes.TicketGiven.class)
                .ticket());
    }

    /// @param origin not sent: keys of devices and services are certified over EST only
    @Override
    public Enrolled enrol(Ticket ticket, Request request, Origin origin) {
        var body = new AuthorityRoutes.EnrolmentBody(
                ticket.revealed(), request.signing(), request.sealing(), request.binding());
        return authority
                .post("/v1/enrolments", body, AuthorityRoutes.EnrolledBody.class)
                .enrolled();
    }
}
