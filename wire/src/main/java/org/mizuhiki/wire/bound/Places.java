package org.mizuhiki.wire.bound;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/// How many requests are handled at once, by whom. One caller gets a quarter of the places, all who show no
/// certificate get half: otherwise one visitor who sends many bodies slowly enough would keep everybody
/// out.
public final class Places {
    private static final String UNKNOWN = "unknown";

    private final int all;
    private final Semaphore free;
    private final Map<String, Integer> taken = new HashMap<>();

    public Places(int all) {
        this.all = all;
        this.free = new Semaphore(all);
    }

    /// One place, until it is closed.
    @FunctionalInterface
    public interface Place extends AutoCloseable {
        @Override
        void close();
    }

    /// For a caller with a certificate.
    ///
    /// @return none when the server, or this caller's share, is full
    public Optional<Place> take(String who) {
        return count(who, 4).flatMap(own -> withFree(own));
    }

    /// For one of the region's own servers: behind it are many callers.
    public Optional<Place> takeTrusted() {
        return withFree(() -> {});
    }

    /// For somebody without a certificate.
    ///
    /// @param address where the request comes from
    public Optional<Place> takeUnknown(String address) {
        return count(address, 4)
                .flatMap(own ->
                        count(UNKNOWN, 2).map(together -> both(own, together)).or(() -> none(own)))
                .flatMap(this::withFree);
    }

    private Optional<Place> withFree(Place counted) {
        return free.tryAcquire() ? Optional.of(both(counted, free::release)) : none(counted);
    }

    private static Place both(Place one, Place other) {
        return () -> {
            one.close();
            other.close();
        };
    }

    private static Optional<Place> none(Place counted) {
        counted.close();
        return Optional.empty();
    }

    /// @param part of all places that this name may have, as its denominator
    private Optional<Place> count(String name, int part) {
        synchronized (taken) {
            int now = taken.getOrDefault(name, 0);
            if (now >= Math.max(1, all / part)) {
                return Optional.empty();
            }
            taken.put(name, now + 1);
        }
        return Optional.of(() -> giveBack(name));
    }

    private void giveBack(String name) {
        synchronized (taken) {
            taken.computeIfPresent(name, (_, count) -> count > 1 ? count - 1 : null);
        }
    }

    /// Waits until all places are free and keeps them.
    ///
    /// @return false when they were not in time
    public boolean awaitAll(Duration limit) throws InterruptedException {
        return free.tryAcquire(all, limit.toMillis(), TimeUnit.MILLISECONDS);
    }
}
