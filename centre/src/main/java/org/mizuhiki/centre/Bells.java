package org.mizuhiki.centre;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Wakes those who wait for a router's orders. A bell is taken before the look for orders, so that none can
/// come unheard between look and wait; one that rings while nobody waits is heard by who comes next.
final class Bells {
    private static final Logger LOG = LoggerFactory.getLogger(Bells.class);

    private final Map<String, CompletableFuture<Boolean>> bells = new ConcurrentHashMap<>();
    private volatile boolean closed;

    CompletableFuture<Boolean> of(String router) {
        return bells.computeIfAbsent(router, _ -> new CompletableFuture<>());
    }

    void ring(String router) {
        bells.computeIfAbsent(router, _ -> new CompletableFuture<>()).complete(true);
    }

    /// A bell that has rung is heard once.
    void heard(String router, CompletableFuture<Boolean> bell) {
        bells.remove(router, bell);
    }

    /// Until it rings, or as long as this.
    void await(String router, CompletableFuture<Boolean> bell, Duration limit) {
        if (closed) {
            return;
        }
        try {
            bell.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.trace("nobody rang for {}", router);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody fails a bell", e);
        } finally {
            heard(router, bell);
        }
    }

    /// At a stop nobody waits on.
    void close() {
        closed = true;
        bells.keySet().forEach(this::ring);
    }
}
