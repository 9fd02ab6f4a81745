package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.centre.World.refused;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.SubscriberDesk.Outcome;
import org.mizuhiki.centre.SubscriberDesk.State;
import org.mizuhiki.centre.SubscriberDesk.Wish;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Author;
import org.mizuhiki.vpn.Decision.Refused;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.MaintenanceAgreement;
import org.mizuhiki.vpn.MaintenanceAgreement.Window;
import org.mizuhiki.vpn.MaintenanceContract;
import org.mizuhiki.vpn.MaintenanceWork;
import org.mizuhiki.vpn.Network;
import org.mizuhiki.vpn.Service.Opening;
import org.mizuhiki.vpn.Service.Protocol;
import org.mizuhiki.vpn.Verdict;

/// Remote maintenance over the wire: A maintains a machine of B.
@Tag("D10")
@SuppressWarnings("NullAway.Init")
class MaintenanceTest extends TwoSites {
    private static final Opening SSH = new Opening(Protocol.TCP, 22, 22, true);
    private static Author technician;
    private static PersonId name;

    private MaintenanceContract contract;

    @BeforeAll
    static void aTechnician() {
        name = PersonId.random(World.DIE);
        technician = world.person(World.A, name);
    }

    @BeforeEach
    void aContract() {
        var privacy = Bytes.utf8("how we treat personal data").sha256();
        contract = new MaintenanceContract(
                "mr-scanner",
                new MaintenanceContract.Site(boxB.service, List.of(Network.parse("10.2.0.7/32")), privacy),
                new MaintenanceContract.Site(boxA.service, List.of(Network.parse("10.1.0.9/32")), privacy),
                "maintenance",
                List.of(SSH),
                List.of(name));
    }

    private void agree(InstitutionCode by, Author author, Window... windows) {
        var at = world.next();
        world.declare(
                new MaintenanceAgreement(
                        by, at, at.plus(Duration.ofDays(90)), Declaration.nonce(World.DIE), contract, List.of(windows)),
                author);
    }

    private MaintenanceWork work() {
        var at = world.next();
        return new MaintenanceWork(
                World.A,
                at,
                at.plus(Duration.ofHours(4)),
                Declaration.nonce(World.DIE),
                name,
                boxB.service,
                contract.id(),
                "inspection");
    }

    private static Window today() {
        var now = world.clock.instant().truncatedTo(ChronoUnit.SECONDS);
        return new Window(now.minusSeconds(600), now.plus(Duration.ofHours(2)));
    }

    private Outcome asked(Optional<PersonId> by, Author caller) {
        var wish = new Wish(
                boxA.service.identity(),
                boxB.service.identity(),
                "maintenance",
                Duration.ofHours(1),
                Optional.empty(),
                by,
                Optional.empty());
        return world.desk(caller).ask(wish, Optional.empty());
    }

    private String refusal(Author caller) {
        return asked(Optional.empty(), caller).refused().map(Refused::rule).orElse("none");
    }

    @Test
    void withoutOneOfTheThreeSignaturesNothingIsConnected() {
        assertEquals("agreement-missing", refusal(technician));
        agree(World.B, b, today());
        assertEquals("agreement-missing", refusal(technician));
        agree(World.A, a);
        assertEquals("technician-not-signed", refusal(technician));
        world.declare(work(), technician);
        assertEquals("technician-not-named", refusal(a), "the institution is no technician");
        assertEquals(State.CONNECTED, asked(Optional.empty(), technician).state());
    }

    @Test
    void bothRoutersFindEverySignatureAndTheRecordSaysWhoWhenAndWhat() {
        agree(World.B, b, today());
        agree(World.A, a);
        world.declare(work(), technician);
        var outcome = asked(Optional.of(name), a);
        assertEquals(State.CONNECTED, outcome.state(), outcome::toString);
        for (var box : List.of(boxA, boxB)) {
            var good =
                    assertInstanceOf(Verdict.Good.class, box.verify(box.next().getFirst()));
            assertEquals(List.of(SSH), good.information().service().openings());
            assertEquals(name, good.information().maintenance().orElseThrow().technician());
        }
        for (var side : List.of(a, b)) {
            var record = world.desk(side).maintained().stream()
                    .filter(m -> m.connection().equals(outcome.connection().orElseThrow()))
                    .findFirst()
                    .orElseThrow();
            assertEquals(
                    List.of("mr-scanner", name, "inspection"),
                    List.of(record.contract(), record.technician(), record.purpose()));
            assertTrue(record.ended().isEmpty());
        }
        var kinds = world.ledger.entries().stream().map(e -> e.kind()).toList();
        assertTrue(kinds.containsAll(List.of("vpn-maintenance", "vpn-maintenance-work", "vpn-connection")));
    }

    @Test
    void aTimeThatTheCustomerTakesBackEndsIt() {
        agree(World.B, b, today());
        agree(World.A, a);
        world.declare(work(), technician);
        var connection = asked(Optional.of(name), technician).connection();
        boxA.next();
        agree(World.B, b);
        var cut = boxA.next().getFirst();
        assertEquals(connection, cut.cut());
        assertEquals(Optional.of("outside-window"), cut.reason());
        // of the same second as others' in this world
        var record = world.desk(b).maintained().stream()
                .filter(m -> connection.equals(Optional.of(m.connection())))
                .findFirst()
                .orElseThrow();
        assertEquals(Optional.of("outside-window"), record.reason());
    }

    @Test
    void nobodySignsForAnother() {
        var theirs = work();
        refused("declaration-signer", () -> world.declare(theirs, a));
        var colleague = world.person(World.A, PersonId.random(World.DIE));
        refused("declaration-signer", () -> world.declare(theirs, colleague));
        refused("declaration-signer", () -> agree(World.B, a, today()));
    }
}
