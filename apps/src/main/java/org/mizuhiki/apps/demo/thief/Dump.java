package org.mizuhiki.apps.demo.thief;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// All that one running server has, as who owns its machine takes it.
///
/// @param disk its folder with its database's own files, and its log
/// @param rows every table, written out
/// @param heap every object of its JVM, those included that the collector has not cleared yet
/// @param memory every page that its process may write: what was freed or moved, and what native libraries
/// keep, lies here
public record Dump(List<Path> disk, Path rows, Path heap, Path memory) {
    private static final long LONGEST_MINUTES = 3;
    private static final int PIECE = 1 << 20;
    private static final long MOST = 4L << 30;

    public Dump {
        disk = List.copyOf(disk);
    }

    /// Why no process can be dumped here; absent when it can.
    public static Optional<String> missing() {
        if (!Files.isExecutable(jcmd())) {
            return Optional.of(jcmd() + " is not there: a JDK is needed, not a JRE");
        }
        return Files.exists(Path.of("/proc/self/mem")) ? Optional.empty() : Optional.of("no /proc");
    }

    /// @param rows where the tables were written out
    /// @param folder where heap and memory are put: large, and as secret as the server
    public static Dump of(long pid, List<Path> disk, Path rows, Path folder) throws IOException, InterruptedException {
        var heap = folder.resolve("heap.hprof").toAbsolutePath();
        var asked = new ProcessBuilder(jcmd().toString(), Long.toString(pid), "GC.heap_dump", "-all", heap.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!asked.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
            asked.destroyForcibly();
        }
        if (!Files.exists(heap) || Files.size(heap) == 0) {
            throw new IOException("process " + pid + " gave no heap dump");
        }
        var memory = folder.resolve("memory");
        try (var out = Files.newOutputStream(memory)) {
            copy(pid, out);
        }
        return new Dump(disk, rows, heap, memory);
    }

    /// Every place to look at.
    public List<Path> all() {
        var all = new ArrayList<>(disk);
        all.addAll(List.of(rows, heap, memory));
        return all;
    }

    private static Path jcmd() {
        return Path.of(System.getProperty("java.home"), "bin", "jcmd");
    }

    /// Pages that were never touched read as zeros and are left out.
    private static void copy(long pid, OutputStream out) throws IOException {
        var maps = Files.readAllLines(Path.of("/proc/" + pid + "/maps"));
        long copied = 0;
        try (var memory = FileChannel.open(Path.of("/proc/" + pid + "/mem"))) {
            for (var line : maps) {
                var fields = line.split(" +", 3);
                if (fields[1].startsWith("rw")) {
                    var range = fields[0].split("-", 2);
                    long from = Long.parseUnsignedLong(range[0], 16);
                    long to = Long.parseUnsignedLong(range[1], 16);
                    copied += copy(memory, from, to, out);
                    if (copied > MOST) {
                        throw new IOException("process " + pid + " is larger than any of our servers");
                    }
                }
            }
        }
        if (copied == 0) {
            throw new IOException("nothing could be read of the memory of process " + pid);
        }
    }

    private static long copy(FileChannel memory, long from, long to, OutputStream out) throws IOException {
        long copied = 0;
        for (long at = from; at < to; ) {
            var piece = ByteBuffer.allocate((int) Math.min(PIECE, to - at));
            int read = read(memory, piece, at);
            if (read <= 0) {
                at += piece.capacity();
                continue;
            }
            at += read;
            if (!isZero(piece.array())) {
                out.write(piece.array(), 0, read);
                copied += read;
            }
        }
        return copied;
    }

    /// @return 0 for pages that cannot be read, or that the process gave back a moment ago
    private static int read(FileChannel memory, ByteBuffer piece, long at) {
        try {
            return memory.read(piece, at);
        } catch (IOException gone) {
            return 0;
        }
    }

    private static boolean isZero(byte[] piece) {
        for (byte b : piece) {
            if (b != 0) {
                return false;
            }
        }
        return true;
    }
}
