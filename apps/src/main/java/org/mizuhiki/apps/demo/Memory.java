package org.mizuhiki.apps.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What processes and their children really occupy: proportional set size, shared pages counted once in
/// all.
final class Memory {
    private Memory() {}

    /// In MiB, of one process alone.
    static long of(ProcessHandle process) {
        try {
            for (var line : Files.readAllLines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
                if (line.startsWith("Pss:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) / 1024;
                }
            }
            return 0;
        } catch (IOException ended) {
            return 0;
        }
    }

    /// In MiB, of processes and all below them, such as the databases that servers started.
    static long ofAll(List<ProcessHandle> processes) {
        var all = new ArrayList<>(processes);
        processes.forEach(p -> p.descendants().forEach(all::add));
        return all.stream().distinct().mapToLong(Memory::of).sum();
    }
}
