package org.mizuhiki.records;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;

/// Third-party test data beside the repository (`../shared/data` of its root), or a skip that says so.
final class SharedData {
    private SharedData() {}

    static Path find(String name) {
        var folder = Path.of("").toAbsolutePath();
        while (folder != null) {
            var found = folder.resolveSibling("shared/data").resolve(name);
            if (Files.exists(found)) {
                return found;
            }
            folder = folder.getParent();
        }
        assumeTrue(false, "skipped: there is no ../shared/data/" + name + " beside the repository");
        throw new IllegalStateException("an assumption that fails throws");
    }
}
