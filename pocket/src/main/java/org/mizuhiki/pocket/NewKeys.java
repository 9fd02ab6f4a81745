package org.mizuhiki.pocket;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.consent.Statement.LetterResealed;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.keys.Resealing;
import org.mizuhiki.keys.Resealing.OwnerSlot;
import org.mizuhiki.seal.Reader;
import org.mizuhiki.seal.SealedLetter;

/// An author's letters to patients who lost their keys and enrolled again: their keys are closed for the
/// patients' new ones (F7). The ciphertext is not touched.
public final class NewKeys {
    private static final Digest FIRST = new Digest("0".repeat(64));

    private final Desk desk;
    private final People people;
    private final Envelopes envelopes;

    NewKeys(Desk desk, People people, Envelopes envelopes) {
        this.desk = desk;
        this.people = people;
        this.envelopes = envelopes;
    }

    /// @param letters that the patients can open again
    /// @param left patients whose keys the directory does not have, or shows in a way that does not hold
    public record Done(List<Digest> letters, List<PersonId> left) {}

    /// Repeating it does what was left.
    ///
    /// @param only one patient's letters, if one is named
    public Done reseal(Resealing resealing, Optional<PersonId> only) {
        var keys = new HashMap<PersonId, Optional<Reader.XWing>>();
        var letters = new ArrayList<Digest>();
        var after = FIRST;
        List<OwnerSlot> page;
        do {
            page = resealing.written(desk.me(), after);
            for (var slot : page) {
                after = slot.letter();
                if (only.map(slot.owner()::equals).orElse(true)) {
                    var key = keys.computeIfAbsent(slot.owner(), this::checkedKey);
                    if (key.isPresent() && !key.get().keyId().equals(slot.key())) {
                        reseal(resealing, slot.letter(), key.get());
                        letters.add(slot.letter());
                    }
                }
            }
        } while (!page.isEmpty());
        var left = keys.entrySet().stream()
                .filter(k -> k.getValue().isEmpty())
                .map(java.util.Map.Entry::getKey)
                .sorted()
                .toList();
        return new Done(letters, left);
    }

    /// Checked against the ledger like before any letter: whoever put a key of his own into the directory
    /// would otherwise be sent all that was ever written to this patient.
    private Optional<Reader.XWing> checkedKey(PersonId patient) {
        try {
            return Optional.of(people.find(patient).reader());
        } catch (Refusal refusal) {
            return Optional.empty();
        }
    }

    private void reseal(Resealing resealing, Digest letter, Reader.XWing next) {
        var sealed = envelopes.statement(letter, desk.about(letter).all());
        if (!sealed.statement().by().equals(desk.me())) {
            throw Refusal.of("caller-not-author", "作成者だけが封緘し直せます", "Only its author seals a letter again");
        }
        var mine = envelopes.ownSlot(letter, sealed);
        var body = envelopes.body(letter);
        var slot = desk.seals()
                .letters()
                .addSlot(new SealedLetter(body, List.of(mine)), desk.device().opener(), next);
        var statement = new LetterResealed(
                desk.me(),
                sealed.statement().owner(),
                letter,
                slot.keyId(),
                slot.encoded().sha256(),
                desk.now(),
                desk.nonce());
        resealing.reseal(desk.me(), desk.sign(statement), slot);
    }
}
