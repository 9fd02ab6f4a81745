package org.mizuhiki.keys;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Decision;
import org.mizuhiki.consent.Decision.Denied;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statements;
import org.mizuhiki.consent.Statute;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.KeyRows.Letter;
import org.mizuhiki.keys.KeyRows.Pair;
import org.mizuhiki.keys.KeyRows.Topic;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Puts what is on file before the statute.
final class Court {
    private static final Logger LOG = LoggerFactory.getLogger(Court.class);

    private final CheckedStatements checked;
    private final Statute statute;
    private final Clock clock;

    Court(Statements statements, Statute statute, Clock clock) {
        this.checked = new CheckedStatements(statements, clock);
        this.statute = statute;
        this.clock = clock;
    }

    Attested<Statement> check(Bytes signed) {
        return checked.check(signed);
    }

    Instant now() {
        return clock.instant();
    }

    boolean related(Pair pair, Collection<Attested<?>> said) {
        return statute.related(pair.professional(), pair.patient(), now(), said);
    }

    /// The decision as if no other grant than `grant` had been given: who names a grant must be allowed
    /// by that one.
    Decision mayOpen(PersonId who, Digest letter, Optional<Digest> grant, Instant when, Collection<Attested<?>> said) {
        var relevant = said.stream()
                .filter(a -> !(a.statement() instanceof LateralGrant g) || g.id().equals(grant.orElse(null)))
                .toList();
        return statute.mayOpen(who, letter, when, relevant);
    }

    /// What was said about a letter or between these two, each signature checked now.
    List<Attested<?>> said(List<KeyRows.Row> rows) {
        var said = new ArrayList<Attested<?>>();
        for (var row : rows) {
            try {
                said.add(check(row.signed()));
            } catch (Refusal e) {
                // leaving out a permission closes a door, leaving out a revocation would open one; and what merely
                // cannot be checked now must not look as if it had never been said
                if (row.kind().equals("revocation") || e.code().equals("revocation-unknown")) {
                    throw e;
                }
                LOG.warn("statement {} no longer counts: {}", row.number(), e.code());
            }
        }
        return said;
    }

    /// Deletes the slots that nobody may have any more once this was ended.
    void dropWhatFell(Revocation revocation, KeyRows rows) {
        var ended = rows.statement(revocation.ends()).map(r -> check(r.signed()).statement());
        if (ended.isEmpty()) {
            return;
        }
        var letters = switch (ended.get()) {
            case LateralGrant g -> rows.letter(g.letter()).stream().toList();
            case CareRelation r -> rows.lettersBetween(new Pair(r.professional(), r.patient()));
            case LetterSealed _, Revocation _, Disclosure _ -> List.<Letter>of();
        };
        letters.forEach(letter -> dropWhatFell(letter, rows));
    }

    private void dropWhatFell(Letter letter, KeyRows rows) {
        var said = said(rows.deciding(letter.letter(), new Pair(letter.author(), letter.owner())));
        for (var attested : said) {
            if (attested.statement() instanceof LateralGrant g
                    && mayOpen(g.reader(), g.letter(), Optional.of(g.id()), now(), said) instanceof Denied denied
                    && !denied.rule().equals("grant-not-yet")) {
                rows.dropSlot(g.id());
            }
        }
    }

    /// Under what a statement is found again, and whom it names.
    Topic topic(Statement statement, KeyRows rows) {
        return switch (statement) {
            case CareRelation s ->
                new Topic(
                        Optional.empty(),
                        Optional.of(new Pair(s.professional(), s.patient())),
                        Set.of(s.professional(), s.patient()));
            case LetterSealed s -> new Topic(Optional.of(s.letter()), Optional.empty(), Set.of(s.by(), s.owner()));
            case LateralGrant s ->
                new Topic(Optional.of(s.letter()), Optional.empty(), Set.of(s.by(), s.reader(), s.owner()));
            case Disclosure s -> {
                // the author learns who opened the letter, as the owner does
                var parties = new LinkedHashSet<>(Set.of(s.by()));
                parties.add(s.owner());
                rows.letter(s.letter()).ifPresent(l -> parties.add(l.author()));
                yield new Topic(Optional.of(s.letter()), Optional.empty(), parties);
            }
            case Revocation s -> {
                var ended = topic(
                        check(rows.statement(s.ends())
                                        .orElseThrow(No::statementUnknown)
                                        .signed())
                                .statement(),
                        rows);
                var parties = new LinkedHashSet<>(ended.parties());
                parties.add(s.by());
                yield new Topic(ended.letter(), ended.pair(), parties);
            }
        };
    }
}
