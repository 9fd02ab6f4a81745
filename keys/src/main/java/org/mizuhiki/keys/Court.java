package org.mizuhiki.keys;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Decision;
import org.mizuhiki.consent.Decision.Denied;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.Disclosure;
import org.mizuhiki.consent.Statement.EmergencyAccess;
import org.mizuhiki.consent.Statement.EmergencyOpening;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.LetterResealed;
import org.mizuhiki.consent.Statement.LetterSealed;
import org.mizuhiki.consent.Statement.ProvisionalConfirmation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.consent.Statement.Veto;
import org.mizuhiki.consent.Statement.VetoLifted;
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

    Decision inEmergency(PersonId who, PersonId patient, Collection<Attested<?>> said) {
        return statute.inEmergency(who, patient, now(), said);
    }

    /// The decision as if no other grant than `grant` had been given: who names a grant must be allowed
    /// by that one.
    Decision mayOpen(PersonId who, Digest letter, Optional<Digest> grant, Instant when, Collection<Attested<?>> said) {
        var chain = chain(grant, said).stream().map(LateralGrant::id).collect(Collectors.toSet());
        var relevant = said.stream()
                .filter(a -> !(a.statement() instanceof LateralGrant g) || chain.contains(g.id()))
                .toList();
        return statute.mayOpen(who, letter, when, relevant);
    }

    /// The grant and those it rests on, up to the author's.
    static List<LateralGrant> chain(Optional<Digest> grant, Collection<Attested<?>> said) {
        var chain = new ArrayList<LateralGrant>();
        var next = grant;
        while (next.isPresent() && chain.size() <= LateralGrant.MOST_ONWARD) {
            var id = next.get();
            var found = said.stream()
                    .map(Attested::statement)
                    .filter(s -> s instanceof LateralGrant && s.id().equals(id))
                    .map(LateralGrant.class::cast)
                    .findFirst();
            found.ifPresent(chain::add);
            next = found.flatMap(LateralGrant::under);
        }
        return chain;
    }

    /// What was said about a letter or between these two, each signature checked now.
    List<Attested<?>> said(List<KeyRows.Row> rows) {
        var said = new ArrayList<Attested<?>>();
        for (var row : rows) {
            try {
                var attested = check(row.signed());
                said.add(attested);
                row.ended().ifPresent(at -> said.add(ended(attested, at)));
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

    /// The authority's word that a registration ended counts like its registrar's own, from when it was
    /// heard. It is nobody's signature: it decides here, and is on no file and in no answer.
    private static Attested<Revocation> ended(Attested<?> registration, Instant at) {
        var s = registration.statement();
        var revocation = new Revocation(s.by(), s.id(), "ended-by-authority", at, s.nonce());
        return new Attested<>(revocation, Bytes.of(), registration.signer(), at);
    }

    /// Deletes what rests on a registration that the authority ended.
    void dropEnded(Digest registration, KeyRows rows) {
        rows.endProvisional(registration);
        rows.statement(registration).ifPresent(row -> {
            try {
                dropEnded(check(row.signed()).statement(), rows);
            } catch (Refusal refusal) {
                // slots that stay are not released: each release is decided anew
                LOG.warn("slots under registration {} stay: {}", row.number(), refusal.code());
            }
        });
    }

    /// Deletes the slots that nobody may have any more once this was said.
    void dropWhatFell(Statement said, KeyRows rows) {
        switch (said) {
            case Revocation r ->
                rows.statement(r.ends())
                        .ifPresent(row -> dropEnded(check(row.signed()).statement(), rows));
            case Veto v -> rows.lettersGranted(v.bars(), v.by()).forEach(letter -> dropWhatFell(letter, rows));
            case ProvisionalConfirmation c -> {
                if (c.by().equals(c.patient())) {
                    rows.endProvisional(c.registration());
                }
            }
            case LetterResealed r -> rows.takeSlot(r.id(), r.letter());
            case CareRelation _,
                    LetterSealed _,
                    LateralGrant _,
                    Disclosure _,
                    VetoLifted _,
                    EmergencyAccess _,
                    EmergencyOpening _,
                    ProvisionalRegistration _ -> {}
        }
    }

    private void dropEnded(Statement ended, KeyRows rows) {
        var letters = switch (ended) {
            case LateralGrant g -> rows.letter(g.letter()).stream().toList();
            case CareRelation r -> rows.lettersBetween(new Pair(r.professional(), r.patient()));
            case ProvisionalRegistration r -> {
                rows.endProvisional(r.id());
                yield rows.lettersBetween(new Pair(r.by(), r.patient()));
            }
            case EmergencyAccess a -> {
                new EmergencyRows(rows.rows()).end(a.id());
                yield List.<Letter>of();
            }
            case LetterSealed _,
                    LetterResealed _,
                    Revocation _,
                    Disclosure _,
                    Veto _,
                    VetoLifted _,
                    EmergencyOpening _, // decided anew at each release
                    ProvisionalConfirmation _ -> List.<Letter>of();
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

    /// Of all that may decide: the grants from this one up, the relation of author and owner, and what the
    /// owner said against the readers of these grants.
    List<KeyRows.Row> grounds(List<KeyRows.Row> deciding, Digest because) {
        var said = said(deciding);
        var chain = chain(Optional.of(because), said);
        var readers = chain.stream().map(LateralGrant::reader).collect(Collectors.toSet());
        var shown = chain.stream().map(LateralGrant::id).collect(Collectors.toCollection(LinkedHashSet::new));
        for (var attested : said) {
            switch (attested.statement()) {
                case CareRelation s -> shown.add(s.id());
                case ProvisionalRegistration s -> shown.add(s.id());
                case Veto s when readers.contains(s.bars()) -> shown.add(s.id());
                case VetoLifted s when shown.contains(s.lifts()) -> shown.add(s.id());
                default -> {}
            }
        }
        var order = new ArrayList<>(shown);
        return deciding.stream()
                .filter(row -> shown.contains(row.id()))
                .sorted(Comparator.comparingInt(row -> order.indexOf(row.id())))
                .toList();
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
            case LetterResealed s -> new Topic(Optional.of(s.letter()), Optional.empty(), Set.of(s.by(), s.owner()));
            case LateralGrant s ->
                // of an owner's own grant two are one
                new Topic(
                        Optional.of(s.letter()),
                        Optional.empty(),
                        new LinkedHashSet<>(List.of(s.by(), s.reader(), s.owner())));
            case Disclosure s -> {
                // the author learns who opened the letter, as the owner does
                var parties = new LinkedHashSet<>(Set.of(s.by()));
                parties.add(s.owner());
                rows.letter(s.letter()).ifPresent(l -> parties.add(l.author()));
                yield new Topic(Optional.of(s.letter()), Optional.empty(), parties);
            }
            case Veto s ->
                new Topic(Optional.empty(), Optional.of(new Pair(s.bars(), s.by())), Set.of(s.by(), s.bars()));
            case ProvisionalRegistration s ->
                new Topic(
                        Optional.of(s.evidence()),
                        Optional.of(new Pair(s.by(), s.patient())),
                        Set.of(s.by(), s.patient(), s.supervisor()));
            case EmergencyAccess s ->
                new Topic(Optional.empty(), Optional.of(new Pair(s.by(), s.by())), Set.of(s.by()));
            case EmergencyOpening s ->
                new Topic(Optional.empty(), Optional.of(new Pair(s.by(), s.patient())), Set.of(s.by(), s.patient()));
            case Revocation s -> follows(s.by(), s.ends(), rows);
            case VetoLifted s -> follows(s.by(), s.lifts(), rows);
            case ProvisionalConfirmation s -> follows(s.by(), s.registration(), rows);
        };
    }

    /// What follows an earlier statement is found where that one is.
    private Topic follows(PersonId by, Digest earlier, KeyRows rows) {
        var row = rows.statement(earlier).orElseThrow(No::statementUnknown);
        var topic = topic(check(row.signed()).statement(), rows);
        var parties = new LinkedHashSet<>(topic.parties());
        parties.add(by);
        return new Topic(topic.letter(), topic.pair(), parties);
    }
}
