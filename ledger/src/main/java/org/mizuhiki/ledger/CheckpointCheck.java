package org.mizuhiki.ledger;

import java.security.GeneralSecurityException;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.note.NoteKey;

/// Reads a checkpoint and holds it against the keys by which its log is known.
final class CheckpointCheck {
    private CheckpointCheck() {}

    static NoteKey classical(LogKeys keys) {
        return new NoteKey(keys.origin(), NoteKey.Kind.ECDSA, keys.classical());
    }

    static NoteKey quantumSafe(LogKeys keys) {
        return new NoteKey(keys.origin(), NoteKey.Kind.ML_DSA_65, keys.quantumSafe());
    }

    /// @throws Refusal `log-keys-malformed` when one of them is not a key of its kind
    static void usable(LogKeys keys) {
        try {
            classical(keys).publicKey();
            quantumSafe(keys).publicKey();
            for (var w : keys.witnesses().entrySet()) {
                new NoteKey(w.getKey(), NoteKey.Kind.COSIGNATURE, w.getValue()).publicKey();
            }
        } catch (GeneralSecurityException e) {
            throw Refusal.of("log-keys-malformed", "台帳の公開鍵が正しくありません", "A key of the log or a witness is malformed", e);
        }
    }

    /// Both signatures of the log: whoever breaks one kind of signature has not broken the other.
    ///
    /// @throws Refusal `checkpoint-forged`
    static Checkpoint signed(Note note, LogKeys keys) {
        var checkpoint = Checkpoint.parse(note.text());
        if (!checkpoint.origin().equals(keys.origin())
                || classical(keys).find(note).isEmpty()
                || quantumSafe(keys).find(note).isEmpty()) {
            throw Refusal.of(
                    "checkpoint-forged",
                    "チェックポイントに、この台帳の2つの署名がそろっていません",
                    "The checkpoint does not carry both signatures of this log");
        }
        return checkpoint;
    }

    /// The log's signatures, and those of at least `quorum` witnesses.
    ///
    /// @throws Refusal `checkpoint-forged`, `witness-missing`
    static Checkpoint witnessed(Note note, LogKeys keys) {
        var checkpoint = signed(note, keys);
        long seen = keys.witnesses().entrySet().stream()
                .filter(w -> new NoteKey(w.getKey(), NoteKey.Kind.COSIGNATURE, w.getValue())
                        .find(note)
                        .isPresent())
                .count();
        if (seen < keys.quorum()) {
            throw Refusal.of(
                    "witness-missing",
                    "チェックポイントに必要な数の立会人の署名がありません",
                    "The checkpoint carries " + seen + " of " + keys.quorum() + " needed witness signatures");
        }
        return checkpoint;
    }
}
