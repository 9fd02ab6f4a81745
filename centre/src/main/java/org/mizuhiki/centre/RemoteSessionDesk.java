package org.mizuhiki.centre;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.wire.Peer;

/// Sessions over HTTP, as the institution, or its person, that the connection shows.
public record RemoteSessionDesk(Peer centre) implements SessionDesk {
    /// @param by the centre takes it from the certificate
    @Override
    public Session open(SessionWish wish, Optional<PersonId> by) {
        return centre.post(SessionRoutes.SESSIONS, wish, Session.class);
    }

    @Override
    public Session join(String session, String router, Optional<PersonId> by) {
        return centre.post(path(session) + SessionRoutes.SITES, new SessionRoutes.SiteBody(router), Session.class);
    }

    @Override
    public void leave(String session, String router) {
        centre.post(path(session) + SessionRoutes.LEAVING, new SessionRoutes.SiteBody(router), Void.class);
    }

    @Override
    public void end(String session) {
        centre.delete(path(session));
    }

    @Override
    public List<Session> sessions() {
        return centre.get(SessionRoutes.SESSIONS, SessionRoutes.SessionsBody.class)
                .sessions();
    }

    private static String path(String session) {
        return SessionRoutes.SESSIONS + "/" + session;
    }
}
