package org.mizuhiki.router;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.mizuhiki.centre.LogBatch;
import org.mizuhiki.centre.Order;
import org.mizuhiki.centre.RouterDesk;
import org.mizuhiki.centre.SignedBatch;
import org.mizuhiki.house.Refusal;

/// A centre that says what a test has it say; the real one is room centre's, and the demo's story joins them.
final class Desk implements RouterDesk {
    final List<Order> orders = new CopyOnWriteArrayList<>();
    final List<Location> locations = new CopyOnWriteArrayList<>();
    final List<Report> reports = new CopyOnWriteArrayList<>();
    final List<LogLine> logged = new CopyOnWriteArrayList<>();
    final List<SignedBatch> batches = new CopyOnWriteArrayList<>();
    volatile boolean away;

    /// Code by which a batch of this number is refused.
    final Map<Long, String> refusing = new ConcurrentHashMap<>();

    private void answer() {
        if (away) {
            throw Refusal.of("peer-unreachable", "応答がありません", "nobody answers");
        }
    }

    @Override
    public Seen locate(Location location) {
        answer();
        locations.add(location);
        return new Seen(location.host(), false, Instant.EPOCH);
    }

    @Override
    public List<Order> orders(Done last) {
        answer();
        var next = orders.stream().filter(o -> o.number() > last.number()).toList();
        if (next.isEmpty()) {
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        return next;
    }

    @Override
    public void report(Report report) {
        answer();
        reports.add(report);
    }

    @Override
    public void log(SignedBatch batch) {
        answer();
        Optional.ofNullable(refusing.get(LogBatch.decode(batch.batch()).number()))
                .ifPresent(code -> {
                    throw Refusal.of(code, "預かれません", "not taken");
                });
        batches.add(batch);
        logged.addAll(LogBatch.decode(batch.batch()).lines());
    }

    List<String> reasons() {
        return reports.stream().flatMap(r -> r.reason().stream()).toList();
    }

    boolean heard(Happened happened) {
        return reports.stream().anyMatch(r -> r.happened() == happened);
    }
}
