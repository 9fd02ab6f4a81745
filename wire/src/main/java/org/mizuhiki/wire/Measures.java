package org.mizuhiki.wire;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
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
        Timer.builder("http.server.requests")
                .tag("method", method)
                .tag("route", route)
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(STEPS)
                .register(registry.join())
                .record(Duration.ofNanos(nanos));
    }

    Bytes scrape() {
        return Bytes.utf8(registry.join().scrape());
    }
}
