package org.mizuhiki.trust;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.LogPosition;
import org.mizuhiki.ledger.SignedCheckpoint;
import org.mizuhiki.wire.Json;

/// What a monitor of the directory remembers from one look to the next; its file form is JSON. Two
/// monitors that exchange theirs notice a ledger that shows each of them another past.
///
/// @param size how many entries of the ledger were read
/// @param peaks as in [LogPosition]
/// @param entries of each watched ID, all entries of its keys in the ledger, in the ledger's order
/// @param accepted digests of records that the person said are their own, from devices of before
public record WatchMemory(
        String format,
        long size,
        List<Digest> peaks,
        Optional<SignedCheckpoint> checkpoint,
        Map<String, List<Seen>> entries,
        List<Digest> accepted) {
    private static final String FORMAT = "mizuhiki-watch-1";

    /// @param index in the ledger, from 0
    /// @param record digest of the `key-entry` record
    public record Seen(long index, Digest record) {}

    public WatchMemory {
        peaks = List.copyOf(peaks);
        entries = Map.copyOf(entries);
        accepted = List.copyOf(accepted);
    }

    /// Of somebody who has seen nothing yet.
    public static WatchMemory empty() {
        return of(LogPosition.START, Map.of(), List.of());
    }

    static WatchMemory of(LogPosition position, Map<String, List<Seen>> entries, List<Digest> accepted) {
        return new WatchMemory(FORMAT, position.size(), position.peaks(), position.checkpoint(), entries, accepted);
    }

    /// @throws Refusal `watch-memory-damaged`
    public static WatchMemory read(Bytes file) {
        if (file.size() > WatchFile.MAX_BYTES) {
            throw damaged(Optional.empty());
        }
        try {
            var read = Json.read(file, WatchMemory.class);
            read.position();
            if (read.format.equals(FORMAT)) {
                return read;
            }
            throw damaged(Optional.empty());
        } catch (Refusal refusal) {
            throw damaged(Optional.of(refusal));
        }
    }

    /// What is in the file, or [#empty] when there is none.
    ///
    /// @throws Refusal `watch-memory-damaged`
    public static WatchMemory open(Path file) {
        return Files.exists(file) ? read(WatchFile.read(file)) : empty();
    }

    public void write(Path file) {
        WatchFile.write(file, this);
    }

    /// With records that the person says are their own.
    public WatchMemory accepting(List<Digest> records) {
        var all = new java.util.LinkedHashSet<>(accepted);
        all.addAll(records);
        return of(position(), entries, List.copyOf(all));
    }

    LogPosition position() {
        return new LogPosition(size, peaks, checkpoint);
    }

    boolean knows(Set<PersonId> ids) {
        return ids.stream().allMatch(id -> entries.containsKey(id.value()));
    }

    List<Seen> of(PersonId id) {
        return entries.getOrDefault(id.value(), List.of());
    }

    private static Refusal damaged(Optional<Refusal> cause) {
        var ja = "監視の記録ファイルが壊れています。控えから戻してください（新しく始めると、これまでの台帳との照合が失われます）";
        var en = "The monitor's state file is damaged; restore it from a copy (to begin anew is to forget what the"
                + " ledger said so far)";
        return cause.map(c -> Refusal.of("watch-memory-damaged", ja, en, c))
                .orElseGet(() -> Refusal.of("watch-memory-damaged", ja, en));
    }
}
