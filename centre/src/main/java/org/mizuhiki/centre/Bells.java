package org.mizuhiki.centre;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Wakes those who wait for a router's orders. A bell is taken before the look for orders, so that none can
/// come unheard between look and wait.
final class Bells {
    private final Map<String, CompletableFuture<Boolean>> bells = new ConcurrentHashMap<>();
    private volatile boolean closed;

    CompletableFuture<Boolean> of(String router) {
        return bells.computeIfAbsent(router, _ -> new CompletableFuture<>());
    }

    void ring(String router) {
        var bell = bells.remove(router);
        if (bell != null) {
            bell.complete(true);
        }
    }

    /// @return whether it rang
    boolean await(String router, CompletableFuture<Boolean> bell, Duration limit) {
        if (closed) {
            return false;
        }
        try {
            return bell.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            bells.remove(router, bell); // or those of routers that went away would stay
            // two may wait with one bell: who rings it at this moment is heard by the other
            return !bell.complete(false) && bell.getNow(false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails a bell", e);
        }
    }

    /// At a stop nobody waits on.
    void close() {
        closed = true;
        bells.keySet().forEach(this::ring);
    }
}
