package org.mizuhiki.centre;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.mizuhiki.house.Digest;

/// What was read lately, so much that it fits into [#MOST_BYTES]. The oldest use is the first to go: memory is
/// bounded, correctness does not depend on it.
final class Remembered<T> {
    /// Of the heap that this process may have.
    static final long MOST_BYTES = Runtime.getRuntime().maxMemory() / 16;

    private final Map<Digest, T> entries = new LinkedHashMap<>(16, 0.75f, true);
    private final ToIntFunction<T> size;
    private long bytes;

    /// @param size of one, in bytes
    Remembered(ToIntFunction<T> size) {
        this.size = size;
    }

    synchronized Optional<T> get(Digest key) {
        return Optional.ofNullable(entries.get(key));
    }

    synchronized void put(Digest key, T value) {
        Optional.ofNullable(entries.put(key, value)).ifPresent(before -> bytes -= size.applyAsInt(before));
        bytes += size.applyAsInt(value);
        for (var eldest = entries.values().iterator(); bytes > MOST_BYTES; ) {
            bytes -= size.applyAsInt(eldest.next());
            eldest.remove();
        }
    }
}
