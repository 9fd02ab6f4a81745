package org.mizuhiki.keys;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mizuhiki.house.PersonId;

/// One change of a person's password at a time in this process, the only one on its database: two at once
/// could each drop at the store what the other counts on.
final class Turns {
    private static final int LANES = 64;

    private final ReentrantLock[] lanes =
            Stream.generate(ReentrantLock::new).limit(LANES).toArray(ReentrantLock[]::new);

    <T> T take(PersonId person, Supplier<T> work) {
        var lane = lanes[Math.floorMod(person.hashCode(), LANES)];
        lane.lock();
        try {
            return work.get();
        } finally {
            lane.unlock();
        }
    }
}
