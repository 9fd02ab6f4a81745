package org.mizuhiki.ledger;

import java.util.List;
import java.util.Optional;
import java.util.function.ObjLongConsumer;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.tree.Merkle;
import org.mizuhiki.ledger.tree.Proofs;
import org.mizuhiki.ledger.tree.Tile;
import org.mizuhiki.ledger.tree.TileFolder;

/// Reads a log as anybody may, entry by entry from where it was left to its newest checkpoint. Whoever has
/// read all of it knows what is not in it, which no proof of a Merkle tree can show.
///
/// @param check with the stamp authorities that are believed
public record LogFollower(LogSource source, OfflineEvidenceCheck check, LogKeys keys) {
    /// How it went.
    public sealed interface Read {
        /// The log only grew since `last`, and the entries handed out are those it signed.
        record Further(LogPosition position) implements Read {}

        /// It did not; what was handed out is nothing to go by.
        record Broken(Contradiction contradiction) implements Read {}
    }

    /// 1. The newest checkpoint: both signatures, witnesses, stamp. 2. It is not shorter than what was
    /// seen. 3. Every entry since, added to the tree that was known. 4. That must be the tree which the
    /// checkpoint signs; nothing that the log might say about consistency is needed.
    ///
    /// @param each is given every entry and its index; to be forgotten unless the answer is
    /// [Read.Further]
    /// @throws Refusal `checkpoint-forged`, `witness-missing`, `stamp-broken`, `stamp-untrusted`,
    /// `log-position-malformed`, and those of the source
    public Read follow(LogPosition last, ObjLongConsumer<Entry> each) {
        last.mustBeOf(keys);
        var signed = source.checkpoint();
        var newest = check.checkpoint(signed, keys).checkpoint();
        var before = last.checkpoint().orElse(signed);
        if (newest.size() < last.size()) {
            return new Read.Broken(Contradiction.rolledBack(before, signed));
        }
        var growing = new LogPosition.Growing(last);
        for (long n = last.size() / Tile.FULL; n * Tile.FULL < newest.size(); n++) {
            long first = n * Tile.FULL;
            int width = (int) Math.min(Tile.FULL, newest.size() - first);
            var entries = bundle(n, width);
            for (int i = (int) Math.max(0, last.size() - first); i < width; i++) {
                growing.add(Merkle.leaf(entries.get(i)));
                each.accept(Entry.decode(Bytes.of(entries.get(i))), first + i);
            }
        }
        var position = growing.under(signed);
        return position.reaches(newest)
                ? new Read.Further(position)
                : new Read.Broken(Contradiction.forked(before, signed));
    }

    /// Whether two readers of this log, who may have been shown different ones, read the same: the log must
    /// prove that the shorter is a part of the longer.
    public Optional<Contradiction> compare(LogPosition one, LogPosition other) {
        one.mustBeOf(keys);
        other.mustBeOf(keys);
        var shorter = one.size() <= other.size() ? one : other;
        var longer = one.size() <= other.size() ? other : one;
        if (shorter.size() == 0 || isPart(shorter, longer)) {
            return Optional.empty();
        }
        return Optional.of(Contradiction.forked(
                shorter.checkpoint().orElseThrow(), longer.checkpoint().orElseThrow()));
    }

    private boolean isPart(LogPosition shorter, LogPosition longer) {
        try {
            return Proofs.extending(
                    shorter.size(),
                    shorter.root(),
                    longer.size(),
                    longer.root(),
                    source.consistency(shorter.size(), longer.size()));
        } catch (Refusal refusal) {
            if (refusal.code().equals("size-unknown")) {
                return false; // the log never was as long as it has signed to be
            }
            throw refusal;
        }
    }

    /// The entries of a bundle; a partial one may have been replaced by the full one meanwhile.
    private List<byte[]> bundle(long n, int width) {
        var wanted = new Tile(Tile.ENTRIES, n, width);
        Bytes bytes;
        try {
            bytes = source.tileBytes(wanted.path());
        } catch (Refusal refusal) {
            if (wanted.full() || !refusal.code().equals("tile-unknown")) {
                throw refusal;
            }
            bytes = source.tileBytes(new Tile(Tile.ENTRIES, n, Tile.FULL).path());
        }
        var entries = TileFolder.split(bytes.toArray());
        if (entries.size() < width) {
            throw Refusal.of(
                    "ledger-damaged",
                    "台帳が公開している記録の一部が欠けています。運用者に連絡してください",
                    "The ledger's published entries are incomplete; tell the operator");
        }
        return entries;
    }
}
