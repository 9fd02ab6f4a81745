package org.mizuhiki.pocket;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.records.DocumentRules;
import org.mizuhiki.records.LetterCheck;
import org.mizuhiki.records.LetterForm;

/// Lateral grants for more than one letter: what the author wrote about a patient's problem, or in a time, is
/// opened to another professional at once. Each letter gets a grant of its own, so each can be taken back, and
/// nothing that is written later is open.
public final class Episodes {
    private static final LetterForm FORM = new DocumentRules();

    private final Desk desk;
    private final Grants grants;
    private final Reading reading;

    Episodes(Desk desk, Grants grants, Reading reading) {
        this.desk = desk;
        this.grants = grants;
        this.reading = reading;
    }

    /// What of this author's letters about a patient is meant.
    ///
    /// @param problem a code as letters have it, such as `20058911`; absent: whatever they are about. No server
    /// learns it: this device opens the letters and looks, which the patient sees
    /// @param since when they were sealed at the earliest
    /// @param before when they were sealed at the latest, this moment not included
    public record Scope(
            PersonId patient, Optional<String> problem, Optional<Instant> since, Optional<Instant> before) {}

    /// @return the new grants, oldest letter first; a letter that is open to the reader as long is left as it is
    /// @throws Refusal `nothing-in-scope`, and those of [Grants#give]
    public List<Digest> give(Scope scope, PersonId reader, Duration life, String purpose) {
        grants.mustBeProfessional(reader);
        // 1. this author's letters about the patient, by their signed statements
        var letters = Said.of(desk).of(LetterSealed.class).stream()
                .map(Attested::statement)
                .filter(s -> s.by().equals(desk.me()) && s.owner().equals(scope.patient()))
                .filter(s -> scope.since().map(since -> !s.at().isBefore(since)).orElse(true))
                .filter(s ->
                        scope.before().map(before -> s.at().isBefore(before)).orElse(true))
                .sorted(Comparator.comparing(LetterSealed::at)
                        .thenComparing(s -> s.letter().hex()))
                .map(LetterSealed::letter)
                // 2. what they are about, by the letters themselves
                .filter(letter ->
                        scope.problem().map(code -> isAbout(letter, code)).orElse(true))
                .toList();
        if (letters.isEmpty()) {
            throw Refusal.of("nothing-in-scope", "その範囲に、自分が作成した文書がありません", "You wrote no letter within that scope");
        }
        // 3. one grant for each that is not open yet
        var end = desk.now().plus(life);
        var open = grants.list().stream()
                .filter(g -> g.state() == Grants.State.STANDING)
                .map(Grants.Grant::statement)
                .filter(g -> g.by().equals(desk.me())
                        && g.reader().equals(reader)
                        && !g.until().isBefore(end))
                .map(g -> g.letter())
                .toList();
        return letters.stream()
                .filter(letter -> !open.contains(letter))
                .map(letter -> grants.give(letter, reader, life, purpose))
                .toList();
    }

    private boolean isAbout(Digest letter, String code) {
        var read = reading.open(letter, "lateral-grant");
        return switch (FORM.check(read.document())) {
            case LetterCheck.Accepted(var summary, var _) ->
                summary.problems().stream().anyMatch(problem -> problem.code().equals(code));
            case LetterCheck.Rejected _ -> false;
        };
    }
}
