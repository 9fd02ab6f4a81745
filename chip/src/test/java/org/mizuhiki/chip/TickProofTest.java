package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mizuhiki.chip.Reception.PATIENT;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.javacard.Oscillator;

/// Time stamps with tick stamps by the real applet: its card's oscillator drifts through a true time that
/// only the test knows, answers are held back, the authority's clock is wrong, the power goes. What is
/// proven holds the truth, or there is no proof.
@Tag("H8")
class TickProofTest {
    private static final double DRIFT = 0.001;
    private static final Duration ERROR = Duration.ofMillis(300);
    private static final TickClock CLOCK = new TickClock(Duration.ofMillis(1), DRIFT, ERROR, Duration.ofSeconds(5));
    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

    /// The true time in seconds, and a card that counts it more or less rightly.
    private static final class World {
        final SplittableRandom dice;
        final Map<Digest, Instant> authority = new HashMap<>();
        final SoftCard card = SoftCard.inMemory(Cards.DIE);
        final Reception reception;
        double now;
        double counted;
        double rate = 1;
        boolean slept;

        World(long seed) {
            dice = new SplittableRandom(seed);
            card.wind(new Oscillator() {
                @Override
                public long nanos() {
                    return (long) (counted * 1e9);
                }

                @Override
                public boolean stood() {
                    return slept;
                }

                @Override
                public void restart() {
                    slept = false;
                }
            });
            card.install(Programs.TIMER, Bytes.of());
            card.install(
                    Programs.TERMINAL,
                    TerminalElement.tickingParameters(Reception.SERVICE.getPublic(), Reception.QUOTA));
            reception = Reception.over(card).enrolled();
            reception.element.open(Reception.service());
        }

        /// Time passes; the card counts it at its rate.
        void pass(double seconds) {
            now += seconds;
            counted += seconds * rate;
        }

        Instant truth() {
            return START.plusNanos(Math.round(now * 1e9));
        }

        /// A token names what it is over; the test's authority remembers what it said.
        Bytes stamped(Digest imprint) {
            double wrong = dice.nextDouble(-0.29, 0.29);
            var token = Bytes.utf8("token " + authority.size() + " over " + imprint.hex());
            authority.put(token.sha256(), truth().plusNanos((long) (wrong * 1e9)));
            return token;
        }

        TickProof proof() {
            return new TickProof(reception.key(), CLOCK, (token, imprint) -> {
                var time = authority.get(token.sha256());
                if (time == null || !token.asUtf8().endsWith(imprint.hex())) {
                    throw Refusal.of("stamp-broken", "タイムスタンプが正しくありません", "no token over this");
                }
                return time;
            });
        }

        TickProof.Anchor anchor(double there, double back) {
            var begun = reception.anchor();
            pass(there);
            var token = stamped(begun.stamp().imprint());
            pass(back);
            return confirmed(begun, token);
        }

        TickProof.Anchor confirmed(DateStamps.Anchor begun, Bytes token) {
            return new TickProof.Anchor(
                    begun.asked(),
                    begun.stamp(),
                    token,
                    reception.element.stamps().confirm(token.sha256()));
        }

        TickProof.Anchor anchor() {
            return anchor(dice.nextDouble(0, 2), dice.nextDouble(0.01, 2));
        }

        Counted stamp(String text) {
            var message = Bytes.utf8(text).sha256();
            return new Counted.Stamped(message, reception.element.stamps().stamp(message));
        }
    }

    private static String refused(Runnable attempt) {
        return assertThrows(Refusal.class, attempt::run).code();
    }

    @Test
    void theTruthLiesWithinWhatIsProven() {
        long seed = Cards.DIE.nextLong();
        for (int i = 0; i < 40; i++) {
            var world = new World(seed + i);
            world.rate = 1 + world.dice.nextDouble(-DRIFT, DRIFT);
            world.pass(world.dice.nextDouble(0, 1000));
            var early = world.stamp("before the service was met");
            var earlyTruth = world.truth();
            world.pass(world.dice.nextDouble(0, 600));
            var opening = world.anchor();
            var all = new ArrayList<Counted>();
            var truths = new ArrayList<Instant>();
            for (int k = 0; k < 4; k++) {
                world.pass(world.dice.nextDouble(0, 3000));
                all.add(k == 2 ? world.reception.receive(PATIENT) : world.stamp("visit " + k));
                truths.add(world.truth());
                // between one command and the next the tick may wander
                world.rate = 1 + world.dice.nextDouble(-DRIFT, DRIFT);
            }
            var closing = world.anchor();
            var proof = world.proof();
            assertTrue(proof.when(opening, early).holds(earlyTruth), "seed " + (seed + i) + ", early");
            var times = proof.prove(opening, all, closing);
            for (int k = 0; k < all.size(); k++) {
                assertTrue(times.get(k).holds(truths.get(k)), "seed " + (seed + i) + ", stamp " + k);
                assertTrue(proof.when(opening, all.get(k)).holds(truths.get(k)));
                assertTrue(Duration.between(times.get(k).after(), times.get(k).before())
                                .toSeconds()
                        < 40);
            }
        }
    }

    @Test
    void anAnswerThatWasHeldBackIsNoAnchor() {
        var world = new World(1);
        var late = world.anchor(3, 3);
        var stamp = world.stamp("a");
        assertEquals("tick-anchor-too-slow", refused(() -> world.proof().when(late, stamp)));
    }

    /// Who slows the oscillator makes time pass for nobody but the element.
    @Test
    void anElementThatWasSlowedIsExposedByTheClosingAnchor() {
        for (double rate : new double[] {0.5, 0.95, 1.05}) {
            var world = new World(2);
            var opening = world.anchor(0.1, 0.1);
            world.rate = rate;
            world.pass(1800);
            var stamp = world.stamp("half an hour later");
            world.pass(1800);
            world.rate = 1;
            var closing = world.anchor(0.1, 0.1);
            assertEquals("tick-anchors-disagree", refused(() -> world.proof().prove(opening, List.of(stamp), closing)));
        }
    }

    @Test
    void thePowerEndsTheEpochAndNothingJoinsTwo() {
        var world = new World(3);
        var opening = world.anchor();
        var before = world.stamp("before");
        world.reception.powerOffAndOn();
        world.reception.element.open(Reception.service());
        var orphan = world.stamp("after");
        assertNotEquals(before.stamp().epoch(), orphan.stamp().epoch());
        assertTrue(Long.compareUnsigned(orphan.stamp().count(), before.stamp().count()) <= 0, "the ticks began anew");
        assertEquals("stamp-other-epoch", refused(() -> world.proof().when(opening, orphan)));
        var closing = world.anchor();
        assertEquals("stamp-other-epoch", refused(() -> world.proof().prove(opening, List.of(before), closing)));
    }

    /// A host that slept: the card's ticks stood still, so it is as if it had lost its power.
    @Test
    void anOscillatorThatStoodStillEndsTheEpoch() {
        var world = new World(4);
        world.anchor();
        world.slept = true;
        var silent = assertThrows(Refusal.class, () -> world.stamp("after the sleep"));
        assertEquals("anchor-needed", silent.code());
        TerminalElement.on(world.card);
        assertEquals("anchor-needed", refused(() -> world.stamp("nothing is opened or anchored")));
        assertEquals(
                TerminalElement.Opened.CLOSED, world.reception.element.view().opened());
    }

    @Test
    void whatIsHeldBackOrMovedIsFound() {
        var world = new World(5);
        var early = world.stamp("early");
        var opening = world.anchor();
        var one = world.stamp("one");
        var two = world.stamp("two");
        var closing = world.anchor();
        var proof = world.proof();
        assertEquals(2, proof.prove(opening, List.of(one, two), closing).size());
        assertEquals("stamp-missing", refused(() -> proof.prove(opening, List.of(two), closing)));
        assertEquals("stamp-outside", refused(() -> proof.prove(opening, List.of(early, one, two), closing)));
        assertEquals("stamp-outside", refused(() -> proof.prove(closing, List.of(one, two), opening)));
        var forged = new Counted.Stamped(Bytes.utf8("three").sha256(), two.stamp());
        assertEquals("stamp-forged", refused(() -> proof.prove(opening, List.of(one, forged), closing)));
    }

    /// The element confirms whatever hash it is given, so a host may confirm the opening anchor after the closing one.
    @Test
    void aLateConfirmationFillsNoPlaceOfAHiddenStamp() {
        var world = new World(8);
        var opened = world.reception.anchor();
        world.pass(0.1);
        var first = world.stamped(opened.stamp().imprint());
        world.stamp("hidden");
        var closed = world.reception.anchor();
        world.pass(0.1);
        var last = world.stamped(closed.stamp().imprint());
        var opening = world.confirmed(opened, first);
        world.reception.anchor();
        var closing = world.confirmed(closed, last);
        assertEquals("stamp-outside", refused(() -> world.proof().prove(opening, List.of(), closing)));
    }

    @Test
    void theThreePartsOfAnAnchorAreOfOneAnchor() {
        var world = new World(6);
        var one = world.anchor();
        var two = world.anchor();
        var stamp = world.stamp("a");
        var proof = world.proof();
        var mixed = List.of(
                new TickProof.Anchor(one.asked(), one.before(), two.token(), two.after()),
                new TickProof.Anchor(one.asked(), one.before(), two.token(), one.after()),
                new TickProof.Anchor(one.asked(), one.before(), one.token(), two.after()),
                new TickProof.Anchor(two.asked(), one.before(), one.token(), one.after()),
                new TickProof.Anchor(one.asked(), one.after(), one.token(), one.before()));
        for (var anchor : mixed) {
            var code = refused(() -> proof.when(anchor, stamp));
            assertTrue(code.equals("stamp-forged") || code.equals("stamp-broken"), code);
        }
        assertEquals(
                "anchor-needed",
                refused(() ->
                        world.reception.element.stamps().confirm(one.token().sha256())));
    }

    /// A date element's count of stamps is never read as a time, nor ticks as a count of stamps.
    @Test
    void countsOfStampsAreNoTimes() {
        var world = new World(7);
        var opening = world.anchor();
        var stamp = world.stamp("a");
        var dated = Reception.open();
        var other = dated.anchor();
        assertEquals(
                "anchor-needed",
                refused(() -> dated.element.stamps().confirm(other.stamp().imprint())));
        assertThrows(IllegalArgumentException.class, () -> new TickProof(dated.key(), CLOCK, (t, i) -> START));
        var posed = new ElementKey(dated.key().key(), true);
        assertEquals(false, posed.isAnchor(other.asked(), other.stamp()));
        var asDate = new DateStamps.Anchor(opening.asked(), opening.before(), START);
        assertEquals(
                "stamp-forged", refused(() -> DateStamps.prove(world.reception.key(), asDate, List.of(stamp), asDate)));
    }

    @Test
    void withoutATimerThereIsNoTickingElement() {
        var card = SoftCard.inMemory(Cards.DIE);
        var parameters = TerminalElement.tickingParameters(Reception.SERVICE.getPublic(), 5);
        assertEquals("applet-not-installed", refused(() -> card.install(Programs.TERMINAL, parameters)));
        card.install(Programs.TIMER, Bytes.of());
        card.install(Programs.TERMINAL, parameters);
        var reception = Reception.over(card);
        assertEquals("timer-missing", refused(reception::anchor), "a timer applet on a card without oscillator");
    }

    /// The element's way to its timer, and the institution's secret, are kept with the card.
    @Test
    void aCardThatIsKeptTicksOn(@TempDir Path folder) {
        var secret = new byte[32];
        Cards.DIE.nextBytes(secret);
        var image = folder.resolve("card");
        var programs = List.of(Programs.TIMER, Programs.TERMINAL);
        try (var key = Secret.taking(secret)) {
            long life;
            try (var card = SoftCard.open(image, key, programs, Cards.DIE)) {
                card.wind(Oscillator.beside(() -> 0, () -> START));
                card.install(Programs.TIMER, Bytes.of());
                card.install(Programs.TERMINAL, TerminalElement.tickingParameters(Reception.SERVICE.getPublic(), 5));
                var reception = Reception.over(card).enrolled();
                reception.anchor();
                life = reception.element.view().life();
            }
            try (var card = SoftCard.open(image, key, programs, Cards.DIE)) {
                card.wind(Oscillator.beside(() -> 0, () -> START));
                var reception = Reception.over(card);
                assertEquals(life, reception.element.view().life());
                assertTrue(reception.element.view().keyed() && reception.key().ticking());
                reception.element.open(Reception.service());
                var message = Bytes.utf8("a").sha256();
                assertTrue(reception
                        .key()
                        .isStamp(message, reception.element.stamps().stamp(message)));
            }
        }
    }
}
