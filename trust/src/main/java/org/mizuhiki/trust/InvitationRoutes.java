package org.mizuhiki.trust;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.trust.Invitations.Standing;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Invitations over HTTP, for the desks of institutions. The invited device uses `/v1/enrolments`.
public final class InvitationRoutes {
    static final String PATH = "/v1/invitations";
    private static final int MAX_JSON = 16 << 10;

    private InvitationRoutes() {}

    /// @param member a person
    public record InvitationWish(MemberBody member) {}

    /// @param code what the device shows, to confirm; absent to decline
    public record Decision(Optional<String> code) {}

    static List<Route> of(PostgresAuthority authority) {
        return List.of(
                Route.post(
                                PATH,
                                "Invite a person who stands at the desk",
                                Access.INSTITUTION,
                                InvitationWish.class,
                                AuthorityRoutes.TicketGiven.class,
                                call -> new Reply.Json(new AuthorityRoutes.TicketGiven(desk(authority, call)
                                        .invite(call.body(InvitationWish.class)
                                                .member()
                                                .member())
                                        .revealed())))
                        .upTo(MAX_JSON)
                        .remembersBriefly(),
                Route.get(
                        PATH + "/{id}",
                        "Where an invitation stands",
                        Access.INSTITUTION,
                        Standing.class,
                        call -> new Reply.Json(desk(authority, call).standing(call.path("id")))),
                Route.post(
                                PATH + "/{id}/decision",
                                "Confirm the device that showed an invitation, or decline",
                                Access.INSTITUTION,
                                Decision.class,
                                Standing.class,
                                call -> new Reply.Json(decide(
                                        desk(authority, call),
                                        call.path("id"),
                                        call.body(Decision.class).code())))
                        .upTo(MAX_JSON));
    }

    private static Standing decide(Invitations desk, String id, Optional<String> code) {
        return code.isPresent() ? desk.confirm(id, code.get()) : desk.decline(id);
    }

    private static Invitations desk(PostgresAuthority authority, Call call) {
        return authority.invitations(AuthorityRoutes.institution(call));
    }
}
