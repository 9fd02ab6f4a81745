package org.mizuhiki.centre;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.wire.Peer;

/// The centre over HTTP, as the institution, or its person, that the connection shows.
public record RemoteSubscriberDesk(Peer centre) implements SubscriberDesk {
    @Override
    public Filed declare(Bytes signed) {
        return centre.post(CentreRoutes.DECLARATIONS, new CentreRoutes.DeclarationBody(signed), Filed.class);
    }

    @Override
    public List<Bytes> declarations() {
        return centre.get(CentreRoutes.DECLARATIONS, CentreRoutes.DeclarationsBody.class)
                .declarations();
    }

    /// @param by the centre takes it from the certificate
    @Override
    public Outcome ask(Wish wish, Optional<PersonId> by) {
        return centre.post(CentreRoutes.REQUESTS, wish, Outcome.class);
    }

    @Override
    public Outcome outcome(Digest request) {
        return centre.get(CentreRoutes.REQUESTS + "/" + request.hex(), Outcome.class);
    }

    @Override
    public List<Waiting> waiting() {
        return centre.get(CentreRoutes.REQUESTS, CentreRoutes.WaitingBody.class).waiting();
    }

    @Override
    public List<Running> connections() {
        return centre.get(CentreRoutes.CONNECTIONS, CentreRoutes.ConnectionsBody.class)
                .connections();
    }

    @Override
    public void end(String connection) {
        centre.delete(CentreRoutes.CONNECTIONS + "/" + connection);
    }

    @Override
    public List<Booked> bookings() {
        return centre.get(CentreRoutes.BOOKINGS, CentreRoutes.BookingsBody.class)
                .bookings();
    }

    @Override
    public void cancel(Digest request) {
        centre.delete(CentreRoutes.BOOKINGS + "/" + request.hex());
    }

    @Override
    public List<Maintained> maintained() {
        return centre.get(CentreRoutes.MAINTENANCE, CentreRoutes.MaintainedBody.class)
                .maintained();
    }

    @Override
    public Recorded recorded(String connection, long after) {
        return centre.get(CentreRoutes.CONNECTIONS + "/" + connection + "/records?after=" + after, Recorded.class);
    }
}
