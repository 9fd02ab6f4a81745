package org.mizuhiki.bench;

import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.apps.RouterMemory;
import org.mizuhiki.house.Refusal;

/// What one router of five occupies, beside the budget of 64 MiB: our program and strongSwan's engine, each by
/// itself, in a region whose servers and routers are processes of their own.
final class RouterMemoryBench implements Benchmark {
    private static final double BUDGET = 64;

    private final SecureRandom die;
    private final Clock clock;

    RouterMemoryBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "router-memory";
    }

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory("mz-bench-");
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx--x--x"));
        var rows = new ArrayList<Row>();
        try {
            RouterMemory.measure(folder, clock, die).forEach((when, processes) -> {
                for (var process : List.of("program", "engine")) {
                    var seen = java.util.Objects.requireNonNull(processes.get(process));
                    rows.add(row(process + " " + when + ", resident, MiB", seen.resident()));
                    rows.add(row(process + " " + when + ", its own pages, MiB", seen.own()));
                }
            });
            return rows;
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

    private static Row row(String what, long kib) {
        double mib = kib / 1024.0;
        return new Row(what, mib, "budget", BUDGET, mib / BUDGET);
    }
}
