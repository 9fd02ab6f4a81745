package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.centre.World.refused;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.centre.SubscriberDesk.Booked;
import org.mizuhiki.centre.SubscriberDesk.Outcome;
import org.mizuhiki.centre.SubscriberDesk.State;
import org.mizuhiki.centre.SubscriberDesk.Wish;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.seal.Author;
import org.mizuhiki.vpn.Approval;
import org.mizuhiki.vpn.Declaration;
import org.mizuhiki.vpn.SubscriberPolicy.Answer;
import org.mizuhiki.vpn.Verdict;

/// Connections for later.
@Tag("N2")
@Tag("N3")
@SuppressWarnings("NullAway.Init")
class BookingTest extends TwoSites {
    /// Longer than a busy machine takes to book.
    private static final Duration SOON = Duration.ofSeconds(40);

    private static Instant now() {
        return world.clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private Outcome booked(Instant begins, Duration longest) {
        return world.desk(a)
                .ask(
                        new Wish(
                                boxA.service.identity(),
                                boxB.service.identity(),
                                "referral",
                                longest,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.of(begins)),
                        Optional.empty());
    }

    private static State state(Outcome outcome) {
        return world.desk(a).outcome(outcome.request()).state();
    }

    /// The centre's turn of every second, when the time has come.
    private static void turned(PostgresCentre centre) {
        world.clock.forward(SOON);
        centre.renew();
    }

    @Test
    void whatIsBookedBeginsByItselfAtItsTimeAlsoAfterACrash() {
        var begins = now().plus(SOON);
        var outcome = booked(begins, Duration.ofHours(1));
        assertEquals(State.BOOKED, outcome.state(), outcome::toString);
        world.centre.renew();
        assertEquals(State.BOOKED, state(outcome), "not before its time");
        // nothing of it was in the memory of the centre that took it
        turned(world.another());
        assertEquals(State.CONNECTED, state(outcome));
        var good = assertInstanceOf(Verdict.Good.class, boxA.verify(boxA.next().getFirst()));
        assertEquals(begins.plus(Duration.ofHours(1)), good.information().until());
        assertInstanceOf(Verdict.Good.class, boxB.verify(boxB.next().getFirst()));
        assertTrue(bookings(a).isEmpty());
    }

    private List<Booked> bookings(Author of) {
        return world.desk(of).bookings().stream()
                .filter(k -> k.asking().equals(boxA.service.identity()))
                .toList();
    }

    @Test
    @Tag("N4")
    void aPersonHearsAtOnceWhetherItWouldBeRefused() {
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.NEVER, List.of()), b);
        var outcome = booked(now().plus(Duration.ofDays(3)), Duration.ofHours(1));
        assertEquals("rule-never", outcome.refused().orElseThrow().rule());
        assertTrue(bookings(a).isEmpty());
    }

    @Test
    @Tag("N4")
    void whatIsNotWantedAnyMoreWhenItBeginsIsRefusedThen() {
        var outcome = booked(now().plus(SOON), Duration.ofHours(1));
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.NEVER, List.of()), b);
        turned(world.centre);
        var refused = world.desk(a).outcome(outcome.request()).refused().orElseThrow();
        assertEquals("rule-never", refused.rule());
    }

    @Test
    void eitherSideSeesItAndTakesItBackAndNobodyElse() {
        var outcome = booked(now().plus(SOON), Duration.ofHours(1));
        assertEquals(bookings(a), bookings(b));
        assertEquals(outcome.request(), bookings(b).getFirst().request());
        var stranger = world.institution(new org.mizuhiki.house.InstitutionCode("0110000001"));
        refused("booking-unknown", () -> world.desk(stranger).cancel(outcome.request()));
        world.desk(b).cancel(outcome.request());
        refused("booking-unknown", () -> world.desk(a).cancel(outcome.request()));
        turned(world.centre);
        assertEquals(State.CANCELLED, state(outcome));
        assertTrue(bookings(a).isEmpty());
    }

    @Test
    void theSameTwiceAtOneTimeIsRefusedAtOnce() {
        var begins = now().plus(Duration.ofDays(1));
        assertEquals(State.BOOKED, booked(begins, Duration.ofHours(2)).state());
        var second = booked(begins.plus(Duration.ofHours(1)), Duration.ofHours(2));
        assertEquals("already-connected", second.refused().orElseThrow().rule());
        assertEquals(
                State.BOOKED,
                booked(begins.plus(Duration.ofHours(2)), Duration.ofHours(2)).state());
        refused("booking-time", () -> booked(now().plus(Duration.ofDays(93)), Duration.ofHours(1)));
        refused("declaration-malformed", () -> booked(now().minusSeconds(5), Duration.ofHours(1)));
    }

    @Test
    @Tag("N4")
    void whereAPersonIsAskedTheAnswerBooksIt() {
        var person = PersonId.random(World.DIE);
        var approver = world.person(World.B, person);
        world.declare(world.policy(boxB.service, "10.2.0.0/24", Answer.ASK, List.of(person)), b);
        var outcome = booked(now().plus(SOON), Duration.ofHours(1));
        assertEquals(State.WAITING, outcome.state());
        var waiting = world.desk(approver).waiting().stream()
                .filter(w -> w.request().equals(outcome.request()))
                .findFirst()
                .orElseThrow();
        assertTrue(waiting.begins().isPresent());
        world.declare(
                new Approval(
                        World.B,
                        now(),
                        now().plus(Duration.ofHours(4)),
                        Declaration.nonce(World.DIE),
                        person,
                        outcome.request(),
                        true),
                approver);
        assertEquals(State.BOOKED, state(outcome));
        turned(world.centre);
        assertEquals(State.CONNECTED, state(outcome));
    }
}
