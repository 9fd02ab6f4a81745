package org.mizuhiki.vpn;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.vpn.ConnectionInformation.Translated;

/// What a connection reaches on either side: networks of the service's zones, or the machines of a
/// maintenance contract, under addresses that both can use.
sealed interface Reaching {
    record Networks(List<Translated> asking, List<Translated> asked) implements Reaching {}

    record Nothing(Decision.Refused why) implements Reaching {}

    static Reaching of(Deciding.Frame frame) {
        var in = frame.in();
        var contract = frame.agreed().map(Maintaining.Agreed::contract);
        var asking = real(in.asking(), frame.service().asking(), contract.map(MaintenanceContract::maintainer));
        var asked = real(in.asked(), frame.service().asked(), contract.map(MaintenanceContract::customer));
        if (asking.isEmpty() || asked.isEmpty()) {
            var lacking = asking.isEmpty() ? in.asking() : in.asked();
            var why = contract.isPresent() ? No.HOST_OUTSIDE_ZONE : No.ZONE_EMPTY;
            return new Nothing(why.by(lacking.router().subscriber()));
        }
        var pool = frame.uniform().translation();
        var shownByAsking = Translation.plan(asking, in.asked(), pool);
        var shownByAsked = Translation.plan(asked, in.asking(), pool);
        if (shownByAsking.isEmpty() || shownByAsked.isEmpty()) {
            return new Nothing(No.ADDRESSES_OVERLAP.by(frame.provider()));
        }
        return new Networks(shownByAsking.get(), shownByAsked.get());
    }

    private static List<Network> real(Side side, Zone zone, Optional<MaintenanceContract.Site> narrowed) {
        var all = side.policy().map(p -> p.policy().in(zone).toList()).orElse(List.of());
        return narrowed.map(site -> Maintaining.hosts(site, all)).orElse(all);
    }
}
