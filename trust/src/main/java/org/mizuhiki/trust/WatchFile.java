package org.mizuhiki.trust;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.wire.Json;

/// A monitor's files on disk.
final class WatchFile {
    static final int MAX_BYTES = 16 << 20;

    private WatchFile() {}

    static Bytes read(Path file) {
        try {
            if (Files.size(file) > MAX_BYTES) {
                throw Refusal.of("file-too-large", "ファイルが大きすぎます", "The file is too large");
            }
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw Refusal.of("file-unreadable", "ファイルを読めません: " + file, "A file cannot be read: " + file, e);
        }
    }

    /// Whole or not at all, for its owner only.
    static void write(Path file, Object content) {
        KeyFiles.write(file, new String(Json.write(content).toArray(), StandardCharsets.UTF_8), "rw-------");
    }
}
