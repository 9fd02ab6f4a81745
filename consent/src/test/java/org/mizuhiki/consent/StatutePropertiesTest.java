package org.mizuhiki.consent;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.PersonId;

/// Thousands of little worlds in which four people say things at random.
@Tag("V6")
@Tag("V7")
@Tag("F15")
class StatutePropertiesTest {
    private static final int WORLDS = 400;

    private static void inManyWorlds(BiConsumer<World, Instant> law) {
        int permitted = 0;
        for (long seed = 0; seed < WORLDS; seed++) {
            var world = peopled(seed);
            var now = time(world);
            for (var who : people(world)) {
                permitted += world.answer(who, now).equals("permitted") ? 1 : 0;
            }
            law.accept(world, now);
        }
        assertTrue(permitted > WORLDS / 2, "the worlds must not be too poor to show anything");
    }

    /// The same seed gives the same world.
    static World peopled(long seed) {
        var world = new World(seed);
        int things = world.die.nextInt(14);
        if (world.die.nextInt(4) > 0) {
            world.referral(time(world));
        }
        for (int i = 0; i < things; i++) {
            world.say(anything(world));
        }
        return world;
    }

    static List<PersonId> people(World world) {
        return List.of(world.doctor, world.colleague, world.stranger, world.patient);
    }

    private static PersonId anybody(World world) {
        return people(world).get(world.die.nextInt(4));
    }

    static Instant time(World world) {
        return Pretend.NOW.plusSeconds(world.die.nextInt(20) * 3600L);
    }

    private static Statement anything(World world) {
        var at = time(world);
        var until = at.plusSeconds(world.die.nextInt(40) * 3600L);
        return switch (world.die.nextInt(12)) {
            case 0 -> world.relation(anybody(world), anybody(world), anybody(world), at, until);
            case 1 ->
                world.die.nextInt(6) == 0
                        ? new LetterSealed(anybody(world), anybody(world), world.letter, List.of(), at, world.nonce())
                        : world.sealed(at);
            case 2 -> world.grant(anybody(world), anybody(world), at, until);
            case 3 ->
                world.said.isEmpty()
                        ? world.sealed(at)
                        : world.revocation(
                                anybody(world),
                                world.said
                                        .get(world.die.nextInt(world.said.size()))
                                        .statement(),
                                at);
            case 4, 5 -> passedOn(world, at, until);
            case 6 -> world.veto(anybody(world), anybody(world), at);
            case 7 -> world.registration(anybody(world), anybody(world), at, until);
            case 8, 9 -> emergency(world, at, until);
            case 10 -> ended(world, at);
            default -> world.disclosure(anybody(world), java.util.Optional.empty(), at);
        };
    }

    /// By something that was allowed for emergencies, if anything was; else something is.
    private static Statement emergency(World world, Instant at, Instant until) {
        var allowed = world.said.stream()
                .map(Attested::statement)
                .filter(EmergencyAccess.class::isInstance)
                .map(EmergencyAccess.class::cast)
                .toList();
        if (allowed.isEmpty() || world.die.nextInt(4) == 0) {
            return world.access(world.die.nextInt(3) == 0 ? at : Pretend.NOW, until.plusSeconds(40 * 3600L));
        }
        return world.opening(anybody(world), allowed.get(world.die.nextInt(allowed.size())), at, until);
    }

    /// The newest emergency opening, by who said it.
    private static Statement ended(World world, Instant at) {
        return world.said.reversed().stream()
                .map(Attested::statement)
                .filter(EmergencyOpening.class::isInstance)
                .findFirst()
                .<Statement>map(opening -> world.revocation(opening.by(), opening, at))
                .orElseGet(() -> world.sealed(at));
    }

    /// Under some grant that was given, if one was; often as far as it allows, sometimes further.
    private static Statement passedOn(World world, Instant at, Instant until) {
        var grants = world.said.stream()
                .map(Attested::statement)
                .filter(LateralGrant.class::isInstance)
                .map(LateralGrant.class::cast)
                .toList();
        if (grants.isEmpty() || world.die.nextInt(3) == 0) {
            return world.mayGoOn(anybody(world), world.die.nextInt(3), at, until);
        }
        var under = grants.get(world.die.nextInt(grants.size()));
        boolean fit = world.die.nextInt(4) > 0;
        return world.onward(
                fit ? under.reader() : anybody(world),
                anybody(world),
                under,
                world.die.nextInt(2),
                fit ? under.at() : at,
                fit ? under.until() : until);
    }

    @Test
    void orderAndRepetitionChangeNothing() {
        inManyWorlds((world, now) -> {
            var other = new ArrayList<>(world.said);
            other.addAll(world.said.subList(0, world.said.size() / 2));
            Collections.shuffle(other, new Random(world.die.nextLong()));
            for (var who : people(world)) {
                assertEquals(
                        new RegionStatute().mayOpen(who, world.letter, now, world.said),
                        new RegionStatute().mayOpen(who, world.letter, now, other));
            }
        });
    }

    @Test
    void aRevocationNeverOpensAnything() {
        inManyWorlds((world, now) -> {
            if (world.said.isEmpty()) {
                return;
            }
            var before = people(world).stream()
                    .filter(p -> !world.answer(p, now).equals("permitted"))
                    .toList();
            world.say(world.revocation(
                    anybody(world),
                    world.said.get(world.die.nextInt(world.said.size())).statement(),
                    time(world)));
            before.forEach(p -> assertNotEquals("permitted", world.answer(p, now)));
        });
    }

    @Test
    void aRevocationBySomebodyNotEntitledChangesNothing() {
        inManyWorlds((world, now) -> {
            for (var target : world.said.subList(0, Math.min(4, world.said.size()))) {
                for (var by : people(world)) {
                    if (Statute.mayEnd(by, target.statement())) {
                        continue;
                    }
                    var more = new ArrayList<>(world.said);
                    more.add(World.attested(world.revocation(by, target.statement(), now)));
                    for (var who : people(world)) {
                        assertEquals(world.answer(who, now), World.answer(who, world.letter, now, more));
                    }
                }
            }
        });
    }

    @Test
    void whoOpensHasAChainOfStatementsToTheAuthorAndTheOwner() {
        inManyWorlds((world, now) -> {
            for (var who : people(world)) {
                if (new RegionStatute().mayOpen(who, world.letter, now, world.said)
                        instanceof Decision.Permitted(var because)) {
                    var reason = world.said.stream()
                            .map(Attested::statement)
                            .filter(s -> s.id().equals(because))
                            .findFirst()
                            .orElseThrow();
                    checkChain(world, who, now, reason);
                }
            }
        });
    }

    private static void checkChain(World world, PersonId who, Instant now, Statement reason) {
        var statute = new RegionStatute();
        switch (reason) {
            case LetterSealed s ->
                assertTrue(who.equals(s.owner())
                        || (who.equals(s.by()) && statute.related(s.by(), s.owner(), s.at(), world.said)));
            case LateralGrant g -> {
                assertEquals(who, g.reader());
                assertTrue(!now.isBefore(g.at()) && now.isBefore(g.until()));
                assertTrue(world.said.stream()
                        .noneMatch(a -> a.statement() instanceof Statement.Veto v
                                && v.by().equals(g.owner())
                                && v.bars().equals(who)));
                if (g.under().isPresent()) {
                    var above = world.said.stream()
                            .map(Attested::statement)
                            .filter(s -> s.id().equals(g.under().get()))
                            .findFirst()
                            .orElseThrow();
                    assertTrue(((LateralGrant) above).onward() > g.onward());
                    checkChain(world, g.by(), now, above);
                    return;
                }
                if (g.by().equals(g.owner())) {
                    assertEquals(0, g.onward(), "a delegate passes nothing on");
                    assertTrue(world.said.stream()
                            .anyMatch(a -> a.statement() instanceof LetterSealed s
                                    && s.owner().equals(g.owner())));
                    return;
                }
                assertTrue(statute.related(g.by(), g.owner(), g.at(), world.said));
                assertTrue(world.said.stream()
                        .anyMatch(a -> a.statement() instanceof LetterSealed s
                                && s.by().equals(g.by())
                                && s.owner().equals(g.owner())));
            }
            case EmergencyOpening o -> {
                assertEquals(who, o.by());
                assertEquals(world.patient, o.patient());
                assertTrue(!now.isBefore(o.at()) && now.isBefore(o.until()));
                assertTrue(world.said.stream()
                        .anyMatch(a -> a.statement().id().equals(o.access())
                                && a.statement().by().equals(world.patient)));
                assertTrue(world.said.stream()
                        .noneMatch(a -> a.statement() instanceof Statement.Veto v
                                && v.by().equals(world.patient)
                                && v.bars().equals(who)));
            }
            default -> throw new AssertionError("nothing else allows: " + reason.kind());
        }
    }

    @Test
    void whatConcernsAnotherLetterChangesNothing() {
        inManyWorlds((world, now) -> {
            var other = new World(world.die.nextLong());
            var foreign = new LetterSealed(
                    world.stranger,
                    world.colleague,
                    org.mizuhiki.house.Digest.of((byte) 77),
                    List.of(),
                    now,
                    other.nonce());
            var more = new ArrayList<>(world.said);
            more.add(World.attested(foreign));
            for (var who : people(world)) {
                assertEquals(world.answer(who, now), World.answer(who, world.letter, now, more));
            }
        });
    }
}
