package org.mizuhiki.vpn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.vpn.ConnectionInformation.Translated;

/// Private addresses of different sites overlap (seed 003, D.7 c): whatever would at the partner's is shown
/// there under other addresses.
final class Translation {
    private Translation() {}

    /// @param real the side's networks
    /// @param partner to whom they are shown
    /// @param pool of addresses that stand for others
    /// @return none when the pool has no room, or is of the other family
    static Optional<List<Translated>> plan(List<Network> real, Side partner, Network pool) {
        var taken = new ArrayList<Network>();
        // 1. what the partner has itself
        partner.policy().ifPresent(p -> p.policy().networks().forEach(n -> taken.add(n.network())));
        // 2. what its other partners are shown as
        partner.running().forEach(r -> taken.addAll(r.shown()));
        var out = new ArrayList<Translated>();
        for (var network : real) {
            // 3. real addresses where they are free, else the first that are
            var shown = Stream.of(network)
                    .filter(n -> taken.stream().noneMatch(n::overlaps))
                    .findFirst()
                    .or(() -> pool.sameFamily(network) ? pool.firstFree(network.prefix(), taken) : Optional.empty());
            if (shown.isEmpty()) {
                return Optional.empty();
            }
            taken.add(shown.get());
            out.add(new Translated(network, shown.get()));
        }
        return Optional.of(out);
    }
}
