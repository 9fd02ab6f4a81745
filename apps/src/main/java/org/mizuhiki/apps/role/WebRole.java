package org.mizuhiki.apps.role;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.mizuhiki.wire.Patience;
import org.mizuhiki.wire.Peer;
import org.mizuhiki.wire.Peers;

/// The status page. Holds nothing and may see nothing but what everybody may.
final class WebRole {
    private WebRole() {}

    static RunningRole start(Footing on) {
        var watched = new LinkedHashMap<String, Peer>();
        for (var w : on.config().watches().orElse(List.of())) {
            watched.put(w.name(), Peers.connect(w.uri(), on.identity(), Patience.once(), on.die()));
        }
        var server = on.serve(new StatusPage(watched, on.ledger()).routes(), on.surroundings());
        return on.running(server, Map.of(), List.of());
    }
}
