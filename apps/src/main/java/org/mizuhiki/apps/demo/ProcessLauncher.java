package org.mizuhiki.apps.demo;

import java.nio.file.Path;
import java.util.Map;

/// Each server a process of its own, as in production.
record ProcessLauncher(Processes processes, Path logs) implements Launcher {
    private static final int USUAL_HEAP = 96;
    private static final Map<String, Integer> HEAPS = Map.of("authority", 128, "web", 64, "witness", 64);

    @Override
    public void launch(String name, String role, Path config) {
        processes.start(
                name,
                logs.resolve(name + ".log"),
                HEAPS.getOrDefault(role, USUAL_HEAP),
                role,
                "--config",
                config.toString(),
                "--with-parent");
    }

    @Override
    public void close() {
        processes.close();
    }
}
