package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What processes and their children really occupy: proportional set size, shared pages counted once in
/// all.
public final class Memory {
    private Memory() {}

    /// What one process occupies, in KiB.
    ///
    /// @param rss all pages that it sees, also those that others share
    /// @param own those that nobody else can share (RssAnon)
    /// @param pss its fair part of all
    public record Seen(long rss, long own, long pss) {}

    static Seen seen(long pid) {
        return new Seen(
                field(pid, "status", "VmRSS:"), field(pid, "status", "RssAnon:"), field(pid, "smaps_rollup", "Pss:"));
    }

    private static long field(long pid, String file, String name) {
        try {
            return Files.readAllLines(Path.of("/proc/" + pid + "/" + file)).stream()
                    .filter(l -> l.startsWith(name))
                    .mapToLong(l -> Long.parseLong(l.replaceAll("[^0-9]", "")))
                    .findFirst()
                    .orElse(0);
        } catch (IOException ended) {
            return 0;
        }
    }

    /// In MiB, of one process alone.
    static long of(ProcessHandle process) {
        return seen(process.pid()).pss() / 1024;
    }

    /// In MiB, of processes and all below them, such as the databases that servers started.
    static long ofAll(List<ProcessHandle> processes) {
        var all = new ArrayList<>(processes);
        processes.forEach(p -> p.descendants().forEach(all::add));
        return all.stream().distinct().mapToLong(Memory::of).sum();
    }
}
