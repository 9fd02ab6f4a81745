package org.mizuhiki.pocket;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.CareRelation;
import org.mizuhiki.consent.Statement.ProvisionalRegistration;
import org.mizuhiki.consent.Statement.Revocation;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.outbox.Step;
import org.mizuhiki.trust.Member;

/// Care relations (認証): stand when the professional proposed and the patient accepted.
public final class Relations {
    private final Desk desk;
    private final Errands errands;
    private final People people;

    Relations(Desk desk, Errands errands, People people) {
        this.desk = desk;
        this.errands = errands;
        this.people = people;
    }

    /// How far two people got.
    public enum State {
        PROPOSED,
        STANDING,
        ENDED,
        EXPIRED
    }

    /// @param professional who treats
    /// @param until when it ends by itself
    /// @param said the statements it rests on
    public record Relation(PersonId professional, PersonId patient, State state, Instant until, List<Digest> said) {
        public Relation {
            said = List.copyOf(said);
        }
    }

    /// The professional's half.
    ///
    /// @throws Refusal `person-unknown`, `device-clock`, `statement-not-professional`
    public Digest propose(PersonId patient, Duration life) {
        // 1. the ID is somebody's (a mistyped one would wait for ever)
        people.find(patient);
        // 2. say it, log it
        return say(desk.me(), patient, desk.now().plus(life));
    }

    /// The patient's half: the same relation until the same time, only after the proposal itself was
    /// checked.
    ///
    /// @throws Refusal `proposal-unknown`, `statements-broken`, and those of checking it
    public Digest accept(PersonId professional) {
        // 1. the newest proposal of this professional that still holds
        var said = Said.of(desk);
        var ended = said.ended();
        var proposal = pairs(said).getOrDefault(new Pair(professional, desk.me()), List.of()).stream()
                .filter(half -> proposes(half, ended))
                .max(Comparator.comparing(a -> a.statement().at()))
                .orElseThrow(() -> Refusal.of(
                        "proposal-unknown",
                        "この医療従事者からの認証の申し出がありません",
                        "This professional has not proposed a care relation, or it is over"));
        said.mustBeSure(Set.of(proposal.statement().id()));
        // 2. it was really said by a professional, and is in the ledger
        if (!(proposal.signer() instanceof Member.Professional)) {
            throw Refusal.of("statement-not-professional", "申し出た人は医療従事者ではありません", "Not proposed by a professional");
        }
        desk.prove(proposal, desk.servers());
        // 3. say the other half, log it
        return say(professional, desk.me(), proposal.statement().until());
    }

    /// Ends a relation, or declines a proposal; both parties may.
    ///
    /// @throws Refusal `relation-unknown`
    public void end(PersonId other, String reason) {
        var said = Said.of(desk);
        var ended = said.ended();
        var halves = new ArrayList<Attested<CareRelation>>();
        halves.addAll(pairs(said).getOrDefault(new Pair(desk.me(), other), List.of()));
        halves.addAll(pairs(said).getOrDefault(new Pair(other, desk.me()), List.of()));
        halves.removeIf(h ->
                ended.contains(h.statement().id()) || !h.statement().until().isAfter(desk.now()));
        if (halves.isEmpty()) {
            throw Refusal.of("relation-unknown", "終了できる認証（診療関係）がありません", "There is no care relation to end");
        }
        var steps = new ArrayList<Step>();
        for (var half : halves) {
            var revocation = new Revocation(desk.me(), half.statement().id(), reason, desk.now(), desk.nonce());
            steps.add(new Step.Say(desk.sign(revocation)));
            steps.add(new Step.Logged(revocation.kind(), revocation.id()));
        }
        errands.run("relation-end", Map.of("with", other.value()), steps);
    }

    /// All relations of this person, checked; statements that do not hold permit nothing.
    ///
    /// @throws Refusal `statements-broken` when a relation would be shown as proposed or standing though a
    /// statement that does not hold may have ended it, `statements-too-many`
    public List<Relation> list() {
        var said = Said.of(desk);
        var relations = pairs(said).entrySet().stream()
                .map(e -> relation(e.getKey(), e.getValue(), said))
                .toList();
        relations.stream()
                .filter(r -> r.state() == State.STANDING || r.state() == State.PROPOSED)
                .forEach(r -> said.mustBeSure(r.said()));
        return relations;
    }

    /// Whether letters about `patient` can be sent now.
    ///
    /// @throws Refusal `statements-broken` when what was read cannot tell
    boolean stands(PersonId patient) {
        var said = Said.between(desk, patient);
        said.mustBeReadable();
        if (!related(said, patient)) {
            return false;
        }
        var rests = new ArrayList<Digest>();
        pairs(said)
                .getOrDefault(new Pair(desk.me(), patient), List.of())
                .forEach(half -> rests.add(half.statement().id()));
        said.of(ProvisionalRegistration.class)
                .forEach(r -> rests.add(r.statement().id()));
        said.mustBeSure(rests);
        return true;
    }

    private boolean related(Said said, PersonId patient) {
        return desk.region().statute().related(desk.me(), patient, desk.now(), said.all());
    }

    private static SortedMap<Pair, List<Attested<CareRelation>>> pairs(Said said) {
        var pairs = new TreeMap<Pair, List<Attested<CareRelation>>>();
        for (var half : said.of(CareRelation.class)) {
            var pair =
                    new Pair(half.statement().professional(), half.statement().patient());
            pairs.computeIfAbsent(pair, _ -> new ArrayList<>()).add(half);
        }
        return pairs;
    }

    private record Pair(PersonId professional, PersonId patient) implements Comparable<Pair> {
        @Override
        public int compareTo(Pair other) {
            return Comparator.comparing(Pair::professional)
                    .thenComparing(Pair::patient)
                    .compare(this, other);
        }
    }

    private Digest say(PersonId professional, PersonId patient, Instant until) {
        var statement = new CareRelation(desk.me(), professional, patient, desk.now(), until, desk.nonce());
        var steps =
                List.<Step>of(new Step.Say(desk.sign(statement)), new Step.Logged(statement.kind(), statement.id()));
        errands.run("relation", Map.of("professional", professional.value(), "patient", patient.value()), steps);
        return statement.id();
    }

    private boolean proposes(Attested<CareRelation> said, Set<Digest> ended) {
        var s = said.statement();
        return s.by().equals(s.professional()) && s.until().isAfter(desk.now()) && !ended.contains(s.id());
    }

    private Relation relation(Pair pair, List<Attested<CareRelation>> halves, Said said) {
        var until = halves.stream().map(h -> h.statement().until()).max(Comparator.naturalOrder());
        var ended = said.ended();
        boolean open =
                halves.stream().anyMatch(h -> !ended.contains(h.statement().id()));
        State state;
        if (desk.region().statute().related(pair.professional(), pair.patient(), desk.now(), said.all())) {
            state = State.STANDING;
        } else if (!open) {
            state = State.ENDED;
        } else if (halves.stream().anyMatch(h -> proposes(h, ended))) {
            state = State.PROPOSED;
        } else {
            state = State.EXPIRED;
        }
        var ids = halves.stream().map(h -> h.statement().id()).toList();
        return new Relation(pair.professional(), pair.patient(), state, until.orElse(Instant.EPOCH), ids);
    }
}
