package org.mizuhiki.centre;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Sessions of several sites over HTTP.
final class SessionRoutes {
    static final String SESSIONS = "/v1/vpn/sessions";
    static final String SITES = "/sites";
    static final String LEAVING = "/leaving";

    private SessionRoutes() {}

    /// @param router identity of the site's
    record SiteBody(String router) {}

    record SessionsBody(List<SessionDesk.Session> sessions) {
        SessionsBody {
            sessions = List.copyOf(sessions);
        }
    }

    static List<Route> of(PostgresCentre centre) {
        return List.of(
                Route.post(
                                SESSIONS,
                                "Open a session of several sites; tells of each pair what became of it",
                                Access.INSTITUTION,
                                SessionDesk.SessionWish.class,
                                SessionDesk.Session.class,
                                call -> new Reply.Json(desk(centre, call)
                                        .open(call.body(SessionDesk.SessionWish.class), person(call))))
                        .alsoFor(Access.PROFESSIONAL),
                Route.get(
                                SESSIONS,
                                "Open sessions of the caller's routers",
                                Access.INSTITUTION,
                                SessionsBody.class,
                                call -> new Reply.Json(
                                        new SessionsBody(desk(centre, call).sessions())))
                        .alsoFor(Access.PROFESSIONAL),
                Route.post(
                                SESSIONS + "/{session}" + SITES,
                                "Invite one more site (convener), or connect an invited one with all others",
                                Access.INSTITUTION,
                                SiteBody.class,
                                SessionDesk.Session.class,
                                call -> new Reply.Json(
                                        desk(centre, call).join(call.path("session"), router(call), person(call))))
                        .alsoFor(Access.PROFESSIONAL)
                        .remembersNothing(),
                Route.post(
                                SESSIONS + "/{session}" + LEAVING,
                                "Take one site out; the others go on",
                                Access.INSTITUTION,
                                SiteBody.class,
                                Void.class,
                                call -> {
                                    desk(centre, call).leave(call.path("session"), router(call));
                                    return new Reply.Done();
                                })
                        .alsoFor(Access.PROFESSIONAL)
                        .remembersNothing(),
                Route.delete(SESSIONS + "/{session}", "End a session", Access.INSTITUTION, call -> {
                            desk(centre, call).end(call.path("session"));
                            return new Reply.Done();
                        })
                        .alsoFor(Access.PROFESSIONAL)
                        .remembersNothing());
    }

    private static SessionDesk desk(PostgresCentre centre, Call call) {
        return centre.sessions(CentreRoutes.institution(call.caller()));
    }

    private static String router(Call call) {
        return call.body(SiteBody.class).router();
    }

    private static Optional<PersonId> person(Call call) {
        return call.caller() instanceof Caller.Person p ? Optional.of(p.id()) : Optional.empty();
    }
}
