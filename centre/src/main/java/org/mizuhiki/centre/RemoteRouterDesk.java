package org.mizuhiki.centre;

import java.util.List;
import org.mizuhiki.wire.Peer;

/// The centre over HTTP, as the router that the connection shows.
public record RemoteRouterDesk(Peer centre) implements RouterDesk {
    @Override
    public Seen locate(Location location) {
        return centre.put(CentreRoutes.LOCATION, location, Seen.class);
    }

    @Override
    public List<Order> orders(Done last) {
        var mark = last.mark().map(m -> "&mark=" + m.hex()).orElse("");
        return centre.get(CentreRoutes.ORDERS + "?after=" + last.number() + mark, CentreRoutes.OrdersBody.class)
                .orders();
    }

    @Override
    public void report(Report report) {
        centre.post(CentreRoutes.REPORTS, report, Void.class);
    }

    @Override
    public void log(SignedBatch batch) {
        centre.post(CentreRoutes.LOGS, batch, Void.class);
    }
}
