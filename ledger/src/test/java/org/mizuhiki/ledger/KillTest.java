package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.tree.Proofs;

/// kill -9 at any moment: nothing acknowledged is lost, and no size ever has two roots.
@Tag("B2")
class KillTest {
    private static final int RUNS = 5;

    @TempDir
    Path folder;

    private LogKeys keys = new LogKeys(TestLog.ORIGIN, Bytes.of(), Bytes.of(), Map.of(), 0);
    private final Map<Long, String> acknowledged = new HashMap<>();
    private final List<Checkpoint> seen = new ArrayList<>();

    @Test
    void whatWasAcknowledgedSurvivesEveryKillAndHistoryIsOne() throws Exception {
        prepare();
        var die = new SplittableRandom();
        for (int run = 0; run < RUNS; run++) {
            kill(run, 1 + die.nextInt(400));
        }
        var signer = LogSigner.load(folder.resolve("signer"), TestLog.DIE);
        var witness = DurableWitness.open(folder.resolve("witness"), "witness", keys, TestLog.CLOCK, TestLog.DIE);
        try (var log = TileLog.open(
                folder.resolve("log"), signer, keys, new FakeStamps(), List.of(witness), TestLog.quick())) {
            assertTrue(acknowledged.size() > RUNS);
            acknowledged.forEach((index, name) -> {
                // the same entry again has the receipt it had, so it is where it was acknowledged to be
                assertEquals(new Receipt(index, TestLog.leaf(name)), log.append(TestLog.entry(name)));
            });
            log.append(TestLog.entry("last"));
            TestLog.await(() -> log.published() == log.size());
            var now = Checkpoint.parse(Note.parse(log.checkpoint().note()).text());
            var roots = new HashMap<Long, Digest>();
            for (var older : seen) {
                assertEquals(older.root(), roots.computeIfAbsent(older.size(), s -> older.root()));
                var proof = log.consistency(older.size(), now.size());
                assertTrue(Proofs.extending(older.size(), older.root(), now.size(), now.root(), proof));
            }
            var check = new OfflineEvidenceCheck(new FakeStamps(), FakeStamps.TRUSTED);
            for (var name : acknowledged.values().stream().limit(50).toList()) {
                check.check(log.evidence(TestLog.leaf(name)), keys);
            }
        }
    }

    private void prepare() throws IOException {
        var signer = LogSigner.generate(TestLog.ORIGIN, TestLog.DIE);
        signer.store(folder.resolve("signer"));
        var key = DurableWitness.create(folder.resolve("witness"), "witness", TestLog.ORIGIN, TestLog.DIE);
        keys = signer.keys(Map.of("witness", key), 1);
        Files.write(
                folder.resolve("keys.json"),
                new KeysFile(keys, List.of()).write().toArray());
    }

    /// Runs the log and kills it once it said about `lines` lines.
    private void kill(int run, int lines) throws Exception {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var said = folder.resolve("stdout-" + run);
        var process = new ProcessBuilder(
                        java,
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledLog.class.getName(),
                        folder.toString(),
                        Integer.toString(run))
                .redirectError(folder.resolve("stderr-" + run).toFile())
                .redirectOutput(said.toFile())
                .start();
        try {
            TestLog.await(() -> !process.isAlive() || size(said) > lines * 25L);
        } finally {
            process.destroyForcibly().waitFor();
        }
        var text = Files.readString(said);
        text.substring(0, text.lastIndexOf('\n') + 1).lines().forEach(this::note);
        assertTrue(!acknowledged.isEmpty(), () -> stderr(run));
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (IOException e) {
            return 0;
        }
    }

    private String stderr(int run) {
        try {
            return Files.readString(folder.resolve("stderr-" + run));
        } catch (IOException e) {
            return "no log: " + e;
        }
    }

    private void note(String line) {
        var parts = line.split(" ", 3);
        if (parts[0].equals("acknowledged") && parts.length == 3 && complete(parts[2])) {
            acknowledged.put(Long.parseLong(parts[1]), parts[2]);
        } else if (parts[0].equals("checkpoint") && line.endsWith("|")) {
            var note = Note.parse(line.substring("checkpoint ".length()).replace('|', '\n'));
            seen.add(CheckpointCheck.witnessed(note, keys));
        } else if (parts[0].equals("opened")) {
            assertTrue(Long.parseLong(parts[1]) >= acknowledged.size());
        }
    }

    /// A name whose line was not cut by the kill: run, thread and count.
    private static boolean complete(String name) {
        return name.matches("\\d+/\\d+/\\d+");
    }
}
