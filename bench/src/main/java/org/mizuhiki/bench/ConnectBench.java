package org.mizuhiki.bench;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.mizuhiki.apps.ConnectLoad;
import org.mizuhiki.house.Refusal;

/// A connection on demand from its request to the first packet through: decision, delivery, both routers'
/// checks, rules, IKE with keys in tokens. Every server and router is a process of its own.
final class ConnectBench implements Benchmark {
    private static final int CONNECTIONS = 100;

    private final SecureRandom die;
    private final Clock clock;

    ConnectBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "connect";
    }

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory("mz-bench-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        try {
            var all = ConnectLoad.measure(folder, CONNECTIONS, clock, die).stream()
                    .sorted()
                    .toList();
            return List.of(
                    row("request to first packet, p50, ms", all, 50), row("request to first packet, p99, ms", all, 99));
        } catch (Refusal e) {
            if (!e.code().equals("tunnels-impossible")) {
                throw e;
            }
            System.err.println("  省きます / skipped: " + e.getMessage());
            return List.of();
        } finally {
            Folders.clear(folder);
        }
    }

    private static Row row(String what, List<Duration> sorted, int percent) {
        var at = sorted.get(Math.min(sorted.size() - 1, sorted.size() * percent / 100));
        return new Row(what, at.toNanos() / 1e6, "", 0, Double.NaN);
    }
}
