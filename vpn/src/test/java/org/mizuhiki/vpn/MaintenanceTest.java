package org.mizuhiki.vpn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.ConnectionInformation.End;
import org.mizuhiki.vpn.ConnectionInformation.Maintenance;
import org.mizuhiki.vpn.Deciding.Situation;
import org.mizuhiki.vpn.Decision.Allowed;
import org.mizuhiki.vpn.MaintenanceAgreement.Window;
import org.mizuhiki.vpn.Service.Opening;
import org.mizuhiki.vpn.Service.Protocol;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;

/// Remote maintenance: A maintains a machine of B.
@Tag("D10")
class MaintenanceTest {
    private static final Instant NOW = Pretend.NOW;
    private static final PersonId TECHNICIAN = PersonId.random(Pretend.DIE);
    private static final Opening SSH = new Opening(Protocol.TCP, 22, 22, true);
    private static final Window NOWADAYS = new Window(NOW.minusSeconds(60), NOW.plusSeconds(3600));

    private final SubscriberPolicy a = Pretend.policy(Pretend.A, "10.1.0.0/24", Pretend.rule("all", Answer.AUTOMATIC));
    private final SubscriberPolicy b = Pretend.policy(Pretend.B, "10.2.0.0/24", Pretend.rule("all", Answer.AUTOMATIC));
    private final UniformPolicy uniform = uniform();
    private final MaintenanceContract contract = contract("10.2.0.7/32", List.of(SSH));
    private final MaintenanceAgreement customer = agreement(true, contract, NOWADAYS);
    private final MaintenanceAgreement maintainer = agreement(false, contract);
    private final MaintenanceWork work = work(TECHNICIAN, contract);

    private static UniformPolicy uniform() {
        var like = Pretend.uniform();
        var openings = List.of(SSH, new Opening(Protocol.TCP, 5900, 5910, true));
        var service = new Service(
                "maintenance", ServiceClass.REMOTE_MAINTENANCE, Zone.SECURE, Zone.SECURE, openings, 0, Pretend.DAY);
        return new UniformPolicy(
                like.by(),
                like.at(),
                like.until(),
                like.nonce(),
                like.proposals(),
                List.of(service),
                List.of(new UniformPolicy.Group("region", List.of("maintenance"))),
                like.translation(),
                like.mostConnections());
    }

    private static MaintenanceContract contract(String host, List<Opening> openings) {
        return new MaintenanceContract(
                "mr-scanner",
                new MaintenanceContract.Site(Pretend.router(Pretend.B), List.of(Network.parse(host)), Pretend.PRIVACY),
                new MaintenanceContract.Site(
                        Pretend.router(Pretend.A), List.of(Network.parse("10.1.0.9/32")), Pretend.PRIVACY),
                "maintenance",
                openings,
                List.of(TECHNICIAN));
    }

    private static MaintenanceAgreement agreement(boolean customers, MaintenanceContract contract, Window... windows) {
        return new MaintenanceAgreement(
                customers ? Pretend.B : Pretend.A,
                NOW.minusSeconds(60),
                NOW.plus(Duration.ofDays(300)),
                Pretend.nonce(),
                contract,
                List.of(windows));
    }

    private static MaintenanceWork work(PersonId person, MaintenanceContract contract) {
        return new MaintenanceWork(
                Pretend.A,
                NOW.minusSeconds(60),
                NOW.plusSeconds(7200),
                Pretend.nonce(),
                person,
                contract.customer().router(),
                contract.id(),
                "inspection");
    }

    private Side side(SubscriberPolicy policy) {
        return new Side(
                policy.router(),
                Optional.of(NOW.plus(Duration.ofDays(90))),
                Optional.of(Side.SaidPolicy.of(policy)),
                List.of(new Membership(
                        Pretend.PROVIDER,
                        NOW.minusSeconds(60),
                        NOW.plus(Duration.ofDays(90)),
                        Pretend.nonce(),
                        "region",
                        policy.router())),
                List.of());
    }

    private Situation situation(MaintenancePapers papers, Optional<PersonId> technician) {
        return new Situation(
                new Request(
                        a.router(), b.router(), "maintenance", Duration.ofHours(2), technician, NOW, Pretend.nonce()),
                Optional.of(uniform),
                side(a),
                side(b),
                List.of(),
                papers,
                NOW);
    }

    private MaintenancePapers all() {
        return new MaintenancePapers(List.of(customer, maintainer), List.of(work));
    }

    private String decided(MaintenancePapers papers, Optional<PersonId> technician) {
        return switch (Deciding.decide(situation(papers, technician))) {
            case Allowed _ -> "allowed";
            case Decision.Ask _ -> "ask";
            case Decision.Refused no -> no.rule() + " of " + no.owner();
        };
    }

    private String decided(List<MaintenanceAgreement> agreements, MaintenanceWork... works) {
        return decided(new MaintenancePapers(agreements, List.of(works)), Optional.of(TECHNICIAN));
    }

    private Allowed allowed() {
        return assertInstanceOf(Allowed.class, Deciding.decide(situation(all(), Optional.of(TECHNICIAN))));
    }

    @Test
    void bothSidesTechnicianAndTimeTogetherConnectTwoMachines() {
        var yes = allowed();
        assertEquals(List.of(SSH), yes.service().openings(), "only what the contract names");
        assertEquals(List.of(Network.parse("10.2.0.7/32")), reals(yes.asked()));
        assertEquals(List.of(Network.parse("10.1.0.9/32")), reals(yes.asking()));
        assertEquals(NOWADAYS.until(), yes.until(), "not longer than the customer's time");
        var named = yes.maintenance().orElseThrow();
        assertEquals(
                new Maintenance("mr-scanner", TECHNICIAN, "inspection", customer.id(), maintainer.id(), work.id()),
                named);
    }

    private static List<Network> reals(Decision.Granted granted) {
        return granted.networks().stream()
                .map(ConnectionInformation.Translated::real)
                .toList();
    }

    @Test
    void whatIsMissingIsNamedWithItsOwner() {
        var ofA = " of " + Pretend.A;
        var ofB = " of " + Pretend.B;
        assertEquals("agreement-missing" + ofB, decided(List.of(maintainer), work));
        assertEquals("agreement-missing" + ofA, decided(List.of(customer), work));
        var other = agreement(false, contract("10.2.0.8/32", List.of(SSH)));
        assertEquals("agreement-missing" + ofA, decided(List.of(customer, other), work), "signed something else");
        assertEquals("technician-not-signed" + ofA, decided(List.of(customer, maintainer)));
        assertEquals("technician-not-named" + ofB, decided(all(), Optional.empty()));
        var stranger = PersonId.random(Pretend.DIE);
        assertEquals(
                "technician-not-named" + ofB,
                decided(
                        new MaintenancePapers(List.of(customer, maintainer), List.of(work(stranger, contract))),
                        Optional.of(stranger)));
        var later = agreement(true, contract, new Window(NOW.plusSeconds(60), NOW.plusSeconds(120)));
        assertEquals("outside-window" + ofB, decided(List.of(later, maintainer), work));
        var wide = contract("10.2.0.7/32", List.of(new Opening(Protocol.TCP, 22, 80, true)));
        assertEquals(
                "protocol-not-allowed" + ofB,
                decided(List.of(agreement(true, wide, NOWADAYS), agreement(false, wide)), work(TECHNICIAN, wide)));
        var outside = contract("10.3.0.7/32", List.of(SSH));
        assertEquals(
                "host-outside-zone" + ofB,
                decided(
                        List.of(agreement(true, outside, NOWADAYS), agreement(false, outside)),
                        work(TECHNICIAN, outside)));
    }

    @Test
    void theCustomersPolicyStillHasItsWord() {
        var never = Pretend.policy(Pretend.B, "10.2.0.0/24", Pretend.rule("none", Answer.NEVER));
        var in = situation(all(), Optional.of(TECHNICIAN));
        var no = assertInstanceOf(
                Decision.Refused.class,
                Deciding.decide(new Situation(
                        in.request(), in.uniform(), in.asking(), side(never), List.of(), in.maintenance(), NOW)));
        assertEquals("rule-never", no.rule());
    }

    /// Found again without the code under test.
    @Test
    void neverWithoutAgreementOfBothNorOutsideTheWindow() {
        int maintained = 0;
        for (long seed = 0; seed < 20_000; seed++) {
            var in = new Scene(new SplittableRandom(seed)).situation("maintenance");
            if (!(Deciding.decide(in) instanceof Allowed yes)
                    || yes.maintenance().isEmpty()) {
                continue;
            }
            maintained++;
            var named = yes.maintenance().get();
            var papers = in.maintenance();
            var signed = papers.agreements().stream()
                    .filter(g -> List.of(named.customer(), named.maintainer()).contains(g.id()))
                    .toList();
            assertEquals(2, signed.size());
            assertEquals(signed.get(0).contract(), signed.get(1).contract());
            assertTrue(
                    signed.stream().allMatch(g -> g.stands(NOW) && !yes.until().isAfter(g.until())));
            var windows = signed.stream().flatMap(g -> g.windows().stream());
            assertTrue(windows.anyMatch(w -> !NOW.isBefore(w.from())
                    && NOW.isBefore(w.until())
                    && !yes.until().isAfter(w.until())));
            assertEquals(in.request().onBehalfOf(), Optional.of(named.technician()));
            assertTrue(signed.getFirst().contract().technicians().contains(named.technician()));
            var openings = in.uniform().orElseThrow().service("maintenance").orElseThrow();
            assertTrue(openings.only(yes.service().openings()).isPresent());
            assertEquals(signed.getFirst().contract().customer().hosts(), reals(yes.asked()));
        }
        assertTrue(maintained > 40, "the scenes must not be too poor to show anything: " + maintained);
    }

    private RouterSide router(SubscriberPolicy policy, MaintenancePapers papers) {
        return new RouterSide(
                policy.router(),
                Pretend.certificate(policy.router()),
                Side.SaidPolicy.of(policy),
                uniform,
                uniform.id(),
                Pretend.members(),
                List.of(),
                papers,
                Map.of(),
                List.of());
    }

    private String verdict(MaintenancePapers papers, ConnectionInformation information) {
        return switch (router(b, papers).verify(information, NOW)) {
            case Verdict.Good _ -> "good";
            case Verdict.Bad(var why) -> why.rule();
        };
    }

    private ConnectionInformation honest() {
        return Honest.information(situation(all(), Optional.of(TECHNICIAN)), allowed());
    }

    private ConnectionInformation with(
            Service service, Instant until, UnaryOperator<End> asked, Optional<Maintenance> maintenance) {
        var h = honest();
        return new ConnectionInformation(
                h.form(),
                h.connection(),
                h.serial(),
                h.issued(),
                h.since(),
                until,
                h.idle(),
                h.renewal(),
                h.request(),
                h.uniformPolicy(),
                h.group(),
                service,
                h.proposals(),
                h.initiator(),
                h.ppkId(),
                h.asking(),
                asked.apply(h.asked()),
                maintenance);
    }

    @Test
    @Tag("D3")
    void aHostileCentreWidensNothing() {
        var h = honest();
        var papers = all();
        var same = UnaryOperator.<End>identity();
        assertEquals("good", verdict(papers, h));
        assertInstanceOf(Verdict.Good.class, router(a, papers).verify(h, NOW));
        // all that the service lets through, instead of what the contract does
        var whole = uniform.service("maintenance").orElseThrow();
        assertEquals("not-as-uniform", verdict(papers, with(whole, h.until(), same, h.maintenance())));
        // longer than the customer's time
        var later = h.until().plusSeconds(1);
        assertEquals("terms-exceeded", verdict(papers, with(h.service(), later, same, h.maintenance())));
        // the network instead of the machine
        assertEquals("networks-exceeded", verdict(papers, with(h.service(), h.until(), network(), h.maintenance())));
        // another machine of the same network
        assertEquals("networks-exceeded", verdict(papers, with(h.service(), h.until(), machine(), h.maintenance())));
        // work that nobody signed
        var made = h.maintenance()
                .map(m -> new Maintenance(
                        m.contract(),
                        m.technician(),
                        "other",
                        m.customer(),
                        m.maintainer(),
                        Bytes.utf8("x").sha256()));
        assertEquals("agreement-exceeded", verdict(papers, with(h.service(), h.until(), same, made)));
        // maintenance that does not say what it rests on cannot even be written
        assertThrows(Refusal.class, () -> with(h.service(), h.until(), same, Optional.empty()));
    }

    private static UnaryOperator<End> network() {
        return reaching("10.2.0.0/24");
    }

    private static UnaryOperator<End> machine() {
        return reaching("10.2.0.8/32");
    }

    private static UnaryOperator<End> reaching(String there) {
        var n = Network.parse(there);
        return e -> new End(
                e.router(),
                e.certificate(),
                e.address(),
                List.of(new ConnectionInformation.Translated(n, n)),
                e.ppk(),
                e.consent());
    }

    @Test
    @Tag("D3")
    void aRouterBelievesNothingWithoutBothSidesPapers() {
        var h = honest();
        for (var gone : List.of(customer, maintainer)) {
            var left = new ArrayList<>(List.of(customer, maintainer));
            left.remove(gone);
            assertEquals("agreement-exceeded", verdict(new MaintenancePapers(left, List.of(work)), h));
        }
        assertEquals("agreement-exceeded", verdict(new MaintenancePapers(List.of(customer, maintainer), List.of()), h));
        assertEquals("agreement-exceeded", verdict(MaintenancePapers.NONE, h));
        // the customer has signed again since, with no time in it: an older agreement is none
        var withdrawn = agreement(true, contract);
        assertEquals(
                "agreement-exceeded", verdict(new MaintenancePapers(List.of(withdrawn, maintainer), List.of(work)), h));
    }

    @Test
    void anAgreementIsNarrowOrMalformed() {
        assertMalformed(() -> contract("10.2.0.0/24", List.of(SSH)));
        assertMalformed(() -> contract("10.2.0.7/32", List.of()));
        assertMalformed(() -> agreement(false, contract, NOWADAYS));
        assertMalformed(() -> new Window(NOW, NOW.plus(Duration.ofDays(32))));
        assertMalformed(() -> new MaintenanceAgreement(
                Pretend.PROVIDER, NOW, NOW.plusSeconds(60), Pretend.nonce(), contract, List.of()));
    }

    private static void assertMalformed(org.junit.jupiter.api.function.Executable made) {
        assertEquals("declaration-malformed", assertThrows(Refusal.class, made).code());
    }

    /// Every bit of what the router holds against the centre matters.
    @Test
    void anyOtherDigestIsRefused() {
        var h = honest();
        BiConsumer<String, Maintenance> refused = (what, m) -> assertFalse(
                verdict(all(), with(h.service(), h.until(), e -> e, Optional.of(m)))
                        .equals("good"),
                what);
        var m = h.maintenance().orElseThrow();
        var x = Bytes.utf8("x").sha256();
        refused.accept(
                "customer", new Maintenance("mr-scanner", TECHNICIAN, "inspection", x, m.maintainer(), m.work()));
        refused.accept(
                "maintainer", new Maintenance("mr-scanner", TECHNICIAN, "inspection", m.customer(), x, m.work()));
        refused.accept(
                "contract", new Maintenance("other", TECHNICIAN, "inspection", m.customer(), m.maintainer(), m.work()));
        refused.accept(
                "technician",
                new Maintenance(
                        "mr-scanner",
                        PersonId.random(Pretend.DIE),
                        "inspection",
                        m.customer(),
                        m.maintainer(),
                        m.work()));
    }
}
