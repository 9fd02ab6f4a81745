package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;

/// A real pcscd with vsmartcard's virtual reader, apart from the machine's: its own network (nobody else
/// reaches the reader's port, and the port is never taken), its own `/run` (the machine's pcscd, if there is
/// one, keeps its socket), no drivers for USB (a real reader stays the machine's).
///
/// One for all tests of this process, since the JDK connects to pcscd once. It ends with the process, or by
/// itself when nobody has used it for a minute.
final class PcscRoom {
    static final int PORT = 0x8c7b;
    static final String READER = "Mizuhiki 00 00";
    private static final Path DRIVER = Path.of("/usr/lib/pcsc/drivers/serial/libifdvpcd.so");
    /// `$1`: the folder. `exec` throughout, so that the process that was started is pcscd in the end.
    private static final String START = """
            ip link set lo up && mount -t tmpfs mizuhiki-test /run && mkdir /run/pcscd &&
            mount --bind "$1/socket" /run/pcscd && mount -t tmpfs mizuhiki-test /usr/lib/pcsc/drivers &&
            exec pcscd --foreground --auto-exit --info --config "$1/readers"
            """;
    private static Optional<PcscRoom> only = Optional.empty();

    private final Path folder;
    private final Process pcscd;

    private PcscRoom(Path folder, Process pcscd) {
        this.folder = folder;
        this.pcscd = pcscd;
    }

    /// Skips the test where pcscd cannot run.
    static synchronized PcscRoom open() {
        assumeTrue(Files.exists(DRIVER), "the virtual reader (package vsmartcard-vpcd) is not here: skipped");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/pcscd")), "pcscd (package pcscd) is not here: skipped");
        assumeTrue(Files.isExecutable(Path.of("/usr/sbin/ip")), "ip (package iproute2) is not here: skipped");
        assumeTrue(canSeparate(), "namespaces for a pcscd of our own cannot be made here: skipped");
        if (only.isEmpty()) {
            only = Optional.of(start());
        }
        return only.get();
    }

    private static boolean canSeparate() {
        try {
            return new ProcessBuilder("unshare", "--mount", "--net", "true")
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException | InterruptedException e) {
            return false;
        }
    }

    private static PcscRoom start() {
        try {
            var folder = Files.createTempDirectory("mizuhiki-pcsc");
            Files.createDirectory(folder.resolve("socket"));
            Files.copy(DRIVER, folder.resolve("driver.so"));
            Files.writeString(Files.createDirectory(folder.resolve("readers")).resolve("vpcd"), """
                    FRIENDLYNAME "Mizuhiki"
                    DEVICENAME /dev/null:%d
                    LIBPATH %s/driver.so
                    CHANNELID %d
                    """.formatted(
                            PORT, folder, PORT));
            var process = new ProcessBuilder(
                            "unshare", "--mount", "--net", "sh", "-c", START, "pcscd", folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("log").toFile())
                    .start();
            var room = new PcscRoom(folder, process);
            Runtime.getRuntime().addShutdownHook(new Thread(room::end));
            room.await(() -> Files.exists(room.socket()) && process.isAlive());
            Libc.setEnvironment("PCSCLITE_CSOCK_NAME", room.socket().toString());
            assertEquals(List.of(), ReaderCard.readers(), "there is a reader, and nothing in it");
            return room;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private Path socket() {
        return folder.resolve("socket/pcscd.comm");
    }

    private void end() {
        pcscd.destroy();
        try {
            pcscd.waitFor();
            try (var all = Files.walk(folder)) {
                all.sorted(java.util.Comparator.reverseOrder())
                        .forEach(p -> p.toFile().delete());
            }
        } catch (InterruptedException | IOException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void await(Supplier<Boolean> condition) {
        try {
            for (int i = 0; i < 400 && !condition.get(); i++) {
                Thread.sleep(25);
            }
            assertTrue(condition.get(), () -> "in vain; pcscd said:\n" + log());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private long said(String what) {
        return log().lines().filter(l -> l.contains(what)).count();
    }

    private String log() {
        try {
            return Files.readString(folder.resolve("log"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /// Puts a card into the reader; it is there when this returns. pcscd looks every 400 ms, and takes a card
    /// that was exchanged between two looks for the old one, so its own word that it is gone is waited for.
    VirtualReader insert(Bytes atr, CardChannel card) {
        await(() -> said("Card inserted into") == said("Card Removed From"));
        var reader = VirtualReader.insert(connected(), atr, card);
        await(() -> ReaderCard.readers().contains(READER));
        return reader;
    }

    /// A socket belongs to the network of the thread that made it.
    private Socket connected() {
        Callable<Socket> connect = () -> {
            Libc.enterNetworkOf(pcscd.pid());
            var socket = new Socket();
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), PORT), 5000);
            return socket;
        };
        var task = new FutureTask<>(connect);
        Thread.ofPlatform().start(task);
        try {
            return task.get();
        } catch (Exception e) {
            throw new AssertionError(log(), e);
        }
    }

    /// What a program of the machine says about the card; both streams together.
    record Said(int code, String text) {}

    Said run(String... command) {
        try {
            var builder = new ProcessBuilder(command).redirectErrorStream(true);
            builder.environment().put("PCSCLITE_CSOCK_NAME", socket().toString());
            var process = builder.start();
            process.getOutputStream().close();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Said(process.waitFor(), text);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /// A tool of OpenSC; skips the test where there is none.
    Said opensc(String tool, String... arguments) {
        var path = Path.of("/usr/bin", tool);
        assumeTrue(Files.isExecutable(path), tool + " (package opensc) is not here: skipped");
        return run(
                Stream.concat(Stream.of(path.toString()), Stream.of(arguments)).toArray(String[]::new));
    }

    /// The card in the reader as a channel that, when it is closed, pulls the card out.
    CardChannel throughReader(CardChannel card) {
        var inserted = insert(VirtualReader.PLAIN_ATR, card);
        var line = opened(inserted);
        return new CardChannel() {
            @Override
            public byte[] transmit(byte... command) {
                return line.transmit(command);
            }

            @Override
            public void reset() {
                line.reset();
            }

            @Override
            public void close() {
                line.close();
                inserted.close();
            }
        };
    }

    private static ReaderCard opened(VirtualReader inserted) {
        boolean opened = false;
        try {
            var line = ReaderCard.in(READER);
            opened = true;
            return line;
        } finally {
            if (!opened) {
                inserted.close();
            }
        }
    }
}
