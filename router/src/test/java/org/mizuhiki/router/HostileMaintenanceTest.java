package org.mizuhiki.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mizuhiki.centre.Order;
import org.mizuhiki.centre.RouterDesk.Happened;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.lab.LabRouter;
import org.mizuhiki.trust.Member;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Maintenance;
import org.mizuhiki.vpn.ConnectionInformation.Translated;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenanceAgreement.Window;
import org.mizuhiki.vpn.MaintenanceContract;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Service;
import org.mizuhiki.vpn.Service.Opening;
import org.mizuhiki.vpn.ServiceClass;
import org.mizuhiki.vpn.SignedInformation;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.UniformPolicy;
import org.mizuhiki.vpn.Zone;

/// E maintains a machine of A. Whatever a centre in wrong hands orders, A's router lets in what both sides and
/// the technician have signed, and nothing else.
@Tag("D10")
@Tag("D4")
class HostileMaintenanceTest extends TwoRouters {
    private static final PersonId TECHNICIAN = PersonId.random(Pair.DIE);
    private static final Opening AGREED = new Opening(Service.Protocol.TCP, Pair.PORT, Pair.PORT, true);
    private static final Opening BESIDE = new Opening(Service.Protocol.TCP, 22, 22, true);
    private static final Window OPEN = new Window(Pair.NOW.minusSeconds(60), Pair.NOW.plusSeconds(3600));

    private UniformPolicy uniform;
    private MaintenanceContract contract;
    private MaintenanceAgreement customer;
    private MaintenanceAgreement maintainer;
    private MaintenanceWork work;

    @BeforeEach
    void agreed() {
        uniform = uniform();
        contract = contract(pair.a, List.of(AGREED));
        customer = agreement(pair.a, contract, 60, OPEN);
        maintainer = agreement(pair.e, contract, 60);
        work = work(TECHNICIAN, contract);
    }

    private static Service service(List<Opening> openings) {
        var like = Pair.uniform().services().getFirst();
        return new Service(
                "maintenance", ServiceClass.REMOTE_MAINTENANCE, Zone.SECURE, Zone.SECURE, openings, 0, like.terms());
    }

    private static UniformPolicy uniform() {
        var like = Pair.uniform();
        return new UniformPolicy(
                like.by(),
                like.at(),
                like.until(),
                like.nonce(),
                like.proposals(),
                List.of(service(List.of(AGREED, BESIDE))),
                List.of(new UniformPolicy.Group("referrals", List.of("maintenance"))),
                like.translation(),
                like.mostConnections());
    }

    private static MaintenanceContract contract(LabRouter customer, List<Opening> openings) {
        return new MaintenanceContract(
                "mr-scanner", site(customer), site(pair.e), "maintenance", openings, List.of(TECHNICIAN));
    }

    private static MaintenanceContract.Site site(LabRouter router) {
        return new MaintenanceContract.Site(
                Pair.member(router), List.of(Network.parse("192.168.12.2/32")), Digest.of((byte) 7));
    }

    private static MaintenanceAgreement agreement(
            LabRouter by, MaintenanceContract contract, int secondsAgo, Window... windows) {
        return new MaintenanceAgreement(
                new InstitutionCode(Pair.member(by).subscriber()),
                Pair.NOW.minusSeconds(secondsAgo),
                Pair.NOW.plus(Duration.ofDays(1)),
                "3".repeat(32),
                contract,
                List.of(windows));
    }

    private static MaintenanceWork work(PersonId person, MaintenanceContract contract) {
        return new MaintenanceWork(
                new InstitutionCode(Pair.member(pair.e).subscriber()),
                Pair.NOW.minusSeconds(60),
                Pair.NOW.plusSeconds(7200),
                "4".repeat(32),
                person,
                contract.customer().router(),
                contract.id(),
                "inspection");
    }

    /// What the information claims.
    private record Claim(List<Opening> openings, String fromE, String ofA, Instant until, Maintenance named) {}

    private Claim honest() {
        return new Claim(
                List.of(AGREED),
                "192.168.12.2/32",
                "192.168.12.2/32",
                Pair.NOW.plus(Duration.ofMinutes(30)),
                named(TECHNICIAN, customer, maintainer, work));
    }

    private static Maintenance named(
            PersonId who, MaintenanceAgreement customer, MaintenanceAgreement maintainer, MaintenanceWork work) {
        return new Maintenance("mr-scanner", who, "inspection", customer.id(), maintainer.id(), work.id());
    }

    private ConnectionInformation information(Claim claim) {
        var raw = new byte[32];
        Pair.DIE.nextBytes(raw);
        try (var ppk = Secret.taking(raw)) {
            var like = pair.information(1, "d".repeat(32), sealed(ppk, deskE), sealed(ppk, deskA));
            return new ConnectionInformation(
                    like.form(),
                    like.connection(),
                    like.serial(),
                    like.issued(),
                    like.since(),
                    claim.until(),
                    like.idle(),
                    like.renewal(),
                    like.request(),
                    uniform.id(),
                    like.group(),
                    service(claim.openings()),
                    like.proposals(),
                    like.initiator(),
                    like.ppkId(),
                    only(like.asking(), claim.fromE(), "10.105.12."),
                    only(like.asked(), claim.ofA(), "10.101.12."),
                    Optional.of(claim.named()));
        }
    }

    /// A single machine keeps its number where it is shown under another network.
    private static End only(End end, String real, String as) {
        var network = Network.parse(real);
        var shown = as + real.substring(real.lastIndexOf('.') + 1);
        return new End(
                end.router(),
                end.certificate(),
                end.address(),
                List.of(new Translated(network, Network.parse(shown))),
                end.ppk(),
                end.consent());
    }

    private void order(Claim claim, List<Declaration> maintenance) {
        var signed = SignedInformation.sign(information(claim), signer);
        order(deskA, pair.a, pair.e, signed, maintenance);
        order(deskE, pair.e, pair.a, signed, maintenance);
    }

    private void order(
            Desk desk, LabRouter to, LabRouter partner, SignedInformation signed, List<Declaration> maintenance) {
        var policies =
                Stream.of(uniform, Pair.policy(to, Answer.AUTOMATIC), Pair.member(pair.e, 60), Pair.member(pair.a, 60));
        desk.orders.add(new Order(
                desk.orders.size() + 1,
                Optional.of(signed),
                Optional.of(partner.papers().certificate()),
                Optional.empty(),
                Optional.empty(),
                Stream.concat(policies, maintenance.stream()).map(this::paper).toList()));
    }

    /// Both routers refuse, each by itself.
    private void refused(String why, Claim claim, Declaration... maintenance) {
        int before = deskA.reasons().size();
        order(claim, List.of(maintenance));
        await(() -> deskA.reasons().size() > before && deskE.reasons().size() > before);
        assertEquals(why, deskA.reasons().getLast());
        assertEquals(why, deskE.reasons().getLast());
        assertEquals(List.of(), a.live());
        assertEquals(List.of(), e.live());
    }

    @Test
    void whatAllThreeSignedReachesTheOneMachine() throws Exception {
        try (var _ = pair.echo()) {
            order(honest(), List.of(customer, maintainer, work));
            await(() -> deskE.heard(Happened.UP) && deskA.heard(Happened.UP));
            assertTrue(pair.reaches(), "single machines, translated, one of them behind NAT");
        }
    }

    /// What came once is kept, so that each of these begins with a router that has nothing.
    @ParameterizedTest
    @ValueSource(strings = {"none", "customer", "maintainer", "work"})
    void withoutEachOfTheThreeSignaturesNobodyGetsIn(String missing) {
        var all = Map.of("customer", customer, "maintainer", maintainer, "work", work);
        var papers = all.entrySet().stream()
                .filter(p -> !missing.equals("none") && !p.getKey().equals(missing))
                .map(Map.Entry::getValue)
                .toArray(Declaration[]::new);
        refused("agreement-exceeded", honest(), papers);
        assertEquals(List.of(), loaded());
    }

    @Test
    void othersContractsAndPeopleOpenNothing() {
        // 1. the same company's contract with somebody else
        var theirs = new MaintenanceAgreement(
                new InstitutionCode("1319900124"),
                customer.at(),
                customer.until(),
                customer.nonce(),
                elsewhere(),
                List.of(OPEN));
        refused(
                "agreement-exceeded",
                claiming(named(TECHNICIAN, theirs, maintainer, work)),
                theirs,
                maintainer,
                work(TECHNICIAN, theirs.contract()));
        // 2. a technician whom the contract does not name, with a word of his own
        var stranger = PersonId.random(Pair.DIE);
        var strangers = work(stranger, contract);
        refused(
                "agreement-exceeded",
                claiming(named(stranger, customer, maintainer, strangers)),
                customer,
                maintainer,
                strangers);
        // 3. the company wrote more into its copy than the customer
        var wider = agreement(pair.e, contract(pair.a, List.of(AGREED, BESIDE)), 30);
        refused("agreement-exceeded", claiming(named(TECHNICIAN, customer, wider, work)), customer, wider, work);
    }

    private static MaintenanceContract elsewhere() {
        var like = Pair.member(pair.a);
        var router = new Member.Service("1319900124", like.name(), like.device());
        var customer =
                new MaintenanceContract.Site(router, List.of(Network.parse("192.168.12.2/32")), Digest.of((byte) 7));
        return new MaintenanceContract(
                "mr-scanner", customer, site(pair.e), "maintenance", List.of(AGREED), List.of(TECHNICIAN));
    }

    private Claim claiming(Maintenance named) {
        var like = honest();
        return new Claim(like.openings(), like.fromE(), like.ofA(), like.until(), named);
    }

    @Test
    void anOrderThatWidensTheContractIsRefused() {
        Declaration[] all = {customer, maintainer, work};
        var like = honest();
        // 1. one more port, though the provider's policy would let it pass
        refused(
                "not-as-uniform",
                new Claim(List.of(AGREED, BESIDE), like.fromE(), like.ofA(), like.until(), like.named()),
                all);
        // 2. another machine, the whole network
        refused(
                "networks-exceeded",
                new Claim(like.openings(), like.fromE(), "192.168.12.3/32", like.until(), like.named()),
                all);
        refused(
                "networks-exceeded",
                new Claim(like.openings(), like.fromE(), "192.168.12.0/24", like.until(), like.named()),
                all);
        // 3. longer than the customer's window
        refused(
                "terms-exceeded",
                new Claim(
                        like.openings(), like.fromE(), like.ofA(), OPEN.until().plusSeconds(1), like.named()),
                all);
    }

    @Test
    void whatTheCustomerTookBackIsNotBroughtBack() {
        var without = agreement(pair.a, contract, 30);
        refused("agreement-exceeded", honest(), without, maintainer, work);
        refused("agreement-exceeded", honest(), customer, maintainer, work);
    }
}
