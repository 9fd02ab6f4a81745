package org.mizuhiki.centre;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// One institution's sessions at the centre.
record SessionCounter(PostgresCentre centre, Sessions all, InstitutionCode institution) implements SessionDesk {
    private boolean isMine(String router) {
        return router.startsWith(institution.value() + "/");
    }

    @Override
    public Session open(SessionWish wish, Optional<PersonId> by) {
        return all.open(wish, by, this::isMine);
    }

    @Override
    public Session join(String session, String router, Optional<PersonId> by) {
        return all.join(session, router, by, this::isMine);
    }

    @Override
    public void leave(String session, String router) {
        all.leave(session, router, this::isMine);
    }

    @Override
    public void end(String session) {
        all.end(session, router -> centre.isProvider(institution) || isMine(router));
    }

    @Override
    public List<Session> sessions() {
        return all.of(institution);
    }
}
