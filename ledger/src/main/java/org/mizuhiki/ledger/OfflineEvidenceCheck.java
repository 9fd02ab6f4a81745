package org.mizuhiki.ledger;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.tree.Proofs;
import org.mizuhiki.seal.Stamps;

/// Checks evidence with nothing but its arguments: no network, no log.
///
/// @param stamps reads time stamps
/// @param trust says whose stamps are believed
public record OfflineEvidenceCheck(Stamps stamps, StampTrust trust) implements EvidenceCheck {
    /// @throws Refusal `evidence-broken`, `checkpoint-forged`, `witness-missing`, `stamp-broken`,
    /// `stamp-untrusted`
    @Override
    public Instant check(Evidence evidence, LogKeys keys) {
        var checked = checkpoint(evidence.checkpoint(), keys);
        included(evidence, checked);
        return checked.at();
    }

    @Override
    public EvidenceCheck remembering() {
        var held = new HashMap<Known, Checked>();
        return (evidence, keys) -> {
            var checked = held.computeIfAbsent(
                    new Known(evidence.checkpoint(), keys), known -> checkpoint(known.checkpoint(), known.keys()));
            included(evidence, checked);
            return checked.at();
        };
    }

    /// The checkpoint alone: signatures, witnesses, stamp.
    Checked checkpoint(SignedCheckpoint signed, LogKeys keys) {
        return new Checked(CheckpointCheck.witnessed(Note.parse(signed.note()), keys), stamped(signed));
    }

    /// When a believed authority stamped it.
    Instant stamped(SignedCheckpoint signed) {
        var text = Note.parse(signed.note()).text();
        var stamp = stamps.verify(signed.stamp(), Digest.of(text.getBytes(StandardCharsets.UTF_8)));
        trust.check(stamp.chain(), stamp.at());
        return stamp.at();
    }

    private static void included(Evidence evidence, Checked checked) {
        var tree = checked.checkpoint();
        if (!Proofs.includes(evidence.entry().leaf(), evidence.index(), tree.size(), evidence.path(), tree.root())) {
            throw Refusal.of(
                    "evidence-broken",
                    "記録が台帳にあるという証明が成り立ちません。改ざんされた可能性があります",
                    "The proof does not lead from the entry to the checkpoint; something was altered");
        }
    }

    record Checked(Checkpoint checkpoint, Instant at) {}

    private record Known(SignedCheckpoint checkpoint, LogKeys keys) {}
}
