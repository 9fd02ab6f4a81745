package org.mizuhiki.bench;

import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import org.mizuhiki.house.Crypto;

/// `./mizuhiki bench [NAME]`: runs all benchmarks, or one, and prints a table with ratios against
/// baselines of the same run.
public final class Bench {
    private Bench() {}

    public static void main(String[] arguments) throws Exception {
        System.out.println(
                "providers: " + Crypto.choose() + "; " + Runtime.getRuntime().availableProcessors() + " cores");
        var clock = Clock.systemUTC();
        var die = new SecureRandom();
        var all = List.of(
                new SealBench(die, clock),
                new TimingBench(die),
                new OpaqueBench(die, clock),
                new LedgerBench(),
                new LetterBench(die, clock),
                new PocketBench(die, clock),
                new PathBench(die, clock),
                new PkiBench(die, clock),
                new ChipBench(die, clock),
                new CentreBench(die, clock),
                new TunnelBench(die),
                new ConnectBench(die, clock),
                new RouterMemoryBench(die, clock));
        var chosen = all.stream()
                .filter(b -> arguments.length == 0 || b.name().equals(arguments[0]))
                .toList();
        if (chosen.isEmpty()) {
            System.err.println("この名のベンチマークはありません / no benchmark of this name; there are "
                    + all.stream().map(Benchmark::name).toList());
            System.exit(2);
        }
        for (var benchmark : chosen) {
            System.out.println("\n" + benchmark.name());
            benchmark.run().forEach(Bench::print);
        }
    }

    private static void print(Benchmark.Row row) {
        var against = Double.isNaN(row.ratio())
                ? ""
                : "%6.2f x %s (%,.1f)".formatted(row.ratio(), row.baseline(), row.baselineValue());
        System.out.println(String.format(Locale.ROOT, "  %-58s %,14.1f   %s", row.what(), row.value(), against));
    }
}
