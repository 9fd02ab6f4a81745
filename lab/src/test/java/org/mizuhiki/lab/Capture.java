package org.mizuhiki.lab;

import java.nio.file.Files;
import java.nio.file.Path;
import org.mizuhiki.ike.NetworkSpace;

/// What passes a line, seen by tcpdump.
record Capture(Path file) {
    private static final int HEAD = 24;
    private static final long QUIET_MS = 400;

    @FunctionalInterface
    interface Doing {
        void run() throws Exception;
    }

    /// @param folder for the recording
    /// @param filter in pcap's words; empty for all
    static Capture of(Path folder, NetworkSpace at, String device, String filter, Doing doing) throws Exception {
        var file = Files.createTempFile(folder, "line", ".pcap");
        Files.delete(file);
        var tcpdump = at.command("tcpdump", "-Z", "root", "-U", "-n", "-i", device, "-w", file.toString(), filter)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("tcpdump").toFile())
                .start();
        try {
            TunnelTest.until(() -> Files.exists(file) && Files.size(file) >= HEAD);
            doing.run();
            settle(file);
        } finally {
            tcpdump.destroy();
            tcpdump.waitFor();
        }
        return new Capture(file);
    }

    /// What tcpdump has not read when it is ended is lost.
    private static void settle(Path file) throws Exception {
        long before = 0;
        while (Files.size(file) == HEAD || Files.size(file) > before) {
            before = Files.size(file);
            Thread.sleep(QUIET_MS);
        }
    }

    long count(String filter) throws Exception {
        var read = new ProcessBuilder("tcpdump", "-Z", "root", "-n", "-r", file.toString(), filter)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (var lines = read.inputReader()) {
            return lines.lines().count();
        }
    }
}
