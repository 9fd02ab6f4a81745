package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.centre.World.refused;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.RouterDesk.Done;
import org.mizuhiki.centre.SubscriberDesk.Outcome;
import org.mizuhiki.centre.SubscriberDesk.State;
import org.mizuhiki.centre.SubscriberDesk.Wish;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.usage.Measure;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.ConnectionInformation;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.Membership;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.Verdict;

/// From a wish to orders at both routers, over mutual TLS and real PostgreSQL; tunnels are another room's.
@Tag("N2")
@Tag("N3")
@Tag("N5")
@Tag("D2")
@SuppressWarnings("NullAway.Init")
class ConnectTest extends TwoSites {

    private Wish wish() {
        return new Wish(
                boxA.service.identity(), boxB.service.identity(), "referral", Duration.ofHours(1), Optional.empty());
    }

    private Outcome connected() {
        var outcome = world.desk(a).ask(wish(), Optional.empty());
        assertEquals(State.CONNECTED, outcome.state(), outcome::toString);
        return outcome;
    }

    private static ConnectionInformation good(Box box) {
        var verdict = assertInstanceOf(Verdict.Good.class, box.verify(box.next().getFirst()));
        return verdict.information();
    }

    @Test
    @Tag("D3")
    void aWishBecomesInformationThatBothRoutersVerify() {
        var outcome = connected();
        var atA = good(boxA);
        var atB = good(boxB);
        assertEquals(atA, atB);
        assertEquals(outcome.connection(), Optional.of(atA.connection()));
        var partner = boxA.desk.orders(Done.NOTHING).getLast().partner().orElseThrow();
        assertEquals(atA.asked().certificate(), partner.sha256(), "and the partner's certificate came along");
        try (var one = boxA.ppk(atA);
                var other = boxB.ppk(atB)) {
            assertEquals(one, other, "one PPK, sealed for each");
        }
    }

    @Test
    void aRouterAsksForItselfAndForNobodyElse() {
        var outcome = new RemoteSubscriberDesk(world.peer(boxA.author)).ask(wish(), Optional.empty());
        assertEquals(State.CONNECTED, outcome.state());
        var others = new Wish(
                boxB.service.identity(), boxA.service.identity(), "referral", Duration.ofHours(1), Optional.empty());
        refused(
                "router-not-yours",
                () -> new RemoteSubscriberDesk(world.peer(boxA.author)).ask(others, Optional.empty()));
        refused("router-not-yours", () -> world.desk(a).ask(others, Optional.empty()));
    }

    @Test
    @Tag("N4")
    void aRefusalNamesTheRuleAndWhoseItIs() {
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.NEVER, List.of()), b);
        var outcome = world.desk(a).ask(wish(), Optional.empty());
        var refused = outcome.refused().orElseThrow();
        assertEquals(State.REFUSED, outcome.state());
        assertEquals(
                List.of("rule-never", World.B.value(), "all"),
                List.of(refused.rule(), refused.owner(), refused.named()));
    }

    @Test
    @Tag("N4")
    void aPersonOfTheOtherSideIsAskedAndAgrees() {
        var person = PersonId.random(World.DIE);
        var approver = world.person(World.B, person);
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.ASK, List.of(person)), b);
        var outcome = world.desk(a).ask(wish(), Optional.empty());
        assertEquals(State.WAITING, outcome.state());
        var waiting = world.desk(approver).waiting();
        assertTrue(waiting.stream().anyMatch(w -> w.request().equals(outcome.request())));
        assertTrue(world.desk(a).waiting().isEmpty(), "nobody of the asking side is asked");
        world.declare(approval(person, outcome, true), approver);
        assertEquals(State.CONNECTED, world.desk(a).outcome(outcome.request()).state());
        good(boxA);
        good(boxB);
    }

    @Test
    @Tag("N4")
    void aPersonWhoSaysNoRefuses() {
        var person = PersonId.random(World.DIE);
        var approver = world.person(World.B, person);
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.ASK, List.of(person)), b);
        var outcome = world.desk(a).ask(wish(), Optional.empty());
        world.declare(approval(person, outcome, false), approver);
        var after = world.desk(a).outcome(outcome.request());
        assertEquals("approval-refused", after.refused().orElseThrow().rule());
    }

    private static Approval approval(PersonId person, Outcome outcome, boolean agreed) {
        var at = world.clock.instant().truncatedTo(java.time.temporal.ChronoUnit.SECONDS);
        return new Approval(
                World.B,
                at,
                at.plus(Duration.ofHours(4)),
                Declaration.nonce(World.DIE),
                person,
                outcome.request(),
                agreed);
    }

    @Test
    void withdrawnConsentCutsWhatRuns() {
        var connection = connected().connection().orElseThrow();
        good(boxA);
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.NEVER, List.of()), b);
        var cut = boxA.next().getFirst();
        assertEquals(Optional.of(connection), cut.cut());
        assertEquals(Optional.of("rule-never"), cut.reason());
        assertFalse(runs(connection));
    }

    @Test
    @Tag("D3")
    void whoIsTakenOutOfTheGroupIsCutAndBothRoutersHaveTheProvidersWordForIt() {
        var connection = connected().connection().orElseThrow();
        good(boxA);
        good(boxB);
        var out = world.next();
        var taken = new Membership(World.PROVIDER, out, out, Declaration.nonce(World.DIE), "region", boxB.service);
        world.declare(taken, provider);
        for (var box : List.of(boxA, boxB)) {
            var orders = box.desk.orders(box.last);
            assertEquals(
                    taken,
                    world.declarations
                            .check(orders.getFirst().papers().getFirst())
                            .declaration());
            assertEquals(Optional.of(connection), orders.getLast().cut());
        }
        assertEquals(
                "no-common-group",
                world.desk(a)
                        .ask(wish(), Optional.empty())
                        .refused()
                        .orElseThrow()
                        .rule());
        var endless = new Membership(
                World.PROVIDER,
                out.plusSeconds(1),
                out.plus(Membership.LONGEST).plusSeconds(2),
                Declaration.nonce(World.DIE),
                "region",
                boxB.service);
        refused("membership-too-long", () -> world.declare(endless, provider));
    }

    @Test
    void aRevokedRouterIsCutAndConnectsNoMore() {
        var connection = connected().connection().orElseThrow();
        good(boxA);
        world.revoke(boxB.service);
        world.centre.cutRevoked();
        assertEquals(Optional.of(connection), boxA.next().getFirst().cut());
        refused("certificate-revoked", () -> boxB.desk.orders(Done.NOTHING));
        var again = world.desk(a).ask(wish(), Optional.empty());
        assertEquals("router-not-good", again.refused().orElseThrow().rule());
    }

    @Test
    @Tag("N6")
    void aNewPolicyOrPlaceBringsANewSerialWithANewPpk() {
        connected();
        var first = good(boxA);
        world.declare(world.policy(boxA.service, "10.1.0.0/24", Answer.AUTOMATIC, List.of()), a);
        var second = good(boxA);
        assertEquals(List.of(first.connection(), 2L), List.of(second.connection(), second.serial()));
        assertTrue(boxB.locate("10.9.9.9").translated());
        var third = good(boxA);
        assertEquals(3, third.serial());
        assertEquals(first.until(), third.until(), "no renewal makes it longer");
        assertTrue(third.asked().address().orElseThrow().translated());
        assertEquals(ConnectionInformation.Initiator.ASKED, third.initiator());
        try (var one = boxA.ppk(first);
                var other = boxA.ppk(third)) {
            assertNotEquals(one, other);
        }
    }

    @Test
    @Tag("D8")
    void twoThatHaveIpv6BesidesHearOfItAndWhoLosesItIsToldByTheNextSerial() {
        boxA.locate("127.0.0.1", Optional.of("2001:db8::a"));
        boxB.locate("127.0.0.1", Optional.of("2001:db8::b"));
        connected();
        var both = good(boxA);
        assertEquals(both, good(boxB));
        assertEquals(ConnectionInformation.FORM_2, both.form());
        assertEquals(
                "2001:db8:0:0:0:0:0:b", both.asked().address().orElseThrow().host());
        assertEquals("127.0.0.1", both.asked().other().orElseThrow().host());
        boxB.locate("127.0.0.1", Optional.empty());
        var next = good(boxA);
        assertEquals(2, next.serial());
        assertEquals(ConnectionInformation.FORM, next.form());
        assertEquals("127.0.0.1", next.asked().address().orElseThrow().host());
        assertEquals(next, good(boxB));
    }

    @Test
    void ordersStayUntilTheRouterHasThem() {
        var connection = connected().connection().orElseThrow();
        var once = boxA.desk.orders(Done.NOTHING);
        assertEquals(once, boxA.desk.orders(Done.NOTHING), "the answer was lost: they come again");
        var last = once.getLast().done();
        world.desk(a).end(connection);
        var next = boxA.desk.orders(last);
        assertEquals(
                List.of(last.number() + 1), next.stream().map(Order::number).toList(), "no gap, nothing twice");
    }

    /// What the router did since the backup is unknown to the centre, and its numbers are given again.
    @Test
    void aCentreThatWasSetBackToAnOlderBackupGoesOnWhereItsRoutersAre() {
        var first = connected().connection().orElseThrow();
        good(boxA);
        world.desk(a).end(first);
        boxA.next();
        var before = boxA.last;
        world.setBack(boxA.service, 1);
        var next = connected().connection().orElseThrow();
        var orders = boxA.next();
        assertEquals(before.number() + 1, orders.getFirst().number());
        assertEquals(
                next,
                orders.getFirst()
                        .connect()
                        .orElseThrow()
                        .open(world.validator, world.clock.instant())
                        .connection());
        world.desk(a).end(next);
        assertEquals(Optional.of(next), boxA.next().getFirst().cut());
        // further on than the router: the same number, another order
        connected();
        world.setBack(boxA.service, boxA.last.number() - 1);
        var third = connected().connection();
        assertEquals(
                third,
                boxA.next()
                        .getLast()
                        .connect()
                        .map(c -> c.open(world.validator, world.clock.instant()).connection()));
    }

    @Test
    void aStandingChannelHearsOfAnOrderAtOnceAndCarriesEachOutOnce() throws InterruptedException {
        var heard = new CountDownLatch(2); // connect and cut
        var number = new AtomicLong();
        var channel = new Channel(
                boxA.desk,
                boxA.desk.orders(Done.NOTHING).getLast().done(),
                order -> heard.countDown(),
                done -> number.set(done.number()),
                World.DIE);
        var thread = Thread.ofVirtual().start(channel::run);
        var connection = connected().connection().orElseThrow();
        world.desk(b).end(connection);
        assertTrue(heard.await(30, TimeUnit.SECONDS));
        thread.interrupt();
        thread.join();
        assertTrue(number.get() > 0);
    }

    @Test
    @Tag("V11")
    void aConnectionIsCountedOnceForWhoAskedForIt() {
        var asking = new org.mizuhiki.house.InstitutionCode(boxA.service.subscriber());
        var asked = new org.mizuhiki.house.InstitutionCode(boxB.service.subscriber());
        long connections = world.counted(asking, Measure.CONNECTIONS);
        long minutes = world.counted(asking, Measure.CONNECTION_MINUTES);
        long others = world.counted(asked, Measure.CONNECTIONS);
        var connection = connected().connection().orElseThrow();
        boxB.locate("127.0.0.1", Optional.empty()); // renewed at once, and the same connection
        world.desk(a).end(connection);
        refused("connection-unknown", () -> world.desk(a).end(connection));
        assertEquals(connections + 1, world.counted(asking, Measure.CONNECTIONS));
        assertEquals(others, world.counted(asked, Measure.CONNECTIONS));
        long lasted = world.counted(asking, Measure.CONNECTION_MINUTES) - minutes;
        assertTrue(lasted >= 0 && lasted <= 10, "minutes: " + lasted);
    }

    @Test
    void eitherSideEndsItAndNobodyElse() {
        var connection = connected().connection().orElseThrow();
        var stranger = world.institution(new org.mizuhiki.house.InstitutionCode("0110000001"));
        refused("connection-unknown", () -> world.desk(stranger).end(connection));
        assertTrue(runs(connection));
        world.desk(b).end(connection);
        assertFalse(runs(connection));
    }

    private static boolean runs(String connection) {
        return world.desk(a).connections().stream().anyMatch(c -> c.connection().equals(connection));
    }

    @Test
    void aChangeOfPartnerEndsTheOldOneInTheSameBreath() {
        var old = connected().connection();
        var c = box(false);
        world.declare(world.policy(c.service, "10.3.0.0/24", Answer.AUTOMATIC, List.of()), b);
        var wish = new Wish(boxA.service.identity(), c.service.identity(), "referral", Duration.ofHours(1), old);
        var outcome = world.desk(a).ask(wish, Optional.empty());
        assertEquals(State.CONNECTED, outcome.state());
        var running = world.desk(a).connections().stream()
                .filter(r -> r.asking().equals(boxA.service.identity()))
                .map(SubscriberDesk.Running::connection)
                .toList();
        assertEquals(List.of(outcome.connection().orElseThrow()), running);
    }

    @Test
    @Tag("D9")
    void reportsOfBothRoutersComeTogether() {
        var connection = connected().connection().orElseThrow();
        var now = world.next();
        for (var box : List.of(boxA, boxB)) {
            box.desk.report(new RouterDesk.Report(connection, RouterDesk.Happened.UP, Optional.empty(), now));
        }
        var live = world.desk(b).connections().stream()
                .filter(r -> r.connection().equals(connection))
                .findFirst()
                .orElseThrow();
        assertEquals(List.of(Optional.of(now), Optional.of(now)), List.of(live.askingUp(), live.askedUp()));
        var stranger = box(true);
        refused(
                "connection-unknown",
                () -> stranger.desk.report(
                        new RouterDesk.Report(connection, RouterDesk.Happened.DOWN, Optional.of("idle"), now)));
    }

    @Test
    void theLedgerHearsOfBeginAndEndOnceItIsBack() {
        world.ledger.away.set(true);
        var connection = connected().connection().orElseThrow();
        var information = good(boxA);
        world.desk(a).end(connection);
        world.ledger.away.set(false);
        world.centre.settle();
        var entries = world.ledger.entries();
        assertTrue(entries.contains(information.entry()));
        assertTrue(entries.stream().map(Entry::kind).anyMatch(PostgresCentre.END::equals));
    }

    @Test
    @Tag("D4")
    void nobodySpeaksForAnotherAndNothingOldComesBack() {
        var theirs = world.policy(boxB.service, "10.2.0.0/24", Answer.AUTOMATIC, List.of());
        refused("declaration-signer", () -> world.declare(theirs, a));
        var membership = world.membership(boxA.service);
        refused("declaration-signer", () -> world.declare(membership, a));
        var older = world.policy(boxA.service, "10.1.0.0/24", Answer.AUTOMATIC, List.of());
        var newer = world.policy(boxA.service, "10.1.0.0/24", Answer.NEVER, List.of());
        world.declare(newer, a);
        refused("declaration-older", () -> world.declare(older, a));
    }
}
