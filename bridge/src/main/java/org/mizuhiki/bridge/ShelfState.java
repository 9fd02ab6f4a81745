package org.mizuhiki.bridge;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/// A folder as it is kept: numbers only grow.
///
/// @param newest number of the newest mail that was seen at the server
record ShelfState(long validity, long next, long newest, List<Entry> entries) {
    ShelfState {
        entries = List.copyOf(entries);
    }

    /// @param source `letter:<digest>`, `mail:<number>`, `kept:<name>`; entries that were taken out stay
    /// as `gone`, so
    /// that what they name does not come again
    record Entry(long uid, String source, Instant at, long size, Set<String> flags, String header, boolean gone) {
        Entry {
            flags = Set.copyOf(flags);
        }

        Entry with(Set<String> other) {
            return new Entry(uid, source, at, size, other, header, gone);
        }

        Entry sized(long other) {
            return new Entry(uid, source, at, other, flags, header, gone);
        }

        Entry taken() {
            return new Entry(uid, source, at, 0, Set.of(), "", true);
        }
    }
}
