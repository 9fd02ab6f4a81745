package org.mizuhiki.pocket;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.Episodes.Scope;
import org.mizuhiki.records.AttachmentReading;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;

/// A doctor opens all that was written about one problem to a colleague.
@ExtendWith(World.Given.class)
@Tag("V7")
@Tag("F15")
class EpisodesTest {
    private static final Duration MONTH = Duration.ofDays(30);

    private static String problem(long seed) {
        return switch (new DocumentRules().check(Letters.document(seed))) {
            case LetterCheck.Accepted(var summary, var _) ->
                summary.problems().getFirst().code();
            case LetterCheck.Rejected rejected -> throw new AssertionError(rejected.toString());
        };
    }

    /// The first letter about another problem than the first.
    private static long other() {
        long seed = 2;
        while (problem(seed).equals(problem(1))) {
            seed++;
        }
        return seed;
    }

    private static Digest send(World world, World.Player patient, long seed) {
        var pocket = world.doctorA().pocket();
        var letter = new NewLetter(
                patient.id(), Letters.document(seed), List.of(), new DocumentRules(), AttachmentReading::check);
        return pocket.post().send(Letters.draft(pocket, letter)).letter();
    }

    private static Scope scope(World.Player patient, Optional<String> problem) {
        return new Scope(patient.id(), problem, Optional.empty(), Optional.empty());
    }

    @Test
    void lettersAboutOneProblemAreOpenedAndNoOthers(World world) {
        var patient = world.somebody(world.newPatient());
        world.relate(world.doctorA(), patient);
        var heart = List.of(send(world, patient, 1), send(world, patient, 1));
        var stomach = send(world, patient, other());
        var episodes = world.doctorA().pocket().episodes();
        var reader = world.doctorB();
        var given = episodes.give(scope(patient, Optional.of(problem(1))), reader.id(), MONTH, "referral");
        assertEquals(2, given.size());
        heart.forEach(letter -> reader.pocket().reading().open(letter, "treatment"));
        Refused.with("letter-unknown", () -> reader.pocket().reading().open(stomach, "treatment"));
        var later = send(world, patient, 1);
        Refused.with("letter-unknown", () -> reader.pocket().reading().open(later, "treatment"));
        // again: only what is not open yet
        assertEquals(
                1,
                episodes.give(scope(patient, Optional.of(problem(1))), reader.id(), Duration.ofDays(29), "referral")
                        .size());
        // each is taken back by itself
        var grants = world.doctorA().pocket().grants();
        var taken = grants.list().stream()
                .filter(g -> g.statement().id().equals(given.getFirst()))
                .map(g -> g.statement().letter())
                .findFirst()
                .orElseThrow();
        grants.revoke(given.getFirst(), "withdrawn");
        for (var letter : heart) {
            if (letter.equals(taken)) {
                Refused.with("blob-unknown", () -> reader.pocket().reading().open(letter, "treatment"));
            } else {
                reader.pocket().reading().open(letter, "treatment");
            }
        }
        Refused.with(
                "nothing-in-scope",
                () -> episodes.give(scope(patient, Optional.of("99999999")), reader.id(), MONTH, "referral"));
    }

    @Test
    void lettersOfATimeAreOpenedAndOnlyOnesOwnAndOfThisPatient(World world) {
        var patient = world.somebody(world.newPatient());
        var stranger = world.somebody(world.newPatient());
        world.relate(world.doctorA(), patient);
        world.relate(world.doctorA(), stranger);
        var letter = send(world, patient, 1);
        send(world, stranger, 1);
        var now = world.clock.instant();
        var episodes = world.doctorA().pocket().episodes();
        var past = new Scope(patient.id(), Optional.empty(), Optional.empty(), Optional.of(now.minusSeconds(3600)));
        Refused.with(
                "nothing-in-scope", () -> episodes.give(past, world.doctorB().id(), MONTH, "referral"));
        var today = new Scope(
                patient.id(),
                Optional.empty(),
                Optional.of(now.minusSeconds(3600)),
                Optional.of(now.plusSeconds(3600)));
        assertEquals(
                1, episodes.give(today, world.doctorB().id(), MONTH, "referral").size());
        assertEquals(
                patient.id(),
                world.doctorB().pocket().reading().open(letter, "treatment").owner());
        Refused.with(
                "nothing-in-scope",
                () -> world.doctorB()
                        .pocket()
                        .episodes()
                        .give(scope(patient, Optional.empty()), world.doctorC().id(), MONTH, "referral"));
        Refused.with(
                "reader-not-professional",
                () -> episodes.give(scope(patient, Optional.empty()), stranger.id(), MONTH, "referral"));
    }
}
