package org.mizuhiki.trust;

import java.util.Optional;
import org.mizuhiki.wire.Peer;

/// Invitations at the authority over HTTP, as the institution that the connection shows.
public record RemoteInvitations(Peer authority) implements Invitations {
    @Override
    public Ticket invite(Member member) {
        var wish = new InvitationRoutes.InvitationWish(MemberBody.of(member));
        return Ticket.parse(authority
                .post(InvitationRoutes.PATH, wish, AuthorityRoutes.TicketGiven.class)
                .ticket());
    }

    @Override
    public Standing standing(String id) {
        return authority.get(InvitationRoutes.PATH + "/" + id, Standing.class);
    }

    @Override
    public Standing confirm(String id, String code) {
        return decide(id, Optional.of(code));
    }

    @Override
    public Standing decline(String id) {
        return decide(id, Optional.empty());
    }

    private Standing decide(String id, Optional<String> code) {
        return authority.post(
                InvitationRoutes.PATH + "/" + id + "/decision", new InvitationRoutes.Decision(code), Standing.class);
    }
}
