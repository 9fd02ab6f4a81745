package org.mizuhiki.apps.role;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.ike.State;
import org.mizuhiki.router.RefusedBatch;
import org.mizuhiki.router.Router;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.wire.Json;
import org.mizuhiki.wire.TimeCheck;

/// What a router tells at its operator's door.
public final class RouterAnswers {
    private RouterAnswers() {}

    /// A connection at this access point.
    ///
    /// @param own networks of this site that it is for, as the partner sees them
    /// @param partner networks of the partner's site, as they are seen here
    /// @param phase of its tunnel; absent while there is none
    /// @param in bytes that came out of the tunnel since its keys were last renewed, `out` that went in
    public record Line(
            String connection,
            String asking,
            String asked,
            String service,
            List<String> own,
            List<String> partner,
            Instant since,
            Instant until,
            Optional<State.Phase> phase,
            long in,
            long out) {}

    /// What the router says of itself.
    ///
    /// @param clock beside a time server's; absent when nobody could tell
    /// @param waiting lines and batches of records that the centre has not acknowledged
    /// @param refused batches of records that the centre refused, at most [#MOST_REFUSED] of them
    public record Self(Optional<TimeCheck> clock, int waiting, List<RefusedBatch> refused) {
        public Self {
            refused = List.copyOf(refused);
        }
    }

    private static final int MOST_REFUSED = 100;

    static String self(Router router, Optional<TimeCheck> clock) {
        var refused = router.refusedRecords().stream().limit(MOST_REFUSED).toList();
        return Json.write(new Self(clock, router.unheard(), refused)).asUtf8();
    }

    static String live(List<Router.Live> all) {
        return Json.write(all.stream().map(RouterAnswers::line).toList()).asUtf8();
    }

    private static Line line(Router.Live live) {
        var information = live.good().information();
        return new Line(
                information.connection(),
                information.asking().router().identity(),
                information.asked().router().identity(),
                information.service().name(),
                shown(live.good().own()),
                shown(live.good().partner()),
                information.since(),
                information.until(),
                live.tunnel().map(State::phase),
                live.tunnel().map(State::bytesIn).orElse(0L),
                live.tunnel().map(State::bytesOut).orElse(0L));
    }

    private static List<String> shown(ConnectionInformation.End end) {
        return end.networks().stream().map(n -> n.shown().toString()).toList();
    }
}
