package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// A TPM 2.0 made of software, in a process of its own, on a socket in a folder of the test's own.
final class Swtpm implements AutoCloseable {
    private final Path folder;
    private final ProcessBuilder command;
    private Process process;

    Swtpm(Path folder) throws IOException, InterruptedException {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/swtpm")),
                "swtpm (package swtpm) is not here: the TPM's tests are skipped");
        this.folder = folder;
        command = new ProcessBuilder(
                        "/usr/bin/swtpm",
                        "socket",
                        "--tpm2",
                        "--tpmstate",
                        "dir=" + folder,
                        "--server",
                        "type=unixio,path=" + socket(),
                        "--flags",
                        "not-need-init,startup-clear")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        process = powerOn();
    }

    Path socket() {
        return folder.resolve("tpm");
    }

    private Process powerOn() throws IOException, InterruptedException {
        Files.deleteIfExists(socket());
        var started = command.start();
        for (int i = 0; i < 500 && !answers(); i++) {
            assertTrue(started.isAlive(), () -> "swtpm ended: " + log());
            Thread.sleep(10);
        }
        return started;
    }

    /// The socket is there a moment before anybody listens.
    private boolean answers() {
        try (var line = SocketChannel.open(UnixDomainSocketAddress.of(socket()))) {
            return line.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// The power goes without a word of warning, and comes back. Lines to it have ended.
    void cutPower() throws IOException, InterruptedException {
        close();
        process = powerOn();
    }

    @Override
    public void close() {
        process.destroyForcibly();
        try {
            assertTrue(process.waitFor(10, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
