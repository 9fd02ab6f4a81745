package org.mizuhiki.apps.demo;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// Ordinary tools that stories call on as witnesses.
final class Witness {
    private Witness() {}

    /// @return what it printed
    /// @throws IllegalStateException unless it ended within 30 s and said that all is well
    static String in(Path folder, String... command) throws Exception {
        var process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("does not hold: " + String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
