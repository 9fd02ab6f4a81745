package org.mizuhiki.trust;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Runs the real openssl in a folder; everybody else's idea of what is right.
record OpenSsl(Path folder) {
    /// @return its output, both streams, with the exit code as last line
    String run(String... arguments) throws Exception {
        var all = new ArrayList<>(List.of("openssl"));
        all.addAll(List.of(arguments));
        var process = new ProcessBuilder(all)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        return output + "\nexit " + process.waitFor();
    }

    void write(String name, byte... content) throws Exception {
        Files.write(folder.resolve(name), content);
    }

    byte[] read(String name) throws Exception {
        return Files.readAllBytes(folder.resolve(name));
    }
}
