package org.mizuhiki.vpn;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation.Maintenance;
import org.mizuhiki.vpn.Decision.Refused;
import org.mizuhiki.vpn.MaintenanceAgreement.Window;

/// Whether remote maintenance has been agreed to (seed 003, 5.1 e, 9.2, A.1 and B.5 g): by contract partners
/// only, who have exchanged their privacy policies, by a named technician, in a time that the customer gave,
/// to named machines. The centre decides by it, and both routers check by the same. Each contract is judged
/// by itself and any one of them suffices, so that whatever is withdrawn takes away and never gives.
final class Maintaining {
    private Maintaining() {}

    /// @param asking the maintainer's router
    /// @param asked the customer's router
    /// @param service as the provider's policy says it
    /// @param technician who asks, if anybody said so
    record Case(
            MaintenancePapers papers,
            Member.Service asking,
            Member.Service asked,
            Service service,
            Optional<PersonId> technician,
            Instant now) {}

    sealed interface Found {}

    /// @param service with nothing open but what the contract names
    /// @param until the earliest end of all that it rests on
    record Agreed(MaintenanceContract contract, Service service, Maintenance named, Instant until) implements Found {}

    /// @param left how many steps would have followed
    record Not(Refused why, int left) implements Found {}

    /// Both signatures under one contract.
    private record Signed(MaintenanceAgreement customer, MaintenanceAgreement maintainer) {}

    /// One answer for each of the customer's agreements about just these two routers and this service, that
    /// which came furthest first; at least one.
    static List<Found> find(Case in) {
        var each = of(in, in.asked())
                .sorted(Comparator.comparing(a -> a.contract().number()))
                .map(customer -> judge(in, customer))
                .sorted(Comparator.comparingInt(f -> f instanceof Not no ? no.left() : 0))
                .toList();
        return each.isEmpty() ? List.of(no(No.AGREEMENT_MISSING, in.asked(), 6)) : each;
    }

    private static Stream<MaintenanceAgreement> of(Case in, Member.Service side) {
        return in.papers().agreements().stream()
                .filter(a -> a.by().value().equals(side.subscriber()) && a.stands(in.now()))
                .filter(a -> a.contract().customer().router().equals(in.asked())
                        && a.contract().maintainer().router().equals(in.asking())
                        && a.contract().service().equals(in.service().name()));
    }

    private static Found judge(Case in, MaintenanceAgreement customer) {
        var contract = customer.contract();
        // 1. the maintainer signed the very same
        var other = of(in, in.asking())
                .filter(a -> a.contract().equals(contract))
                .max(Comparator.comparing(MaintenanceAgreement::until));
        if (other.isEmpty()) {
            return no(No.AGREEMENT_MISSING, in.asking(), 5);
        }
        // 2. nothing is open that the provider's policy keeps shut
        var narrowed = in.service().only(contract.openings());
        if (narrowed.isEmpty()) {
            return no(No.PROTOCOL_NOT_ALLOWED, in.asked(), 4);
        }
        // 3. a technician whom the contract names, and who signed for this work
        if (in.technician().filter(contract.technicians()::contains).isEmpty()) {
            return no(No.TECHNICIAN_NOT_NAMED, in.asked(), 3);
        }
        var work = work(in, contract);
        if (work.isEmpty()) {
            return no(No.TECHNICIAN_NOT_SIGNED, in.asking(), 2);
        }
        // 4. now, the customer says
        var window = customer.windows().stream()
                .filter(w -> w.contains(in.now()))
                .map(Window::until)
                .max(Comparator.naturalOrder());
        if (window.isEmpty()) {
            return no(No.OUTSIDE_WINDOW, in.asked(), 1);
        }
        return agreed(new Signed(customer, other.get()), narrowed.get(), work.get(), window.get());
    }

    private static Optional<MaintenanceWork> work(Case in, MaintenanceContract contract) {
        return in.papers().works().stream()
                .filter(w -> w.by().value().equals(in.asking().subscriber())
                        && in.technician().equals(Optional.of(w.person()))
                        && w.accessPoint().equals(in.asked())
                        && w.contract().equals(contract.id())
                        && w.stands(in.now()))
                .max(Comparator.comparing(MaintenanceWork::until));
    }

    private static Agreed agreed(Signed both, Service narrowed, MaintenanceWork work, Instant window) {
        var until = Stream.of(both.customer().until(), both.maintainer().until(), work.until(), window)
                .min(Comparator.naturalOrder())
                .orElseThrow();
        var named = new Maintenance(
                both.customer().contract().number(),
                work.person(),
                work.purpose(),
                both.customer().id(),
                both.maintainer().id(),
                work.id());
        return new Agreed(both.customer().contract(), narrowed, named, until);
    }

    private static Not no(No why, Member.Service whose, int left) {
        return new Not(why.by(whose.subscriber()), left);
    }

    /// A contract's machines, as far as they stand in the zone that the service is for; else none.
    static List<Network> hosts(MaintenanceContract.Site site, List<Network> zone) {
        boolean inside = site.hosts().stream().allMatch(h -> zone.stream().anyMatch(z -> z.contains(h)));
        return inside ? site.hosts() : List.of();
    }
}
