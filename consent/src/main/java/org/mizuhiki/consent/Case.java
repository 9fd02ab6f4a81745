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
import org.mizuhiki.consent.Decision.Denied;
import org.mizuhiki.consent.Decision.Permitted;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.Revocation;
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
            return Rule.LETTER_UNKNOWN.denied();
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
            return author(sealings);
        }
        return reader(who, sealings, now);
    }

    /// The author may open what was sealed under a relation that stood then.
    private Decision author(List<LetterSealed> sealings) {
        return sealings.stream()
                .filter(s -> related(s.by(), s.owner(), s.at()))
                .findFirst()
                .<Decision>map(s -> new Permitted(s.id()))
                .orElseGet(Rule.RELATION_MISSING::denied);
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
        return nearest.orElse(Rule.NOT_A_READER).denied();
    }

    /// Which rule a grant breaks, if any. Only the author grants: a reader cannot pass on what was opened
    /// to them.
    private Optional<Rule> broken(LateralGrant grant, List<LetterSealed> sealings, Instant now) {
        var sealing = sealings.getFirst();
        if (!grant.by().equals(sealing.by()) || !grant.owner().equals(sealing.owner())) {
            return Optional.of(Rule.GRANTOR_NOT_ENTITLED);
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
        if (!bothSaid(grant.by(), grant.owner(), r -> stands(r, grant.at()))) {
            return Optional.of(Rule.RELATION_MISSING);
        }
        if (!bothSaid(grant.by(), grant.owner(), r -> stands(r, grant.at()) && !ended(r, _ -> true))) {
            return Optional.of(Rule.RELATION_REVOKED);
        }
        if (author(sealings) instanceof Denied) {
            return Optional.of(Rule.RELATION_MISSING);
        }
        return Optional.empty();
    }

    boolean related(PersonId professional, PersonId patient, Instant when) {
        return bothSaid(professional, patient, r -> stands(r, when) && !ended(r, e -> !e.at().isAfter(when)));
    }

    private boolean bothSaid(PersonId professional, PersonId patient, Predicate<CareRelation> that) {
        var halves = all(CareRelation.class)
                .filter(r ->
                        r.professional().equals(professional) && r.patient().equals(patient))
                .filter(that)
                .toList();
        return halves.stream().anyMatch(r -> r.by().equals(professional))
                && halves.stream().anyMatch(r -> r.by().equals(patient));
    }

    private static boolean stands(CareRelation relation, Instant when) {
        return !when.isBefore(relation.at()) && when.isBefore(relation.until());
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
