package org.mizuhiki.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.Entry;
import org.mizuhiki.ledger.LedgerSettings;
import org.mizuhiki.ledger.LogSigner;
import org.mizuhiki.ledger.TileLog;

/// Durable appends a second: the ledger under 256 callers, next to one fsync an entry at the end of a plain
/// file, on the same disk in the same run. Checkpoints are signed meanwhile; stamps are taken as given.
public final class LedgerBench implements Benchmark {
    private static final int CALLERS = 256;
    private static final int ROUNDS = 5;
    private static final long ROUND = TimeUnit.SECONDS.toNanos(2);

    @Override
    public String name() {
        return "ledger";
    }

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory(
                Path.of(System.getProperty("mizuhiki.bench.folder", ".")).toAbsolutePath(), "ledger-bench");
        try {
            return List.of(measured(folder));
        } finally {
            Folders.clear(folder);
        }
    }

    private static Row measured(Path folder) throws Exception {
        var signer = LogSigner.generate("ledger.example.jp/bench", new SecureRandom());
        var ours = new ArrayList<Double>();
        var plain = new ArrayList<Double>();
        try (var log = TileLog.open(
                        folder.resolve("log"),
                        signer,
                        signer.keys(Map.of(), 0),
                        imprint -> Bytes.of((byte) 1),
                        List.of(),
                        LedgerSettings.usual());
                var file = FileChannel.open(
                        folder.resolve("plain"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            for (int round = 0; round < ROUNDS; round++) {
                // in turn, so that a disk that slows down slows both
                ours.add(rate(CALLERS, round, i -> log.append(entry(i))));
                plain.add(rate(1, round, i -> append(file, entry(i))));
            }
        }
        double value = median(ours);
        double baseline = median(plain);
        return new Row(
                "ledger: durable appends/s, " + CALLERS + " callers",
                value,
                "one fsync an entry",
                baseline,
                value / baseline);
    }

    private static Entry entry(long i) {
        return new Entry(
                "disclosure", Digest.of(ByteBuffer.allocate(8).putLong(i).array()));
    }

    private static void append(FileChannel file, Entry entry) {
        try {
            file.write(ByteBuffer.wrap(entry.canonical().encode().toArray()));
            file.force(false);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static double rate(int callers, int round, LongConsumer append) {
        var done = new AtomicLong();
        long start = System.nanoTime();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int c = 0; c < callers; c++) {
                long first = ((long) round << 48) | ((long) c << 32);
                threads.execute(() -> {
                    for (long i = first; System.nanoTime() - start < ROUND; i++) {
                        append.accept(i);
                        done.incrementAndGet();
                    }
                });
            }
        }
        return done.get() * 1e9 / (System.nanoTime() - start);
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
