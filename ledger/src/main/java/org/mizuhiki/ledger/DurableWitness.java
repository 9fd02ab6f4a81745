package org.mizuhiki.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.journal.Folders;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.note.NoteKey;
import org.mizuhiki.ledger.note.SigningKeys;
import org.mizuhiki.ledger.tree.Merkle;
import org.mizuhiki.ledger.tree.Proofs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A witness of one log, whose memory is a file: `seen` (origin, size, root, the note). Beside it
/// `witness-ecdsa.p8`, `witness-ecdsa.spki` and, if it ever comes to that, `forks/`: notes named
/// `<size>-<root>.note`. Two of one size prove to anybody that the log signed two different trees of as
/// many entries, and nothing else: not which of them is true, nor who was shown which. (For 0 entries one
/// note is enough: the empty tree has one root.) Whatever proves less, an old checkpoint or a failed
/// consistency proof, is refused and not kept: anybody can replay or make it, and it would take the room of
/// real proof.
public final class DurableWitness implements Witness {
    private static final Logger LOG = LoggerFactory.getLogger(DurableWitness.class);
    private static final String KEY = "witness-ecdsa";
    private static final int MAX_FORKS = 100;
    private static final Seen NOTHING = new Seen(0, Digest.ofHash(Merkle.empty()));

    private final Path folder;
    private final String name;
    private final KeyPair key;
    private final LogKeys log;
    private final Clock clock;
    private final SecureRandom die;
    private final ReentrantLock lock = new ReentrantLock();
    private Memory memory;

    /// @param note the newest checkpoint it co-signed, as it came; empty before the first
    private record Memory(Seen seen, String note) {}

    private DurableWitness(
            Path folder, String name, KeyPair key, LogKeys log, Clock clock, SecureRandom die, Memory memory) {
        this.folder = folder;
        this.name = name;
        this.key = key;
        this.log = log;
        this.clock = clock;
        this.die = die;
        this.memory = memory;
    }

    /// Makes a witness that has seen nothing yet.
    ///
    /// @return its public key, for [LogKeys#witnesses]
    /// @throws Refusal `key-file-exists`: memory is never begun anew beside an old key
    public static Bytes create(Path folder, String name, String origin, SecureRandom die) throws IOException {
        if (!Note.isName(name)) {
            throw Refusal.of(
                    "witness-name-malformed", "立会人の名前に空白と「+」は使えません", "A witness's name has no spaces and no '+'");
        }
        var pair = SigningKeys.generate(NoteKey.Kind.COSIGNATURE, die);
        SigningKeys.store(folder, KEY, pair);
        remember(folder, origin, new Memory(NOTHING, ""));
        return Bytes.of(pair.getPublic().getEncoded());
    }

    /// @param log the keys of the log it watches
    /// @throws Refusal `witness-memory-missing`: without its memory a witness would believe a rewritten
    /// past
    public static DurableWitness open(Path folder, String name, LogKeys log, Clock clock, SecureRandom die)
            throws IOException {
        var key = SigningKeys.load(folder, KEY, NoteKey.Kind.COSIGNATURE);
        return new DurableWitness(folder, name, key, log, clock, die, recall(folder, log));
    }

    private static Memory recall(Path folder, LogKeys log) throws IOException {
        var file = folder.resolve("seen");
        if (!Files.exists(file) || Files.size(file) > Canonical.MAX_BYTES) {
            throw forgotten();
        }
        var memory = Canonical.decode(Bytes.of(Files.readAllBytes(file)));
        var size = memory.get("size");
        if (!memory.get("origin").equals(log.origin()) || !size.matches("0|[1-9][0-9]{0,17}")) {
            throw forgotten();
        }
        var recalled = new Seen(Long.parseLong(size), new Digest(memory.get("root")));
        if (recalled.size() == 0) {
            // a memory of nothing must be that of a fresh witness, not one whose size was damaged
            if (!recalled.equals(NOTHING) || !memory.get("note").isEmpty()) {
                throw forgotten();
            }
            return new Memory(recalled, "");
        }
        // the remembered note proves the rest of the file, so a damaged one is noticed
        var checkpoint = CheckpointCheck.signed(Note.parse(memory.get("note")), log);
        if (checkpoint.size() != recalled.size() || !checkpoint.root().equals(recalled.root())) {
            throw forgotten();
        }
        return new Memory(recalled, memory.get("note"));
    }

    private static void remember(Path folder, String origin, Memory next) throws IOException {
        var memory = Canonical.of(Map.of(
                "origin",
                origin,
                "size",
                Long.toString(next.seen().size()),
                "root",
                next.seen().root().hex(),
                "note",
                next.note()));
        Folders.putDurably(folder.resolve("seen"), memory.encode().toArray());
    }

    @Override
    public String name() {
        return name;
    }

    public Bytes publicKey() {
        return Bytes.of(key.getPublic().getEncoded());
    }

    @Override
    public Seen seen() {
        lock.lock();
        try {
            return memory.seen();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public String cosign(String encoded, long older, List<Digest> proof) {
        var note = Note.parse(encoded);
        var checkpoint = CheckpointCheck.signed(note, log);
        lock.lock();
        try {
            extendsSeen(memory.seen(), note, checkpoint, older, proof);
            var next = new Seen(checkpoint.size(), checkpoint.root());
            if (!next.equals(memory.seen())) {
                // first remembered, then signed: after a crash the memory is never behind the signatures
                var remembered = new Memory(next, encoded);
                remember(folder, log.origin(), remembered);
                memory = remembered;
            }
            return new NoteKey(name, NoteKey.Kind.COSIGNATURE, publicKey())
                    .sign(note.text(), key.getPrivate(), clock.instant(), die)
                    .encode();
        } catch (IOException e) {
            throw Refusal.of(
                    "witness-unavailable",
                    "立会人が記録を保存できないため署名しません",
                    "The witness cannot write its memory and does not sign",
                    e);
        } finally {
            lock.unlock();
        }
    }

    private void extendsSeen(Seen seen, Note note, Checkpoint checkpoint, long older, List<Digest> proof)
            throws IOException {
        if (checkpoint.size() == seen.size()) {
            if (!checkpoint.root().equals(seen.root())) {
                keepContradiction(note, checkpoint);
                throw forked("two roots are signed for " + seen.size() + " entries; the proof is kept");
            }
            return;
        }
        // an older checkpoint contradicts nothing: it may be a true one that somebody replays
        if (checkpoint.size() < seen.size() || older != seen.size()) {
            throw Refusal.of(
                    "witness-elsewhere",
                    "立会人が最後に見た大きさが異なります",
                    "The witness saw " + seen.size() + " entries last; prove from there");
        }
        if (!Proofs.extending(older, seen.root(), checkpoint.size(), checkpoint.root(), proof)) {
            LOG.warn("checkpoint of {} entries refused: its proof from {} does not hold", checkpoint.size(), older);
            throw forked("nothing proves that the " + checkpoint.size() + " entries extend the " + older + " seen");
        }
    }

    /// Both notes, as neither proves anything alone.
    private void keepContradiction(Note note, Checkpoint other) throws IOException {
        LOG.error("THE LOG {} IS FORKED: two roots for {} entries", log.origin(), other.size());
        var forks = Files.createDirectories(folder.resolve("forks"));
        try (var kept = Files.list(forks)) {
            // bounded: a broken log repeats itself
            if (kept.count() > MAX_FORKS - 2) {
                return;
            }
        }
        if (!memory.note().isEmpty()) {
            keep(forks, memory.seen(), memory.note());
        }
        keep(forks, new Seen(other.size(), other.root()), note.encode());
    }

    private static void keep(Path forks, Seen signed, String note) throws IOException {
        var file = forks.resolve(signed.size() + "-" + signed.root().hex() + ".note");
        // never written over: what was kept first has its signatures checked already
        if (!Files.exists(file)) {
            Folders.putDurably(file, Bytes.utf8(note).toArray());
        }
    }

    private static Refusal forked(String how) {
        return Refusal.of(
                "ledger-forked",
                "台帳の過去が書き換えられた疑いがあります。立会人は署名を拒否しました。管理者に連絡してください",
                "The ledger's past may have been rewritten: " + how + "; the witness refuses");
    }

    private static Refusal forgotten() {
        return Refusal.of(
                "witness-memory-missing",
                "立会人の記憶ファイルがないか破損しています。コピーから復元してください",
                "The witness's memory is missing or damaged; restore the file 'seen' from a copy");
    }
}
