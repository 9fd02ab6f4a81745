package org.mizuhiki.ledger;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.note.NoteKey;
import org.mizuhiki.ledger.tree.Nodes;
import org.mizuhiki.ledger.tree.Proofs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a checkpoint to all witnesses at once and collects their lines.
final class WitnessRound implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WitnessRound.class);
    private static final long REST = TimeUnit.SECONDS.toNanos(10);

    private final List<Witness> witnesses;
    private final LogKeys keys;
    private final Nodes nodes;
    private final Duration patience;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Witness.Seen> seen = new ConcurrentHashMap<>();
    private final Map<String, Long> away = new ConcurrentHashMap<>();

    WitnessRound(List<Witness> witnesses, LogKeys keys, Nodes nodes, Duration patience) {
        this.witnesses = List.copyOf(witnesses);
        this.keys = keys;
        this.nodes = nodes;
        this.patience = patience;
    }

    /// The note with the lines of those who answered.
    ///
    /// @throws Refusal `witness-missing` when fewer than the quorum did, `ledger-forked` when the quorum
    /// failed because a witness remembers another past
    Note cosigned(Note note) {
        var asked = asked();
        var answers = ask(note, asked);
        var refusals = new ArrayList<Refusal>();
        for (int i = 0; i < asked.size(); i++) {
            var name = asked.get(i).name();
            try {
                note = note.with(answers.get(i).get());
                away.remove(name);
            } catch (ExecutionException e) {
                away.put(name, System.nanoTime());
                LOG.warn("witness {} did not co-sign: {}", name, String.valueOf(e.getMessage()));
                if (e.getCause() instanceof Refusal r) {
                    refusals.add(r);
                }
            } catch (CancellationException e) {
                away.put(name, System.nanoTime());
                LOG.warn("witness {} did not answer in {}", name, patience);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        missing(note, refusals).ifPresent(r -> {
            throw r;
        });
        return note;
    }

    /// Who was away rests for a while, unless the quorum needs it: else each checkpoint would wait for it
    /// in vain.
    private List<Witness> asked() {
        long now = System.nanoTime();
        var awake = witnesses.stream()
                .filter(w -> !away.containsKey(w.name()) || now - away.getOrDefault(w.name(), now) > REST)
                .toList();
        return awake.size() >= keys.quorum() ? awake : witnesses;
    }

    private List<Future<Note.Line>> ask(Note note, List<Witness> asked) {
        try {
            var tasks = asked.stream()
                    .<Callable<Note.Line>>map(w -> () -> line(w, note))
                    .toList();
            return threads.invokeAll(tasks, patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Refusal.of("witness-missing", "中断されました", "Interrupted while waiting for witnesses", e);
        }
    }

    private Note.Line line(Witness witness, Note note) {
        var size = Checkpoint.parse(note.text()).size();
        var last = seen.computeIfAbsent(witness.name(), n -> witness.seen());
        try {
            return line(witness, note, last, size);
        } catch (Refusal r) {
            seen.remove(witness.name());
            if (!r.code().equals("witness-elsewhere")) {
                throw r;
            }
            var now = witness.seen();
            // it co-signs only what this log signed, and this log signs only what it holds: entries were lost
            if (now.size() > size) {
                throw Refusal.of(
                        "ledger-forked",
                        "台帳が立会人の記録より短くなっています。古いコピーから戻された疑いがあります。管理者に連絡してください",
                        "A witness saw " + now.size() + " entries, the log has only " + size
                                + ": it was put back from an old copy");
            }
            return line(witness, note, now, size);
        }
    }

    private Note.Line line(Witness witness, Note note, Witness.Seen last, long size) {
        var proof = last.size() > size
                ? List.<org.mizuhiki.house.Digest>of()
                : Proofs.consistency(nodes, last.size(), size);
        var answer = Note.parse(note.text() + "\n" + witness.cosign(note.encode(), last.size(), proof));
        var key = new NoteKey(
                witness.name(),
                NoteKey.Kind.COSIGNATURE,
                keys.witnesses().getOrDefault(witness.name(), org.mizuhiki.house.Bytes.of()));
        // what nobody could verify must not be published: it would condemn the whole note
        var line = key.find(answer)
                .orElseThrow(() -> Refusal.of("checkpoint-forged", "立会人の署名が正しくありません", "Not that witness's line"));
        seen.put(
                witness.name(),
                new Witness.Seen(size, Checkpoint.parse(note.text()).root()));
        return line;
    }

    private Optional<Refusal> missing(Note note, List<Refusal> refusals) {
        if (note.lines().size() - 2 >= keys.quorum()) {
            return Optional.empty();
        }
        return Optional.of(refusals.stream()
                .filter(r -> r.code().equals("ledger-forked"))
                .findFirst()
                .orElseGet(() -> Refusal.of(
                        "witness-missing",
                        "立会人の署名が集まりません",
                        "Fewer than " + keys.quorum() + " witnesses co-signed the checkpoint")));
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
