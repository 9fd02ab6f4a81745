package org.mizuhiki.consent;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.mizuhiki.consent.Decision.Permitted;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statement.Veto;
import org.mizuhiki.consent.Statement.VetoLifted;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;

/// What was said, indexed by statement ID: neither order nor repetition can change an answer.
final class Case {
    private final SortedMap<Digest, Statement> said = new TreeMap<>();

    Case(Collection<Attested<?>> said) {
        for (var attested : said) {
            this.said.put(attested.statement().id(), attested.statement());
        }
    }

    Decision mayOpen(PersonId who, Digest letter, Instant now) {
        var sealings =
                all(LetterSealed.class).filter(s -> s.letter().equals(letter)).toList();
        if (sealings.isEmpty()) {
            return picture(who, letter);
        }
        var sealing = sealings.getFirst();
        if (!sealings.stream()
                .allMatch(s -> s.by().equals(sealing.by()) && s.owner().equals(sealing.owner()))) {
            return Rule.LETTER_DISPUTED.denied();
        }
        if (who.equals(sealing.owner())) {
            return new Permitted(sealing.id());
        }
        if (who.equals(sealing.by())) {
            return author(sealings, now);
        }
        return reader(who, sealings, now);
    }

    /// Even after the registration ended: it may have ended because of what the picture shows.
    private Decision picture(PersonId who, Digest evidence) {
        var shown = all(ProvisionalRegistration.class)
                .filter(r -> r.evidence().equals(evidence))
                .toList();
        if (shown.isEmpty()) {
            return Rule.LETTER_UNKNOWN.denied();
        }
        var one = shown.getFirst();
        if (shown.size() > 1) {
            return Rule.LETTER_DISPUTED.denied();
        }
        return who.equals(one.patient()) || who.equals(one.supervisor())
                ? new Permitted(one.id())
                : Rule.NOT_A_READER.denied();
    }

    /// The author may open what was sealed under a relation that stood then; in an emergency also where nobody
    /// shows that relation.
    private Decision author(List<LetterSealed> sealings, Instant now) {
        var one = sealings.getFirst();
        return rightful(sealings)
                .<Decision>map(s -> new Permitted(s.id()))
                .orElseGet(() -> emergency(
                        one.by(), one.owner(), now, Optional.of(Rule.RELATION_MISSING), Rule.RELATION_MISSING));
    }

    private Optional<LetterSealed> rightful(List<LetterSealed> sealings) {
        return sealings.stream().filter(s -> related(s.by(), s.owner(), s.at())).findFirst();
    }

    /// The best answer of all grants that name this reader; of several refusals the one that came nearest
    /// to a yes.
    private Decision reader(PersonId who, List<LetterSealed> sealings, Instant now) {
        Optional<Rule> nearest = Optional.empty();
        for (var grant : all(LateralGrant.class)
                .filter(g -> g.reader().equals(who)
                        && g.letter().equals(sealings.getFirst().letter()))
                .toList()) {
            var broken = broken(grant, sealings, now);
            if (broken.isEmpty()) {
                return new Permitted(grant.id());
            }
            nearest = Stream.concat(nearest.stream(), broken.stream()).max(Comparator.naturalOrder());
        }
        return emergency(who, sealings.getFirst().owner(), now, nearest, Rule.NOT_A_READER);
    }

    Decision inEmergency(PersonId who, PersonId patient, Instant now) {
        return emergency(who, patient, now, Optional.empty(), Rule.EMERGENCY_NOT_ALLOWED);
    }

    /// @param nearest why no grant opens it, if there is one
    /// @param none when there is no opening either
    private Decision emergency(PersonId who, PersonId owner, Instant now, Optional<Rule> nearest, Rule none) {
        for (var opening : all(EmergencyOpening.class)
                .filter(o -> o.by().equals(who) && o.patient().equals(owner))
                .toList()) {
            var broken = broken(opening, now);
            if (broken.isEmpty()) {
                return new Permitted(opening.id());
            }
            nearest = Stream.concat(nearest.stream(), broken.stream()).max(Comparator.naturalOrder());
        }
        return nearest.orElse(none).denied();
    }

    /// Which rule an emergency opening breaks, if any.
    private Optional<Rule> broken(EmergencyOpening opening, Instant now) {
        boolean allowed = said.get(opening.access()) instanceof EmergencyAccess access
                && access.by().equals(opening.patient())
                && stands(access.at(), access.until(), opening.at())
                && stands(access.at(), access.until(), now)
                && !ended(access, _ -> true);
        if (!allowed) {
            return Optional.of(Rule.EMERGENCY_NOT_ALLOWED);
        }
        if (barred(opening.patient(), opening.by(), opening.at())) {
            return Optional.of(Rule.READER_BARRED);
        }
        if (ended(opening, _ -> true)) {
            return Optional.of(Rule.EMERGENCY_ENDED);
        }
        return stands(opening.at(), opening.until(), now) ? Optional.empty() : Optional.of(Rule.EMERGENCY_OVER);
    }

    /// Which rule a grant breaks, if any, by itself or by what it rests on.
    private Optional<Rule> broken(LateralGrant grant, List<LetterSealed> sealings, Instant now) {
        var above = grant.under().flatMap(under -> above(grant, under));
        boolean entitled = grant.under().isPresent()
                ? above.isPresent()
                : grant.by().equals(sealings.getFirst().by()) || delegates(grant);
        if (!entitled || !grant.owner().equals(sealings.getFirst().owner())) {
            return Optional.of(Rule.GRANTOR_NOT_ENTITLED);
        }
        if (barred(grant.owner(), grant.reader(), grant.at())) {
            return Optional.of(Rule.READER_BARRED);
        }
        if (ended(grant, _ -> true)) {
            return Optional.of(Rule.GRANT_REVOKED);
        }
        if (!now.isBefore(grant.until())) {
            return Optional.of(Rule.GRANT_EXPIRED);
        }
        if (now.isBefore(grant.at())) {
            return Optional.of(Rule.GRANT_NOT_YET);
        }
        if (above.isPresent()) {
            return broken(above.get(), sealings, now);
        }
        return delegates(grant) ? Optional.empty() : unrelated(grant, sealings);
    }

    /// The owner's own grant, to a delegate: never to be passed on.
    private static boolean delegates(LateralGrant grant) {
        return grant.by().equals(grant.owner()) && grant.under().isEmpty() && grant.onward() == 0;
    }

    /// A reader passes on at most what the reader has: as long, and fewer steps onward each time, so that a
    /// chain ends.
    private Optional<LateralGrant> above(LateralGrant grant, Digest under) {
        return said.get(under) instanceof LateralGrant above
                        && above.reader().equals(grant.by())
                        && above.letter().equals(grant.letter())
                        && above.onward() > grant.onward()
                        && !grant.at().isBefore(above.at())
                        && !grant.until().isAfter(above.until())
                ? Optional.of(above)
                : Optional.empty();
    }

    private Optional<Rule> unrelated(LateralGrant grant, List<LetterSealed> sealings) {
        if (!bothSaid(grant.by(), grant.owner(), grant.at(), _ -> false)) {
            return Optional.of(Rule.RELATION_MISSING);
        }
        if (!bothSaid(grant.by(), grant.owner(), grant.at(), _ -> true)) {
            return Optional.of(Rule.RELATION_REVOKED);
        }
        if (rightful(sealings).isEmpty()) {
            return Optional.of(Rule.RELATION_MISSING);
        }
        return Optional.empty();
    }

    /// What was granted, or opened, until the veto, or while it stood, never counts again.
    private boolean barred(PersonId owner, PersonId reader, Instant since) {
        return all(Veto.class)
                .filter(v -> v.by().equals(owner) && v.bars().equals(reader))
                .anyMatch(v -> all(VetoLifted.class)
                        .filter(l -> l.lifts().equals(v.id()) && l.by().equals(v.by()) && !l.at().isBefore(v.at()))
                        .noneMatch(l -> since.isAfter(l.at())));
    }

    boolean related(PersonId professional, PersonId patient, Instant when) {
        return bothSaid(professional, patient, when, e -> !e.at().isAfter(when));
    }

    /// @param ending which revocations count
    private boolean bothSaid(PersonId professional, PersonId patient, Instant when, Predicate<Revocation> ending) {
        var halves = all(CareRelation.class)
                .filter(r ->
                        r.professional().equals(professional) && r.patient().equals(patient))
                .filter(r -> stands(r.at(), r.until(), when) && !ended(r, ending))
                .toList();
        return halves.stream().anyMatch(r -> r.by().equals(professional))
                && (halves.stream().anyMatch(r -> r.by().equals(patient))
                        || registered(professional, patient, when, ending));
    }

    private boolean registered(PersonId by, PersonId patient, Instant when, Predicate<Revocation> ending) {
        return all(ProvisionalRegistration.class)
                .filter(r -> r.by().equals(by) && r.patient().equals(patient))
                .anyMatch(r -> stands(r.at(), r.until(), when) && !ended(r, ending));
    }

    private static boolean stands(Instant at, Instant until, Instant when) {
        return !when.isBefore(at) && when.isBefore(until);
    }

    private boolean ended(Statement statement, Predicate<Revocation> which) {
        return all(Revocation.class)
                .filter(r -> r.ends().equals(statement.id()) && Statute.mayEnd(r.by(), statement))
                .anyMatch(which);
    }

    private <S extends Statement> Stream<S> all(Class<S> kind) {
        return said.values().stream().filter(kind::isInstance).map(kind::cast);
    }
}
