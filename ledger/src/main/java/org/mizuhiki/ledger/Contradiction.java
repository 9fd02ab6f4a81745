package org.mizuhiki.ledger;

import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Note;

/// Two checkpoints of one log that do not go together, as somebody met them.
///
/// @param why `ledger-forked` or `ledger-rolled-back`, in words
public record Contradiction(SignedCheckpoint earlier, SignedCheckpoint later, Refusal why) {
    /// What the two prove to somebody who met neither.
    public enum Proof {
        /// The log signed two different trees of as many entries.
        TWO_TREES,
        /// The log signed, at a later time by the stamp authority, a tree with fewer entries.
        SHRUNK,
        /// Both are the log's, and one of them may just be the other's past. That the log could not show
        /// so is the word of whoever asked; ask the log again for the proof between the two sizes.
        NOTHING
    }

    /// Checks it offline.
    ///
    /// @throws Refusal `checkpoint-forged` when one of the two is not the log's, `stamp-broken`,
    /// `stamp-untrusted`
    public Proof proves(OfflineEvidenceCheck check, LogKeys keys) {
        var first = CheckpointCheck.signed(Note.parse(earlier.note()), keys);
        var second = CheckpointCheck.signed(Note.parse(later.note()), keys);
        if (first.size() == second.size()) {
            return first.root().equals(second.root()) ? Proof.NOTHING : Proof.TWO_TREES;
        }
        boolean shrunk = second.size() < first.size() && check.stamped(later).isAfter(check.stamped(earlier));
        return shrunk ? Proof.SHRUNK : Proof.NOTHING;
    }

    static Contradiction forked(SignedCheckpoint earlier, SignedCheckpoint later) {
        return new Contradiction(
                earlier,
                later,
                Refusal.of(
                        "ledger-forked",
                        "台帳が、以前に署名した内容と食い違っています（枝分かれ、または過去の書き換え）",
                        "The ledger contradicts what it signed before: it was forked, or its past was rewritten"));
    }

    static Contradiction rolledBack(SignedCheckpoint earlier, SignedCheckpoint later) {
        return new Contradiction(
                earlier,
                later,
                Refusal.of(
                        "ledger-rolled-back",
                        "台帳が、以前に見た時より短くなっています（巻き戻し）",
                        "The ledger is shorter than when it was seen before: it was rolled back"));
    }
}
