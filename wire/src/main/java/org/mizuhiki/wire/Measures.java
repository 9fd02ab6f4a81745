package org.mizuhiki.wire;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.mizuhiki.house.Bytes;

/// Counts and times requests by route template and status; labels never hold a concrete path or a caller.
final class Measures {
    private static final Duration[] STEPS = {
        Duration.ofMillis(5),
        Duration.ofMillis(25),
        Duration.ofMillis(100),
        Duration.ofMillis(500),
        Duration.ofSeconds(2)
    };

    /// Made aside, so that the server listens without waiting for it.
    private final CompletableFuture<PrometheusMeterRegistry> registry;

    private final Map<Answered, Timer> timers = new ConcurrentHashMap<>();

    /// As many as there are routes and their statuses.
    private record Answered(String method, String route, int status) {}

    Measures(String server, Executor aside) {
        registry = CompletableFuture.supplyAsync(() -> make(server), aside);
    }

    private static PrometheusMeterRegistry make(String server) {
        var made = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        made.config().commonTags("server", server);
        new JvmMemoryMetrics().bindTo(made);
        new JvmThreadMetrics().bindTo(made);
        return made;
    }

    void count(String method, String route, int status, long nanos) {
        timers.computeIfAbsent(new Answered(method, route, status), this::timer).record(Duration.ofNanos(nanos));
    }

    private Timer timer(Answered answered) {
        return Timer.builder("http.server.requests")
                .tag("method", answered.method())
                .tag("route", answered.route())
                .tag("status", Integer.toString(answered.status()))
                .serviceLevelObjectives(STEPS)
                .register(registry.join());
    }

    Bytes scrape() {
        return Bytes.utf8(registry.join().scrape());
    }
}
