package org.mizuhiki.apps.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.centre.SubscriberDesk.Maintained;
import org.mizuhiki.centre.SubscriberDesk.Outcome;
import org.mizuhiki.centre.SubscriberDesk.Wish;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenanceAgreement.Window;
import org.mizuhiki.vpn.MaintenanceContract;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.Terms;
import org.mizuhiki.vpn.Zone;

/// A hospital and the company that maintains one of its machines: what they sign, and how a technician asks.
///
/// @param customer site of the hospital; its router is the single access point
/// @param maintainer site of the company
record Maintenance(OnDemand demand, String customer, String maintainer) {
    static final int SHELL = 22;
    static final int STATE = 161;
    private static final String SERVICE = "maintenance";
    private static final Duration ATTEMPT = Duration.ofHours(1);

    /// What the provider lets pass for remote maintenance: a shell and questions about a machine's state.
    static Service service(Terms terms) {
        return new Service(
                SERVICE, ServiceClass.REMOTE_MAINTENANCE, Zone.SECURE, Zone.SECURE, List.of(SHELLS, STATES), 0, terms);
    }

    private static final Service.Opening SHELLS = new Service.Opening(Service.Protocol.TCP, SHELL, SHELL, true);
    private static final Service.Opening STATES = new Service.Opening(Service.Protocol.UDP, STATE, STATE, true);
    private static final Service.Opening DESKTOPS = new Service.Opening(Service.Protocol.TCP, 5900, 5900, true);

    private Sites sites() {
        return demand.sites();
    }

    /// The contract: one machine at either side, and the privacy policies that the two have given each other.
    MaintenanceContract contract() {
        return contract(List.of(SHELLS, STATES));
    }

    /// One that opens what the provider's policy keeps shut.
    MaintenanceContract withDesktop() {
        return contract(List.of(SHELLS, STATES, DESKTOPS));
    }

    private MaintenanceContract contract(List<Service.Opening> openings) {
        return new MaintenanceContract(
                "mr-scanner-2026", side(customer), side(maintainer), SERVICE, openings, List.of(technician()));
    }

    private MaintenanceContract.Site side(String site) {
        var policy = Bytes.utf8("個人情報の取扱い：保守で知り得た情報は保守にだけ用い、持ち出さない。 " + site);
        var machine = Network.parse(sites().address(site).getHostAddress() + "/32");
        return new MaintenanceContract.Site(sites().router(site), List.of(machine), policy.sha256());
    }

    PersonId technician() {
        return person(maintainer);
    }

    /// Somebody whom the contract does not name.
    PersonId stranger() {
        return person(customer);
    }

    private PersonId person(String site) {
        var member = Member.of(sites().office(site).personal().certificate());
        return ((Member.Professional) member).id();
    }

    /// One side's signature; a later one takes the place of the earlier.
    void agree(String site, MaintenanceContract contract, Window... windows) throws Exception {
        var at = later();
        sites().declare(
                        sites().office(site),
                        new MaintenanceAgreement(
                                sites().office(site).person().code(),
                                at,
                                sites().until(),
                                sites().nonce(),
                                contract,
                                Arrays.asList(windows)));
    }

    /// A second that no declaration of this story had.
    private Instant later() throws InterruptedException {
        var now = sites().now();
        while (!sites().now().isAfter(now)) {
            Thread.sleep(10);
        }
        return sites().now();
    }

    Window during(Duration time) {
        return new Window(sites().now().minusSeconds(1), sites().now().plus(time));
    }

    Window yesterday() {
        var now = sites().now();
        return new Window(now.minus(Duration.ofHours(30)), now.minus(Duration.ofHours(22)));
    }

    /// The technician's own signature for this work.
    void sign() {
        var office = sites().office(maintainer);
        var now = sites().now();
        var work = new MaintenanceWork(
                office.person().code(),
                now,
                now.plus(ATTEMPT),
                sites().nonce(),
                technician(),
                sites().router(customer),
                contract().id(),
                "inspection");
        sites().declare(office, work, office.personal());
    }

    Outcome ask(PersonId technician) throws Exception {
        var wish = new Wish(
                sites().router(maintainer).identity(),
                sites().router(customer).identity(),
                SERVICE,
                ATTEMPT,
                Optional.empty(),
                Optional.of(technician),
                Optional.empty());
        return demand.ask(maintainer, wish);
    }

    /// Why it is refused, and whose rule that is.
    String refused(PersonId technician) throws Exception {
        return ask(technician)
                .refused()
                .map(no -> no.rule() + " (" + no.owner() + ")")
                .orElse("connected");
    }

    /// Until the first datagram came back from the machine.
    OnDemand.Connected connect() throws Exception {
        long start = System.nanoTime();
        return demand.through(maintainer, ask(technician()), STATE, start);
    }

    /// Its record, as a site's institution sees it.
    Optional<Maintained> record(String site, String connection) {
        return demand.desk(site).maintained().stream()
                .filter(m -> m.connection().equals(connection))
                .findFirst();
    }

    /// Nothing of it runs at either router.
    boolean isOver(String connection) {
        return java.util.stream.Stream.of(customer, maintainer)
                .allMatch(s ->
                        demand.live(s).stream().noneMatch(l -> l.connection().equals(connection)));
    }
}
