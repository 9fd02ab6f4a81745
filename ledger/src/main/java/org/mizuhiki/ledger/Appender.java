package org.mizuhiki.ledger;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.journal.Journal;
import org.mizuhiki.ledger.tree.Merkle;
import org.mizuhiki.ledger.tree.RecentLeaves;
import org.mizuhiki.ledger.tree.TileTree;

/// Group commit: one thread takes what many callers brought, writes it as one batch with one fsync, and
/// answers them all. It alone gives out indices, so order needs no lock.
final class Appender implements AutoCloseable {
    private static final int QUEUE = 16_384;
    private static final int BATCH = 4096;
    // full tiles in memory that could not be written yet: about a million entries
    private static final int MAX_UNWRITTEN = 8192;
    private static final int ANSWER_SECONDS = 60;

    private final Journal journal;
    private final TileTree tree;
    private final RecentLeaves recent;
    private final Runnable grown;
    private final ArrayBlockingQueue<Waiting> queue = new ArrayBlockingQueue<>(QUEUE);
    private final Thread thread;
    private volatile boolean closed;
    private volatile @org.jspecify.annotations.Nullable Refusal stopped;

    private static final class Waiting {
        private final byte[] entry;
        private final byte[] leaf;
        private final CompletableFuture<Receipt> answer = new CompletableFuture<>();

        Waiting(byte[] entry) {
            this.entry = entry;
            this.leaf = Merkle.leaf(entry);
        }
    }

    /// @param grown called after each batch, from the appender's thread
    Appender(Journal journal, TileTree tree, RecentLeaves recent, Runnable grown) {
        this.journal = journal;
        this.tree = tree;
        this.recent = recent;
        this.grown = grown;
        // a platform thread: fsync would pin a virtual one's carrier
        this.thread = Thread.ofPlatform().name("ledger-append").daemon().start(this::run);
    }

    Receipt append(byte[] entry) {
        var waiting = new Waiting(entry);
        try {
            if (closed || !queue.offer(waiting, ANSWER_SECONDS, TimeUnit.SECONDS)) {
                throw unavailable("it is closed or overloaded");
            }
            if (closed && !thread.isAlive()) {
                refuseWaiting();
            }
            return waiting.answer.get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("the caller was interrupted; the entry may be in the log, the same call again tells");
        } catch (TimeoutException e) {
            throw unavailable("the disk does not answer; the entry may be in the log, the same call again tells");
        } catch (ExecutionException e) {
            throw refusal(e);
        }
    }

    /// From now on nothing is taken: what could never be proven must not be acknowledged.
    void stop(Refusal why) {
        stopped = why;
    }

    private void run() {
        var batch = new ArrayList<Waiting>(BATCH);
        while (!closed || !queue.isEmpty()) {
            try {
                var first = queue.poll(50, TimeUnit.MILLISECONDS);
                if (first == null) {
                    continue;
                }
                batch.clear();
                batch.add(first);
                queue.drainTo(batch, BATCH - 1);
                commit(batch);
            } catch (InterruptedException e) {
                // ending the thread would leave callers without an answer
                Thread.onSpinWait();
            } catch (RuntimeException | Error e) {
                batch.forEach(w -> w.answer.completeExceptionally(e));
            }
        }
        refuseWaiting();
    }

    private void refuseWaiting() {
        for (var w = queue.poll(); w != null; w = queue.poll()) {
            w.answer.completeExceptionally(unavailable("it is closing"));
        }
    }

    private void commit(List<Waiting> batch) {
        var why = stopped;
        if (why != null) {
            throw why;
        }
        if (tree.waiting() > MAX_UNWRITTEN) {
            throw Refusal.of(
                    "ledger-full", "台帳のタイルを書き込めません", "The ledger's tiles cannot be written; nothing was recorded");
        }
        var answers = new LinkedHashMap<Waiting, Receipt>();
        var fresh = new LinkedHashMap<Digest, Waiting>();
        for (var waiting : batch) {
            long known = standing(waiting.leaf);
            var leaf = Digest.ofHash(waiting.leaf);
            if (known >= 0) {
                answers.put(waiting, new Receipt(known, leaf));
            } else {
                fresh.putIfAbsent(leaf, waiting);
            }
        }
        if (!fresh.isEmpty()) {
            journal.append(fresh.values().stream().map(w -> w.entry).toList());
            var indices = place(fresh);
            for (var waiting : batch) {
                var leaf = Digest.ofHash(waiting.leaf);
                answers.computeIfAbsent(waiting, w -> new Receipt(indices.getOrDefault(leaf, -1L), leaf));
            }
            grown.run();
        }
        answers.forEach((waiting, receipt) -> waiting.answer.complete(receipt));
    }

    private Map<Digest, Long> place(Map<Digest, Waiting> fresh) {
        var indices = new LinkedHashMap<Digest, Long>();
        fresh.forEach((leaf, waiting) -> {
            long index = tree.size();
            tree.add(waiting.entry, waiting.leaf);
            recent.put(waiting.leaf, index);
            indices.put(leaf, index);
        });
        return indices;
    }

    private long standing(byte[] leaf) {
        return recent.candidates(leaf)
                .filter(i -> Arrays.equals(tree.leaf(i), leaf))
                .findFirst()
                .orElse(-1);
    }

    private static Refusal refusal(ExecutionException e) {
        return e.getCause() instanceof Refusal r
                // a fresh one: the caller's stack, not the appender's
                ? Refusal.of(r.code(), r.japanese(), r.english(), r)
                : Refusal.of("ledger-unavailable", "台帳に書き込めません", "The ledger failed; nothing was acknowledged", e);
    }

    private static Refusal unavailable(String why) {
        return Refusal.of("ledger-unavailable", "台帳に書き込めません", "The ledger cannot take the entry: " + why);
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        refuseWaiting();
    }
}
