package org.mizuhiki.apps.role;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;

/// What servers, the demo and backups do with folders.
public final class Folders {
    private Folders() {}

    /// Deletes a folder and all in it, links but not what they point at; nothing happens when it is not
    /// there.
    public static void clear(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return;
        }
        try (var all = Files.walk(folder)) {
            for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    /// Whether there is nothing in it, or no such folder at all.
    public static boolean isEmpty(Path folder) throws IOException {
        if (!Files.exists(folder)) {
            return true;
        }
        try (var inside = Files.list(folder)) {
            return inside.findAny().isEmpty();
        }
    }

    /// Makes a file's content durable, or the names in a folder, which fsync of its files does not.
    public static void sync(Path path) throws IOException {
        try (var channel = FileChannel.open(path)) {
            channel.force(true);
        }
    }
}
