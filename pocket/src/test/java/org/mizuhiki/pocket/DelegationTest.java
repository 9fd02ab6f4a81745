package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.Delegations.Scope;

/// A daughter reads her father's letters, as far as he lets her.
@ExtendWith(World.Given.class)
@Tag("F6")
@Tag("F15")
class DelegationTest {
    private static final Duration MONTH = Duration.ofDays(30);

    private static Digest send(World world, World.Player owner) {
        world.relate(world.doctorA(), owner);
        var pocket = world.doctorA().pocket();
        return pocket.post()
                .send(Letters.draft(pocket, Letters.plain(owner.id())))
                .letter();
    }

    @Test
    void aDelegateReadsTheLettersInScopeAndNoOther(World world) {
        var father = world.patient();
        var daughter = world.somebody(world.newPatient());
        var one = send(world, father);
        var other = send(world, father);
        var given = father.pocket().delegations().add(daughter.id(), new Scope.Letters(List.of(one)), MONTH);
        assertEquals(1, given.size());
        assertEquals(
                List.of(),
                father.pocket().delegations().add(daughter.id(), new Scope.Letters(List.of(one)), Duration.ofDays(1)));
        var read = daughter.pocket().reading().open(one, "family");
        assertEquals(father.id(), read.owner());
        assertEquals(Letters.plain(father.id()).document(), read.document());
        Refused.with("letter-unknown", () -> daughter.pocket().reading().open(other, "family"));
        // the father sees who opened it, and that it was told to her
        var openings = father.pocket().trail().openings(one);
        assertTrue(openings.stream().anyMatch(o -> o.statement().by().equals(daughter.id())));
        assertTrue(daughter.pocket().post().inbox(50, Long.MAX_VALUE).stream()
                .anyMatch(n -> n.letter().equals(one)));
    }

    @Test
    void aDelegatePassesNothingOn(World world) {
        var father = world.somebody(world.newPatient());
        var daughter = world.somebody(world.newPatient());
        var letter = send(world, father);
        father.pocket().delegations().add(daughter.id(), new Scope.Letters(List.of(letter)), MONTH);
        Refused.with(
                "grant-not-onward",
                () -> daughter.pocket().grants().give(letter, world.doctorB().id(), MONTH, "referral"));
        Refused.with(
                "not-the-owner",
                () -> daughter.pocket()
                        .delegations()
                        .add(world.patient().id(), new Scope.Letters(List.of(letter)), MONTH));
        Refused.with(
                "nothing-to-delegate",
                () -> daughter.pocket().delegations().add(world.patient().id(), new Scope.Everything(), MONTH));
        Refused.with(
                "delegate-oneself",
                () -> father.pocket().delegations().add(father.id(), new Scope.Everything(), MONTH));
    }

    @Test
    void whatIsTakenBackOpensNoMore(World world) {
        var father = world.somebody(world.newPatient());
        var daughter = world.somebody(world.newPatient());
        var letters = List.of(send(world, father), send(world, father));
        father.pocket().delegations().add(daughter.id(), new Scope.Everything(), MONTH);
        letters.forEach(letter -> daughter.pocket().reading().open(letter, "family"));
        assertEquals(1, father.pocket().delegations().list().size());
        assertEquals(2, father.pocket().delegations().remove(daughter.id()));
        assertEquals(List.of(), father.pocket().delegations().list());
        for (var letter : letters) {
            assertThrows(Refusal.class, () -> daughter.pocket().reading().open(letter, "family"));
        }
        Refused.with("delegate-unknown", () -> father.pocket().delegations().remove(daughter.id()));
    }

    @Test
    void whoMayReadEverythingGetsWhatComesUntilTheSameEnd(World world) {
        var father = world.somebody(world.newPatient());
        var bank = world.somebody(world.newPatient());
        send(world, father);
        father.pocket().delegations().add(bank.id(), new Scope.Everything(), MONTH);
        var before = father.pocket().delegations().list().getFirst();
        assertTrue(before.everything());
        var later = send(world, father);
        assertEquals(1, father.pocket().delegations().follow().size());
        assertEquals(List.of(), father.pocket().delegations().follow());
        assertEquals(
                later, bank.pocket().reading().open(later, "information-bank").id());
        var after = father.pocket().delegations().list().getFirst();
        assertEquals(before.until(), after.until());
        assertEquals(2, after.grants().size());
        assertTrue(after.grants().stream().allMatch(g -> g.onward() == 0));
        assertEquals(
                List.of(father.id()),
                after.grants().stream().map(LateralGrant::by).distinct().toList());
    }

    @Test
    void aScopeByAuthorAndTimeIsWhatIsThereNow(World world) {
        var father = world.somebody(world.newPatient());
        var daughter = world.somebody(world.newPatient());
        send(world, father);
        var now = world.clock.instant();
        var none = new Scope.Some(Optional.of(world.doctorB().id()), Optional.empty(), Optional.empty());
        Refused.with("nothing-to-delegate", () -> father.pocket().delegations().add(daughter.id(), none, MONTH));
        var future = new Scope.Some(Optional.empty(), Optional.of(now.plusSeconds(3600)), Optional.empty());
        Refused.with("nothing-to-delegate", () -> father.pocket().delegations().add(daughter.id(), future, MONTH));
        var today = new Scope.Some(
                Optional.of(world.doctorA().id()),
                Optional.of(now.minusSeconds(3600)),
                Optional.of(now.plusSeconds(60)));
        assertEquals(
                1,
                father.pocket().delegations().add(daughter.id(), today, MONTH).size());
        send(world, father);
        assertEquals(List.of(), father.pocket().delegations().follow(), "not everything was delegated");
    }
}
