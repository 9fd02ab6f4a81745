package org.mizuhiki.bench;

import java.io.BufferedInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.mizuhiki.bench.PocketSite.Player;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.store.Store;
import org.mizuhiki.wire.Json;

/// Pockets at a store over mutual TLS: one with ten thousand letters opened whole, letters listed and fetched
/// in a region of a thousand pockets and in one of a million, and shares given by sixteen clients on the same
/// processors.
final class PocketBench implements Benchmark {
    private static final int CLIENTS = 16;
    private static final int LARGE_POCKET = 10_000;
    private static final int PAGE = 500;
    private static final int EACH = 3;
    private static final int FEW = 1_000;
    private static final int MANY = Integer.getInteger("mizuhiki.bench.pockets", 1_000_000);
    private static final int PROBES = 40;
    private static final int SHARES_GOAL = 1000;
    private static final long ROUND = TimeUnit.SECONDS.toNanos(8);

    private final SecureRandom die;
    private final Clock clock;
    private final AtomicLong next = new AtomicLong();

    PocketBench(SecureRandom die, Clock clock) {
        this.die = die;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "pocket";
    }

    /// Numbers of the letters of a thousand pockets, and of the many.
    private static final Population SMALL = new Population(100_000, FEW);

    private static final Population BIG = new Population(1_000_000_000L, MANY);

    private record Population(long first, int pockets) {
        Digest letter(long number) {
            return PocketRows.letter(first + Math.floorMod(number * 7919, (long) pockets * EACH));
        }
    }

    /// Who was there from the beginning.
    private record Region(Player author, Player large, List<Player> probes, PersonId reader) {}

    /// What was seen of a region of some size; times in milliseconds, the median and the slowest of a hundred.
    private record Seen(double listed, double slowest, double fetched, double shares, double milliseconds) {}

    @Override
    public List<Row> run() throws Exception {
        var folder = Files.createTempDirectory("mizuhiki-bench-");
        var rows = new ArrayList<Row>();
        try (var site = new PkiSite(folder, clock, die);
                var store = new PocketSite(folder.resolve("store"), site, clock, die)) {
            var region = region(store);
            for (int i = 0; i < 3; i++) {
                seen(store, region, SMALL); // servers run for months, and compile in their first minute
                opened(store, region.large());
            }
            double whole = median(() -> opened(store, region.large()));
            rows.add(goal("a pocket of 10,000 letters opened and listed whole, ms", whole, 1000));
            var few = seen(store, region, SMALL);
            told(rows, FEW, few, few);
            long begun = System.nanoTime();
            PocketRows.copy(
                    store.database,
                    region.author().id(),
                    PocketRows.people(MANY, die),
                    BIG.first(),
                    EACH,
                    region.reader());
            rows.add(new Row("seconds to load the million by COPY", seconds(begun), "", 0, Double.NaN));
            seen(store, region, BIG);
            told(rows, MANY, seen(store, region, BIG), few);
            rows.add(goal(
                    "the pocket of 10,000 letters among them, ms", median(() -> opened(store, region.large())), 1000));
        } finally {
            Folders.clear(folder);
        }
        return rows;
    }

    private Region region(PocketSite store) throws Exception {
        var author = store.doctor();
        var large = store.patient();
        var probes = new ArrayList<Player>();
        for (int i = 0; i < PROBES; i++) {
            probes.add(store.patient());
        }
        var reader = PersonId.random(die);
        PocketRows.copy(store.database, author.id(), List.of(large.id()), 0, LARGE_POCKET, reader);
        PocketRows.copy(store.database, author.id(), PocketRows.people(FEW, die), SMALL.first(), EACH, reader);
        PocketRows.copy(
                store.database, author.id(), probes.stream().map(Player::id).toList(), 200_000, EACH, reader);
        return new Region(author, large, probes, reader);
    }

    private static void told(List<Row> rows, int pockets, Seen seen, Seen few) {
        var of = ", " + "%,d".formatted(pockets) + " pockets";
        rows.add(beside("a pocket's letters listed, ms" + of, seen.listed(), few.listed()));
        rows.add(beside("  the slowest of a hundred", seen.slowest(), few.slowest()));
        rows.add(beside("a letter asked for, kept, fetched, ms" + of, seen.fetched(), few.fetched()));
        rows.add(
                goal("shares/s" + of + ", " + CLIENTS + " clients on the same processors", seen.shares(), SHARES_GOAL));
        double bearable = 2000 / seen.milliseconds();
        rows.add(new Row("  ms of processors a share: store and database", seen.milliseconds(), "", 0, Double.NaN));
        rows.add(goal("  shares/s that fill two processors", bearable, SHARES_GOAL));
    }

    private static Row goal(String what, double value, double goal) {
        return new Row(what, value, "goal", goal, value / goal);
    }

    private static Row beside(String what, double value, double few) {
        return new Row(what, value, "a thousand pockets", few, value / few);
    }

    @FunctionalInterface
    private interface Time {
        double milliseconds() throws Exception;
    }

    private static double median(Time time) throws Exception {
        var times = new ArrayList<Double>();
        for (int i = 0; i < 9; i++) {
            times.add(time.milliseconds());
        }
        return times.stream().sorted().toList().get(4);
    }

    /// From nothing: connection, log-in by certificate, page after page to the end.
    private static double opened(PocketSite site, Player who) {
        long begun = System.nanoTime();
        var store = site.as(who);
        int count = 0;
        long before = Long.MAX_VALUE;
        for (var page = store.inbox(who.id(), PAGE, before); !page.isEmpty(); ) {
            count += page.size();
            before = page.getLast().number();
            page = store.inbox(who.id(), PAGE, before);
        }
        if (count != LARGE_POCKET) {
            throw new IllegalStateException("the store lists " + count + " letters");
        }
        return (System.nanoTime() - begun) / 1e6;
    }

    private Seen seen(PocketSite site, Region region, Population population) throws Exception {
        var lists = new ArrayList<Double>();
        var fetches = new ArrayList<Double>();
        for (var probe : region.probes()) {
            var store = site.as(probe);
            store.inbox(probe.id(), PAGE, Long.MAX_VALUE); // connected
            for (int i = 0; i < 5; i++) {
                lists.add(timed(() -> store.inbox(probe.id(), PAGE, Long.MAX_VALUE)));
            }
            fetches.add(fetched(store, probe));
        }
        lists.sort(null);
        fetches.sort(null);
        var before = processors();
        var clients = new AtomicLong();
        double shares = shares(site, region, population, clients);
        double used = processors().minus(before).toNanos() - clients.get();
        return new Seen(
                lists.get(lists.size() / 2),
                lists.get(lists.size() * 99 / 100),
                fetches.get(fetches.size() / 2),
                shares,
                used / 1e6 / (shares * ROUND / 1e9));
    }

    private double fetched(Store store, Player probe) throws Exception {
        var content = new byte[9000];
        die.nextBytes(content);
        var letter = Bytes.of(content).sha256();
        store.put(probe.id(), letter, new java.io.ByteArrayInputStream(content), content.length);
        store.register(probe.id(), new Store.Envelope(letter, List.of(), probe.id()));
        return timed(() -> store.fetch(probe.id(), letter));
    }

    private static double timed(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return (System.nanoTime() - begun) / 1e6;
    }

    /// Each a letter of somebody else, for a reader who has none yet.
    private double shares(PocketSite site, Region region, Population population, AtomicLong processors)
            throws Exception {
        var crowd = Crowd.as(region.author().identity(), CLIENTS, site.port());
        var done = new AtomicLong();
        long begun = System.nanoTime();
        try (var threads = Executors.newFixedThreadPool(CLIENTS)) {
            var running = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                running.add(threads.submit(() -> {
                    try (var socket = crowd.connected()) {
                        var in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
                        while (System.nanoTime() - begun < ROUND) {
                            socket.getOutputStream().write(share(population));
                            Crowd.mustBeAnswered(in);
                            done.incrementAndGet();
                        }
                    }
                    processors.addAndGet(ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
                    return null;
                }));
            }
            for (var one : running) {
                one.get();
            }
        }
        return done.get() * 1e9 / (System.nanoTime() - begun);
    }

    private byte[] share(Population population) {
        long number = next.getAndIncrement();
        var letter = population.letter(number);
        var share = new Store.Share(letter, PersonId.random(die), letter, Instant.parse("2099-01-01T00:00:00Z"));
        var key = "bench-%016d".formatted(number);
        return Crowd.post(
                "/v1/shares",
                "Content-Type: application/json\r\nIdempotency-Key: " + key + "\r\n",
                Json.write(share).toArray());
    }

    private static double seconds(long begun) {
        return (System.nanoTime() - begun) / 1e9;
    }

    /// Of this process and of the databases below it.
    private static Duration processors() {
        var own = ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
        return ProcessHandle.current()
                .descendants()
                .map(p -> p.info().totalCpuDuration().orElse(Duration.ZERO))
                .reduce(own, Duration::plus);
    }
}
