package org.mizuhiki.ledger;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.tree.Merkle;
import org.mizuhiki.ledger.tree.NaiveTree;
import org.mizuhiki.ledger.tree.Proofs;
import org.mizuhiki.ledger.tree.TileFolder;
import org.mizuhiki.ledger.tree.TileTree;

@Tag("B2")
class WitnessTest {
    @TempDir
    Path folder;

    private LogSigner signer = LogSigner.generate(TestLog.ORIGIN, TestLog.DIE);
    private LogKeys keys = signer.keys(java.util.Map.of(), 0);

    private DurableWitness witness() throws IOException {
        var key = DurableWitness.create(folder.resolve("w"), "w", TestLog.ORIGIN, TestLog.DIE);
        keys = signer.keys(java.util.Map.of("w", key), 1);
        return reopened();
    }

    private DurableWitness reopened() throws IOException {
        return DurableWitness.open(folder.resolve("w"), "w", keys, TestLog.CLOCK, TestLog.DIE);
    }

    private TileTree history(String flavour, int size) {
        var tree = TileTree.open(new TileFolder(folder), 0);
        for (int i = 0; i < size; i++) {
            var entry = Bytes.utf8((i < 5 ? "common" : flavour) + i).toArray();
            tree.add(entry, Merkle.leaf(entry));
        }
        return tree;
    }

    private String note(TileTree tree, long size) {
        return signer.sign(size, Digest.ofHash(Proofs.root(tree, size))).encode();
    }

    private static String code(org.junit.jupiter.api.function.Executable executable) {
        return assertThrows(Refusal.class, executable).code();
    }

    @Test
    void aLogThatOnlyGrowsIsCoSignedAlsoAfterARestart() throws Exception {
        var witness = witness();
        var tree = history("a", 20);
        long last = 0;
        for (long size : List.of(3L, 7L, 7L, 8L, 20L)) {
            witness.cosign(note(tree, size), last, Proofs.consistency(tree, last, size));
            witness = reopened();
            last = size;
            assertEquals(size, witness.seen().size());
        }
    }

    /// What is kept as proof of fraud, by its text.
    private Set<String> kept() throws IOException {
        var forks = folder.resolve("w/forks");
        var notes = new HashSet<String>();
        if (Files.exists(forks)) {
            try (var files = Files.list(forks)) {
                for (var file : files.toList()) {
                    notes.add(Files.readString(file));
                }
            }
        }
        return notes;
    }

    @Test
    void aForkedLogIsRefusedAndTheProofOfItsFraudIsKept() throws Exception {
        var witness = witness();
        var honest = history("a", 20);
        var other = history("b", 30);
        var first = note(honest, 10);
        var second = note(other, 10);
        witness.cosign(first, 0, List.of());
        assertEquals("ledger-forked", code(() -> witness.cosign(second, 10, List.of())));
        // each alone looks honest, so both are kept; what was kept is not written over
        assertEquals(Set.of(first, second), kept());
        assertEquals("ledger-forked", code(() -> reopened().cosign(note(other, 10), 10, List.of())));
        assertEquals(Set.of(first, second), kept());
        assertEquals(10, witness.seen().size());
        // what was common before is still extended honestly, and the proof stays whole
        witness.cosign(note(honest, 20), 10, Proofs.consistency(honest, 10, 20));
        assertEquals(Set.of(first, second), kept());
    }

    /// The attack: anybody who can reach the witness fills the room for proof with what proves nothing.
    @Test
    void oldCheckpointsAndJunkProofsAreRefusedButNotKeptAsProof() throws Exception {
        var witness = witness();
        var honest = history("a", 20);
        var other = history("b", 30);
        witness.cosign(note(honest, 10), 0, List.of());
        for (long older : List.of(0L, 9L, 10L)) {
            assertEquals("witness-elsewhere", code(() -> witness.cosign(note(honest, 9), older, List.of())));
        }
        var junk = List.of(Digest.ofHash(Merkle.empty()));
        assertEquals("ledger-forked", code(() -> witness.cosign(note(honest, 20), 10, junk)));
        assertEquals(
                "ledger-forked", code(() -> witness.cosign(note(other, 30), 10, Proofs.consistency(other, 10, 30))));
        assertEquals(Set.of(), kept());
        assertEquals(10, witness.seen().size());
        witness.cosign(note(honest, 20), 10, Proofs.consistency(honest, 10, 20));
    }

    @Test
    void proofOfFraudIsBoundedAndTheFirstIsKept() throws Exception {
        var witness = witness();
        var first = note(history("a", 10), 10);
        witness.cosign(first, 0, List.of());
        for (int i = 0; i < 101; i++) {
            var another = signer.sign(10, Bytes.utf8("root" + i).sha256()).encode();
            assertEquals("ledger-forked", code(() -> witness.cosign(another, 10, List.of())));
        }
        assertTrue(kept().size() <= 100);
        assertTrue(kept().contains(first));
    }

    @Test
    void aProofFromElsewhereIsSentBack() throws Exception {
        var witness = witness();
        var tree = history("a", 20);
        witness.cosign(note(tree, 10), 0, List.of());
        assertEquals(
                "witness-elsewhere", code(() -> witness.cosign(note(tree, 20), 9, Proofs.consistency(tree, 9, 20))));
    }

    @Test
    void notesOfOthersAreRefused() throws Exception {
        var witness = witness();
        var stranger = LogSigner.generate(TestLog.ORIGIN, TestLog.DIE);
        var root = Digest.ofHash(NaiveTree.root(List.of()));
        assertEquals(
                "checkpoint-forged",
                code(() -> witness.cosign(stranger.sign(3, root).encode(), 0, List.of())));
        var renamed = LogSigner.generate("another.example.jp/log", TestLog.DIE);
        assertEquals(
                "checkpoint-forged",
                code(() -> witness.cosign(renamed.sign(3, root).encode(), 0, List.of())));
        assertEquals("checkpoint-forged", code(() -> witness.cosign("nonsense", 0, List.of())));
    }

    @Test
    void aWitnessWithoutItsMemoryDoesNotOpen() throws Exception {
        var witness = witness();
        var tree = history("a", 20);
        witness.cosign(note(tree, 10), 0, List.of());
        var seen = folder.resolve("w/seen");
        var memory = Files.readAllBytes(seen);
        for (int i = 0; i < memory.length; i += i < memory.length - 120 ? 61 : 1) {
            var broken = memory.clone();
            broken[i] ^= 1;
            Files.write(seen, broken);
            assertThrows(Refusal.class, this::reopened);
        }
        Files.delete(seen);
        assertEquals("witness-memory-missing", code(this::reopened));
        assertEquals(
                "key-file-exists",
                code(() -> DurableWitness.create(folder.resolve("w"), "w", TestLog.ORIGIN, TestLog.DIE)));
    }

    @Test
    void keyFilesThatOthersCanReadAreRefused() throws Exception {
        signer.store(folder.resolve("keys"));
        var again = LogSigner.load(folder.resolve("keys"), TestLog.DIE);
        assertEquals(signer.keys(java.util.Map.of(), 0), again.keys(java.util.Map.of(), 0));
        for (var name : List.of("log-ecdsa.p8", "log-ml-dsa-65.p8")) {
            var file = folder.resolve("keys").resolve(name);
            assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        }
        assertEquals("key-file-exists", code(() -> signer.store(folder.resolve("keys"))));
        var file = folder.resolve("keys/log-ecdsa.p8");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertEquals("key-file-exposed", code(() -> LogSigner.load(folder.resolve("keys"), TestLog.DIE)));
        var other = LogSigner.generate(TestLog.ORIGIN, TestLog.DIE);
        other.store(folder.resolve("others"));
        Files.copy(folder.resolve("others/log-ml-dsa-65.spki"), folder.resolve("mixed"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Files.move(
                folder.resolve("mixed"),
                folder.resolve("keys/log-ml-dsa-65.spki"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertEquals("key-file-broken", code(() -> LogSigner.load(folder.resolve("keys"), TestLog.DIE)));
    }

    @Test
    void aWitnessThatIsAwayStopsNoAppendsAndTheQuorumGoesOn() throws Exception {
        try (var test = new TestLog(folder, 2, 1)) {
            var asked = new ArrayList<Witness>(test.witnesses);
            asked.set(0, new Gone("witness-0"));
            test.log.close();
            test.log = test.open(asked);
            for (int i = 0; i < 10; i++) {
                test.log.append(TestLog.entry("e" + i));
                test.check().check(test.log.evidence(TestLog.leaf("e" + i)), test.keys);
            }
        }
    }

    @Test
    void withoutItsQuorumTheLogTakesEntriesAndSaysThatProofsAreLate() throws Exception {
        var impatient = TestLog.quick().patience(Duration.ofMillis(200));
        try (var test = new TestLog(folder, 1, 1, impatient)) {
            test.log.close();
            test.log = test.open(List.of(new Gone("witness-0")));
            test.log.append(TestLog.entry("one"));
            assertEquals("checkpoint-late", code(() -> test.log.evidence(TestLog.leaf("one"))));
            TestLog.await(() -> test.log.trouble().isPresent());
            assertEquals("witness-missing", test.log.trouble().orElseThrow().code());
            test.reopen();
            TestLog.await(() -> test.log.published() == 1);
            test.check().check(test.log.evidence(TestLog.leaf("one")), test.keys);
        }
    }

    /// The attack: the operator puts back an older copy of the log, keys and all, and goes on from there.
    @Test
    void aLogPutBackFromAnOldCopyStopsLoudly() throws Exception {
        var impatient = TestLog.quick().patience(Duration.ofMillis(500));
        try (var test = new TestLog(folder, 1, 1, impatient)) {
            for (int i = 0; i < 10; i++) {
                test.log.append(TestLog.entry("e" + i));
            }
            test.log.evidence(TestLog.leaf("e9"));
            test.log.close();
            Files.move(folder.resolve("log"), folder.resolve("first"));
            test.log = test.open(List.copyOf(test.witnesses));
            test.log.append(TestLog.entry("rewritten"));
            TestLog.await(() -> test.log.trouble().isPresent());
            assertEquals("ledger-forked", test.log.trouble().orElseThrow().code());
            assertEquals("ledger-forked", code(() -> test.log.evidence(TestLog.leaf("rewritten"))));
            TestLog.await(() -> refuses(test.log));
            // the short log may be a true beginning of the long one: nothing to show to a third party yet
            assertFalse(Files.exists(folder.resolve("witness-0/forks")));
        }
    }

    private static boolean refuses(Ledger log) {
        try {
            log.append(TestLog.entry("more"));
            return false;
        } catch (Refusal r) {
            return r.code().equals("ledger-forked");
        }
    }

    private record Gone(String name) implements Witness {
        @Override
        public Seen seen() {
            throw Refusal.of("witness-unavailable", "立会人が応答しません", "The witness is away");
        }

        @Override
        public String cosign(String note, long older, List<Digest> proof) {
            throw Refusal.of("witness-unavailable", "立会人が応答しません", "The witness is away");
        }
    }
}
