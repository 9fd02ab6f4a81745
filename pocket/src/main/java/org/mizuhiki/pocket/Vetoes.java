package org.mizuhiki.pocket;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement.LateralGrant;
import org.mizuhiki.consent.Statement.Veto;
import org.mizuhiki.consent.Statement.VetoLifted;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.pocket.outbox.Step;

/// The patient's veto: whom the patient bars reads nothing about the patient by anybody's grant.
public final class Vetoes {
    private final Desk desk;
    private final Errands errands;

    Vetoes(Desk desk, Errands errands) {
        this.desk = desk;
        this.errands = errands;
    }

    /// A veto that stands.
    public record Standing(Digest id, PersonId bars, Instant since) {}

    /// Ends every grant about this person to `reader` for good, and refuses new ones; what was read was
    /// read. The same again changes nothing.
    ///
    /// @return the veto's ID
    /// @throws Refusal `veto-oneself`
    public Digest bar(PersonId reader) {
        if (reader.equals(desk.me())) {
            throw Refusal.of("veto-oneself", "自分自身を止めることはできません", "Nobody bars themselves");
        }
        var said = Said.of(desk);
        var before =
                standing(said).stream().filter(v -> v.bars().equals(reader)).findFirst();
        if (before.isPresent()) {
            return before.get().id();
        }
        var veto = new Veto(desk.me(), reader, desk.now(), desk.nonce());
        var steps = new ArrayList<Step>();
        // 1. the key server releases nothing more; the ledger has it
        steps.add(new Step.Say(desk.sign(veto)));
        steps.add(new Step.Logged(veto.kind(), veto.id()));
        // 2. the store lets go of what was shared
        granted(said, reader).forEach(letter -> steps.add(new Step.Unshare(letter, reader)));
        errands.run("veto", Map.of("bars", reader.value()), steps);
        return veto.id();
    }

    /// From now on grants to `reader` count again; those that the veto ended stay ended.
    ///
    /// @throws Refusal `veto-unknown`
    public void lift(PersonId reader) {
        var standing = standing(Said.of(desk)).stream()
                .filter(v -> v.bars().equals(reader))
                .toList();
        if (standing.isEmpty()) {
            throw Refusal.of("veto-unknown", "この人への拒否はありません", "You have not barred this person");
        }
        var steps = new ArrayList<Step>();
        for (var veto : standing) {
            var lifted = new VetoLifted(desk.me(), veto.id(), desk.now(), desk.nonce());
            steps.add(new Step.Say(desk.sign(lifted)));
            steps.add(new Step.Logged(lifted.kind(), lifted.id()));
        }
        errands.run("veto-lifted", Map.of("bars", reader.value()), steps);
    }

    /// Whom this person bars.
    public List<Standing> list() {
        return standing(Said.of(desk));
    }

    private List<Standing> standing(Said said) {
        Set<Digest> lifted = said.of(VetoLifted.class).stream()
                .map(Attested::statement)
                .filter(l -> l.by().equals(desk.me()))
                .map(VetoLifted::lifts)
                .collect(Collectors.toSet());
        return said.of(Veto.class).stream()
                .map(Attested::statement)
                .filter(v -> v.by().equals(desk.me()) && !lifted.contains(v.id()))
                .map(v -> new Standing(v.id(), v.bars(), v.at()))
                .toList();
    }

    private Set<Digest> granted(Said said, PersonId reader) {
        return said.of(LateralGrant.class).stream()
                .map(Attested::statement)
                .filter(g -> g.owner().equals(desk.me()) && g.reader().equals(reader))
                .map(LateralGrant::letter)
                .collect(Collectors.toSet());
    }
}
