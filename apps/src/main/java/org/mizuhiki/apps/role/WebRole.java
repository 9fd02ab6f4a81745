package org.mizuhiki.apps.role;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mizuhiki.pocket.RegionFile;
import org.mizuhiki.portal.Portal;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// The status page and the portal's pages. Holds nothing and may see nothing but what everybody may.
final class WebRole {
    private WebRole() {}

    static RunningRole start(Footing on) {
        var watched = new LinkedHashMap<String, Peer>();
        for (var w : on.config().watches().orElse(List.of())) {
            watched.put(w.name(), Peers.connect(w.uri(), on.identity(), Patience.once(), on.die()));
        }
        var routes = new ArrayList<>(new StatusPage(watched, on.ledger()).routes());
        routes.addAll(portal(on.region()).routes());
        var server = on.serve(routes, on.surroundings());
        return on.running(server, Map.of(), List.of());
    }

    /// Pages connect to these three by themselves; nothing of theirs passes this server.
    private static Portal portal(RegionFile region) {
        return new Portal(Json.write(region), List.of(region.authority(), region.keys(), region.store()));
    }
}
