package org.mizuhiki.wire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// What every server answers about itself.
final class OwnRoutes {
    private static final int CHECK_SECONDS = 3;

    /// Liveness: the process answers.
    public record Health(String status) {}

    /// Readiness: every check by name, all well.
    public record Readiness(Map<String, Boolean> checks) {}

    private final String server;
    private final Map<String, BooleanSupplier> checks;
    private final Measures measures;
    private final Executor aside;
    private final Map<String, Bytes> described = new ConcurrentHashMap<>();

    OwnRoutes(String server, Map<String, BooleanSupplier> checks, Measures measures, Executor aside) {
        this.server = server;
        this.checks = checks;
        this.measures = measures;
        this.aside = aside;
    }

    /// The routes of the server's room and these.
    List<Route> with(List<Route> routes) {
        var all = new ArrayList<>(routes);
        all.add(Route.get("/health", "Whether the process lives", Access.ANYONE, Health.class, _ -> health())
                .alsoPlain());
        all.add(Route.get(
                "/ready", "Whether all that the server needs is well", Access.ANYONE, Readiness.class, _ -> ready()));
        all.add(Route.get("/metrics", "Measures for Prometheus", Access.SERVER, byte[].class, _ -> metrics())
                .alsoFor(Access.INSTITUTION));
        all.add(Route.get(
                "/openapi.json",
                "This description",
                Access.ANYONE,
                byte[].class,
                _ -> new Reply.Raw(
                        "application/json", described.computeIfAbsent(server, name -> OpenApi.describe(name, all)))));
        return List.copyOf(all);
    }

    private static Reply health() {
        return new Reply.Json(new Health("up"));
    }

    private Reply metrics() {
        return new Reply.Raw("text/plain; version=0.0.4; charset=utf-8", measures.scrape());
    }

    /// All checks at once, each bounded in time: a hanging database must not hang the question.
    private Reply ready() {
        var asked = new LinkedHashMap<String, CompletableFuture<Boolean>>();
        checks.forEach((name, check) -> asked.put(
                name,
                CompletableFuture.supplyAsync(check::getAsBoolean, aside)
                        .completeOnTimeout(false, CHECK_SECONDS, TimeUnit.SECONDS)));
        var found = new LinkedHashMap<String, Boolean>();
        asked.forEach((name, answer) -> found.put(name, well(answer)));
        var ill = found.entrySet().stream()
                .filter(e -> !e.getValue())
                .map(Map.Entry::getKey)
                .toList();
        if (!ill.isEmpty()) {
            throw Refusal.of(
                    "server-unavailable",
                    "準備ができていません: " + String.join(", ", ill),
                    "Not ready: " + String.join(", ", ill));
        }
        return new Reply.Json(new Readiness(found));
    }

    private static boolean well(CompletableFuture<Boolean> answer) {
        try {
            return answer.join();
        } catch (CompletionException e) { // a check that throws says no
            return false;
        }
    }
}
