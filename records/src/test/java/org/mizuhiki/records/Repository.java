package org.mizuhiki.records;

import java.nio.file.Files;
import java.nio.file.Path;

final class Repository {
    private Repository() {}

    static Path root() {
        var folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("house"))) {
            folder = java.util.Objects.requireNonNull(folder.getParent());
        }
        return folder;
    }
}
