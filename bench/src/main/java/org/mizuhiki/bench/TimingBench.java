package org.mizuhiki.bench;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Function;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.oprf.Blinding;
import org.mizuhiki.oprf.Identities;
import org.mizuhiki.oprf.KeyShare;
import org.mizuhiki.oprf.OpaqueServer;

/// Does the time of a computation tell something about its secret? Like dudect (Reparaz, Balasch,
/// Verbauwhede 2017): the same computation with one special secret and with random ones, in random order,
/// and Welch's t between both lots of times. Beyond 4.5 they are likely different, beyond 10 surely; the
/// last row is a computation that is known to leak, and has to be found out. It is a bench and no test, as
/// it takes a quiet machine: noise hides leaks, and never makes them up more than once in a hundred
/// thousand runs.
final class TimingBench implements Benchmark {
    private static final int POOL = 256;
    private static final int WARM_UP = 20_000;
    private static final int RUNS = Integer.getInteger("mizuhiki.timing.runs", 60_000);
    private static final double LIKELY = 4.5;
    private static final double[] CUTS = {1.0, 0.9, 0.7, 0.5};
    private static final String ONE = "01" + "00".repeat(31);
    private static final String ORDER_LESS_ONE = "ecd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010";

    private final SecureRandom die;
    private long ignored;

    TimingBench(SecureRandom die) {
        this.die = die;
    }

    @Override
    public String name() {
        return "timing";
    }

    @Override
    public List<Row> run() {
        var blinded = Blinding.of(Secret.taking(new byte[8]), die).request();
        var rows = new ArrayList<Row>();
        rows.add(row("evaluate with share 1 against random ones", ONE, KeyShare::of, s -> s.evaluate(blinded)));
        rows.add(row(
                "evaluate with share l-1 against random ones", ORDER_LESS_ONE, KeyShare::of, s -> s.evaluate(blinded)));
        rows.add(row("add share 1 against random ones", ONE, KeyShare::of, s -> s.plus(s)));
        rows.add(row("public key of key 1 against random ones", ONE, s -> s.lend(byte[]::clone), this::publicKey));
        var p = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
        rows.add(row(
                "known to leak: BigInteger.modPow, exponent 1 against random ones",
                "00".repeat(31) + "01",
                s -> s.lend(BigInteger::new),
                e -> BigInteger.TEN.modPow(e.abs(), p)));
        return rows;
    }

    private Bytes publicKey(byte[] key) {
        try (var server = new OpaqueServer(Secret.taking(key.clone()), Identities.STOCK, die)) {
            return server.publicKey();
        }
    }

    private interface Subject<T> {
        Object compute(T secret);
    }

    /// Both lots are made in turn and in the same way, so that they lie alike in memory.
    private <T> Row row(String what, String special, Function<Secret, T> maker, Subject<T> subject) {
        var lots = List.of(new ArrayList<T>(), new ArrayList<T>());
        for (int i = 0; i < POOL; i++) {
            lots.get(0).add(maker.apply(Secret.taking(HexFormat.of().parseHex(special))));
            var drawn = OpaqueServer.newKey(die).lend(HexFormat.of()::formatHex);
            lots.get(1).add(maker.apply(Secret.taking(HexFormat.of().parseHex(drawn))));
        }
        measure(lots.get(0), lots.get(1), subject, WARM_UP);
        double t = worst(measure(lots.get(0), lots.get(1), subject, RUNS));
        return new Row("|t|, " + what, t, "likely different", LIKELY, t / LIKELY);
    }

    /// @return the times of the special secret and of the random ones, in nanoseconds
    private <T> List<long[]> measure(List<T> special, List<T> random, Subject<T> subject, int runs) {
        var order = new byte[runs];
        die.nextBytes(order);
        var times = List.of(new long[runs], new long[runs]);
        var counts = new int[2];
        for (int i = 0; i < runs; i++) {
            int lot = order[i] & 1;
            // both lots are read in the same way, so that caches see no difference between them
            var secret = (lot == 0 ? special : random).get(i % POOL);
            long start = System.nanoTime();
            var result = subject.compute(secret);
            long end = System.nanoTime();
            ignored += System.identityHashCode(result);
            times.get(lot)[counts[lot]++] = end - start;
        }
        return List.of(Arrays.copyOf(times.get(0), counts[0]), Arrays.copyOf(times.get(1), counts[1]));
    }

    /// Interruptions make long times: the largest t of several cuts at the top counts.
    private static double worst(List<long[]> times) {
        var all = Arrays.copyOf(times.get(0), times.get(0).length + times.get(1).length);
        System.arraycopy(times.get(1), 0, all, times.get(0).length, times.get(1).length);
        Arrays.sort(all);
        double worst = 0;
        for (double cut : CUTS) {
            long limit = all[(int) (cut * (all.length - 1))];
            double t = welch(below(times.get(0), limit), below(times.get(1), limit));
            // a cut that leaves nothing of one lot says nothing by itself
            worst = Double.isNaN(t) ? worst : Math.max(worst, t);
        }
        return worst;
    }

    private static long[] below(long[] times, long limit) {
        return Arrays.stream(times).filter(t -> t <= limit).toArray();
    }

    private static double welch(long[] a, long[] b) {
        double meanA = Arrays.stream(a).average().orElse(0);
        double meanB = Arrays.stream(b).average().orElse(0);
        return Math.abs(meanA - meanB) / Math.sqrt(variance(a, meanA) / a.length + variance(b, meanB) / b.length);
    }

    private static double variance(long[] times, double mean) {
        return Arrays.stream(times).mapToDouble(t -> (t - mean) * (t - mean)).sum() / (times.length - 1);
    }
}
