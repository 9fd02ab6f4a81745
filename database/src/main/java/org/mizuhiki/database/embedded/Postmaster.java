package org.mizuhiki.database.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// A running PostgreSQL server as its `postmaster.pid` tells: pid, folder, start, port, …, state in line 8
/// (PostgreSQL manual, 66.1 "Database File Layout").
record Postmaster(ProcessHandle process, int port, boolean ready) {

    /// The server of this folder that is alive, checked against its command line: pids are used again.
    static Optional<Postmaster> running(Path folder) throws IOException {
        try {
            var lines = Files.readAllLines(folder.resolve("data/postmaster.pid"));
            if (lines.size() < 8) {
                return Optional.empty();
            }
            int port = Integer.parseInt(lines.get(3).strip());
            var ready = lines.get(7).strip().equals("ready");
            return ProcessHandle.of(Long.parseLong(lines.getFirst().strip()))
                    .filter(ProcessHandle::isAlive)
                    .filter(p -> serves(p, folder))
                    .map(p -> new Postmaster(p, port, ready));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (NumberFormatException e) {
            return Optional.empty(); // half written: not ready yet
        }
    }

    private static boolean serves(ProcessHandle process, Path folder) {
        try {
            var words = Files.readString(Path.of("/proc/" + process.pid() + "/cmdline"));
            return words.contains("\0" + folder.resolve("data").toAbsolutePath() + "\0");
        } catch (IOException e) {
            return false;
        }
    }
}
