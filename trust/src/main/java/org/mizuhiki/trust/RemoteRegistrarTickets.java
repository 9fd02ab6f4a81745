package org.mizuhiki.trust;

import java.time.Duration;
import org.mizuhiki.wire.Peer;

/// Tickets on which the institution's own CA issues, over HTTP, as the institution that the connection shows.
public record RemoteRegistrarTickets(Peer authority) {
    /// As [RegistrarCas#ticket].
    public Ticket ticket(Member member, Duration life) {
        var wish = new AuthorityRoutes.TicketWish(MemberBody.of(member), life);
        return Ticket.parse(authority
                .post("/v1/registrar-tickets", wish, AuthorityRoutes.TicketGiven.class)
                .ticket());
    }
}
