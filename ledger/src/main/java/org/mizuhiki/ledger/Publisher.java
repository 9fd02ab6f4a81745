package org.mizuhiki.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.tree.Proofs;
import org.mizuhiki.ledger.tree.TileTree;
import org.mizuhiki.seal.StampAuthority;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes a checkpoint whenever the log has grown: tiles first, then signatures, stamp and witnesses, then
/// the file. It runs beside the appender; what it waits for never holds up an append.
final class Publisher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Publisher.class);
    private static final long LONGEST_REST = TimeUnit.SECONDS.toNanos(5);

    private final TileTree tree;
    private final Shelf shelf;
    private final LogSigner signer;
    private final StampAuthority stamps;
    private final WitnessRound witnesses;
    private final LedgerSettings settings;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition grown = lock.newCondition();
    private final Condition published = lock.newCondition();
    private @Nullable Published newest;
    private @Nullable Refusal trouble;
    private long size;
    private boolean closed;
    private @Nullable Thread thread;

    /// A checkpoint that everybody may have.
    record Published(long size, SignedCheckpoint checkpoint) {}

    Publisher(
            TileTree tree,
            Shelf shelf,
            LogSigner signer,
            StampAuthority stamps,
            WitnessRound witnesses,
            LedgerSettings settings) {
        this.tree = tree;
        this.shelf = shelf;
        this.signer = signer;
        this.stamps = stamps;
        this.witnesses = witnesses;
        this.settings = settings;
    }

    /// @param last the checkpoint found on disk
    /// @param forked called once when a witness remembers another past
    void start(Optional<Published> last, java.util.function.Consumer<Refusal> forked) {
        newest = last.orElse(null);
        size = tree.size();
        thread = Thread.ofPlatform().name("ledger-publish").daemon().start(() -> run(forked));
    }

    /// Tells that the log has `now` durable entries. Only those are ever signed.
    void grewTo(long now) {
        lock.lock();
        try {
            size = now;
            grown.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Optional<Published> newest() {
        lock.lock();
        try {
            return Optional.ofNullable(newest);
        } finally {
            lock.unlock();
        }
    }

    /// Why the last attempt failed, while it did.
    Optional<Refusal> trouble() {
        lock.lock();
        try {
            return Optional.ofNullable(trouble);
        } finally {
            lock.unlock();
        }
    }

    /// The newest checkpoint of more than `index` entries.
    ///
    /// @throws Refusal `checkpoint-late`, `ledger-forked`
    Published covering(long index) {
        lock.lock();
        try {
            long left = settings.patience().toNanos();
            while (newest == null || newest.size() <= index) {
                if (closed || left <= 0) {
                    throw late();
                }
                left = published.awaitNanos(left);
            }
            return newest;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late();
        } finally {
            lock.unlock();
        }
    }

    private Refusal late() {
        var why = trouble;
        if (why != null && why.code().equals("ledger-forked")) {
            return why;
        }
        return Refusal.of(
                "checkpoint-late",
                "記録は保存済みですが、証明の準備ができていません。しばらくして再度お試しください",
                "The entry is safe, its checkpoint is not made yet (" + (why == null ? "try again soon" : why.english())
                        + ")");
    }

    private void run(java.util.function.Consumer<Refusal> forked) {
        long rest = settings.every().toNanos();
        while (awaitGrowth()) {
            var failed = attempt();
            if (failed.isEmpty()) {
                rest = settings.every().toNanos();
            } else {
                LOG.warn("no checkpoint could be made: {}", failed.get().getMessage());
                rest = Math.min(LONGEST_REST, Math.max(rest, TimeUnit.MILLISECONDS.toNanos(10)) * 2);
                if (failed.get().code().equals("ledger-forked")) {
                    LOG.error("A WITNESS REMEMBERS ANOTHER PAST OF THIS LOG; nothing more is appended");
                    forked.accept(failed.get());
                }
            }
            pause(rest);
        }
    }

    private boolean awaitGrowth() {
        lock.lock();
        try {
            while (!closed && size <= (newest == null ? 0 : newest.size())) {
                grown.awaitUninterruptibly();
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    private void pause(long nanos) {
        lock.lock();
        try {
            long left = nanos;
            while (!closed && left > 0) {
                left = grown.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            LOG.debug("woken early");
        } finally {
            lock.unlock();
        }
    }

    private Optional<Refusal> attempt() {
        Optional<Refusal> failed = Optional.empty();
        try {
            publish();
        } catch (Refusal r) {
            failed = Optional.of(r);
        } catch (IOException | UncheckedIOException e) {
            failed = Optional.of(
                    Refusal.of("checkpoint-unwritten", "チェックポイントを書き込めません", "Tiles or checkpoint cannot be written", e));
        } catch (RuntimeException e) {
            LOG.error("a checkpoint failed", e);
            failed = Optional.of(Refusal.of("checkpoint-failed", "チェックポイントを作れません", "The checkpoint failed", e));
        }
        lock.lock();
        try {
            trouble = failed.orElse(null);
        } finally {
            lock.unlock();
        }
        return failed;
    }

    private void publish() throws IOException {
        long now = durable();
        shelf.putTiles(tree, now);
        var root = Digest.ofHash(Proofs.root(tree, now));
        var note = signer.sign(now, root);
        var stamp = stamps.stamp(Digest.of(note.text().getBytes(StandardCharsets.UTF_8)));
        var complete = new SignedCheckpoint(witnesses.cosigned(note).encode(), stamp);
        shelf.putCheckpoint(complete);
        lock.lock();
        try {
            newest = new Published(now, complete);
            published.signalAll();
        } finally {
            lock.unlock();
        }
        shelf.tidy();
    }

    private long durable() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            grown.signalAll();
            published.signalAll();
        } finally {
            lock.unlock();
        }
        witnesses.close();
        var running = thread;
        try {
            if (running != null) {
                // a stamp authority that hangs must not hang the shutdown: what is unfinished was never published
                running.join(settings.patience());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
