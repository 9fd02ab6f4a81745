package org.mizuhiki.wire;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// What a server gets from outside: time, chance, what it needs to be ready, and its memory of replies.
///
/// @param die for request ids
/// @param checks name, such as `database`, to whether it is well; `/ready` asks all of them
/// @param journal replies to `Idempotency-Key`s
public record Surroundings(Clock clock, SecureRandom die, Map<String, BooleanSupplier> checks, ReplyJournal journal) {
    public Surroundings {
        checks = Collections.unmodifiableMap(new LinkedHashMap<>(checks));
    }

    /// Ready at once, replies remembered in memory.
    public static Surroundings of(Clock clock, SecureRandom die) {
        return new Surroundings(clock, die, Map.of(), ReplyJournal.inMemory(10_000));
    }

    public Surroundings withCheck(String name, BooleanSupplier well) {
        var more = new LinkedHashMap<>(checks);
        more.put(name, well);
        return new Surroundings(clock, die, more, journal);
    }

    public Surroundings withJournal(ReplyJournal other) {
        return new Surroundings(clock, die, checks, other);
    }
}
