package org.mizuhiki.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.tree.Merkle;

/// How far somebody read a log, and what it was until there: small enough for a file, and enough to notice
/// that the log tells its past differently later.
///
/// @param size entries read
/// @param peaks roots of the complete subtrees that the entries make up, the largest first
/// @param checkpoint under which the last one stood; absent before the first
public record LogPosition(long size, List<Digest> peaks, Optional<SignedCheckpoint> checkpoint) {
    /// Nothing was read yet.
    public static final LogPosition START = new LogPosition(0, List.of(), Optional.empty());

    /// @throws Refusal `log-position-malformed`
    public LogPosition {
        peaks = List.copyOf(peaks);
        if (size < 0 || Long.bitCount(size) != peaks.size() || (size > 0) != checkpoint.isPresent()) {
            throw malformed();
        }
    }

    /// The root of what was read (RFC 9162, 2.1.1).
    public Digest root() {
        if (peaks.isEmpty()) {
            return Digest.ofHash(Merkle.empty());
        }
        var root = peaks.getLast().toArray();
        for (var left : peaks.subList(0, peaks.size() - 1).reversed()) {
            root = Merkle.parent(left.toArray(), root);
        }
        return Digest.ofHash(root);
    }

    /// A position from a file is believed only as far as the log itself signed it.
    ///
    /// @throws Refusal `log-position-malformed`, `checkpoint-forged`
    public void mustBeOf(LogKeys keys) {
        if (checkpoint.isPresent()) {
            var signed = CheckpointCheck.signed(Note.parse(checkpoint.get().note()), keys);
            if (signed.size() != size || !signed.root().equals(root())) {
                throw malformed();
            }
        }
    }

    /// Grows leaf by leaf.
    static final class Growing {
        private final List<byte[]> peaks = new ArrayList<>();
        private long size;

        Growing(LogPosition from) {
            from.peaks().forEach(p -> peaks.add(p.toArray()));
            size = from.size();
        }

        void add(byte[] leaf) {
            peaks.add(leaf);
            for (long left = size; (left & 1) == 1; left >>= 1) {
                var right = peaks.removeLast();
                peaks.add(Merkle.parent(peaks.removeLast(), right));
            }
            size++;
        }

        LogPosition under(SignedCheckpoint checkpoint) {
            return new LogPosition(size, peaks.stream().map(Digest::ofHash).toList(), Optional.of(checkpoint));
        }
    }

    /// Whether this is what the checkpoint is about.
    boolean reaches(Checkpoint checkpoint) {
        return checkpoint.size() == size && checkpoint.root().equals(root());
    }

    private static Refusal malformed() {
        return Refusal.of(
                "log-position-malformed",
                "台帳をどこまで読んだかの記録が壊れています。控えから戻してください",
                "The record of how far the ledger was read is damaged; restore it from a copy");
    }
}
