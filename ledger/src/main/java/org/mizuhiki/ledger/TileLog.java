package org.mizuhiki.ledger;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.journal.Journal;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.tree.LeafRuns;
import org.mizuhiki.ledger.tree.Merkle;
import org.mizuhiki.ledger.tree.Proofs;
import org.mizuhiki.ledger.tree.RecentLeaves;
import org.mizuhiki.ledger.tree.Tile;
import org.mizuhiki.ledger.tree.TileFolder;
import org.mizuhiki.ledger.tree.TileTree;
import org.mizuhiki.seal.StampAuthority;

/// The log on this machine's disk. Its folder holds `checkpoint`, `checkpoint.stamp`, `tile/…` (C2SP
/// tlog-tiles, may be served as they are), `signed-checkpoint` (the two first together), `journal/`
/// (entries whose tiles are not synced yet), `index/` (made from tiles, may be deleted) and `lock`.
///
/// The same entry again gives the same receipt as long as it is among the newest [LedgerSettings#window]
/// entries (at most twice as many are known). Older ones are entered a second time: a longer log, but
/// nothing proven is lost.
public final class TileLog implements Ledger, LogSource, AutoCloseable {
    private final FileChannel lock;
    private final Journal journal;
    private final TileFolder tiles;
    private final TileTree tree;
    private final RecentLeaves recent;
    private final LeafRuns runs;
    private final Shelf shelf;
    private final Publisher publisher;
    private final Appender appender;

    /// Opens or begins a log.
    ///
    /// @param keys the log's public keys and the quorum of witnesses each checkpoint must have
    /// @throws Refusal `ledger-in-use`, `ledger-damaged`, `log-keys-malformed`, `checkpoint-forged`
    public static TileLog open(
            Path folder,
            LogSigner signer,
            LogKeys keys,
            StampAuthority stamps,
            List<Witness> witnesses,
            LedgerSettings settings)
            throws IOException {
        check(signer, keys, witnesses);
        CheckpointCheck.usable(keys);
        Files.createDirectories(folder);
        var lock = lock(folder);
        try {
            return new TileLog(folder.toAbsolutePath(), lock, signer, keys, stamps, witnesses, settings);
        } catch (IOException | RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    private TileLog(
            Path folder,
            FileChannel lock,
            LogSigner signer,
            LogKeys keys,
            StampAuthority stamps,
            List<Witness> witnesses,
            LedgerSettings settings)
            throws IOException {
        this.lock = lock;
        this.tiles = new TileFolder(folder);
        var regrowth = new Regrowth(tiles);
        this.journal = Journal.open(folder.resolve("journal"), settings.journalBytes(), regrowth);
        this.tree = regrowth.tree();
        try {
            this.runs = new LeafRuns(folder.resolve("index"), tiles);
            this.runs.grow(regrowth.base());
            long from = Math.max(0, tree.size() - settings.window()) / Tile.FULL * Tile.FULL;
            this.recent = new RecentLeaves(settings.window(), from);
            tree.leavesFrom(from, recent::put);
            this.shelf = new Shelf(folder, tiles, runs, journal, regrowth.base());
            var last = last(keys);
            var round = new WitnessRound(witnesses, keys, tree, settings.patience());
            this.publisher = new Publisher(tree, shelf, signer, stamps, round, settings);
            this.appender = new Appender(journal, tree, recent, () -> this.publisher.grewTo(this.tree.size()));
            this.publisher.start(last, this.appender::stop);
        } catch (IOException | RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private static void check(LogSigner signer, LogKeys keys, List<Witness> witnesses) {
        var named = Set.copyOf(witnesses.stream().map(Witness::name).toList());
        if (!signer.keys(keys.witnesses(), keys.quorum()).equals(keys)
                || named.size() != witnesses.size()
                || !keys.witnesses().keySet().containsAll(named)) {
            throw Refusal.of(
                    "log-keys-malformed",
                    "台帳の公開鍵が署名鍵または立会人と一致しません",
                    "The log's public keys do not match its signer or its witnesses");
        }
    }

    private static FileChannel lock(Path folder) throws IOException {
        var channel = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // the same process opened it: as wrong as another one
        }
        channel.close();
        throw Refusal.of("ledger-in-use", "台帳は別のプロセスが使用中です", "Another process has this ledger open");
    }

    /// What was signed before must still be here: a log that lost entries must not go on as if nothing
    /// were.
    private Optional<Publisher.Published> last(LogKeys keys) throws IOException {
        var stored = shelf.checkpoint();
        if (stored.isEmpty()) {
            return Optional.empty();
        }
        var checkpoint = CheckpointCheck.signed(Note.parse(stored.get().note()), keys);
        if (checkpoint.size() > tree.size()
                || !Digest.ofHash(Proofs.root(tree, checkpoint.size())).equals(checkpoint.root())) {
            throw Refusal.of(
                    "ledger-damaged",
                    "台帳の内容が署名済みチェックポイントと一致しません。コピーから復元してください",
                    "The ledger's files do not add up to its last signed checkpoint; restore them from a copy");
        }
        return Optional.of(new Publisher.Published(checkpoint.size(), stored.get()));
    }

    @Override
    public Receipt append(Entry entry) {
        var encoded = entry.canonical().encode();
        if (encoded.size() > MAX_ENTRY) {
            throw Refusal.of("entry-too-large", "台帳の記録が大きすぎます", "An entry has at most " + MAX_ENTRY + " bytes");
        }
        return appender.append(encoded.toArray());
    }

    @Override
    public Evidence evidence(Digest leaf) {
        long index = locate(leaf);
        var published = publisher.covering(index);
        var encoded = tree.entry(index);
        if (!Digest.ofHash(Merkle.leaf(encoded)).equals(leaf)) {
            throw Refusal.of("ledger-damaged", "台帳の記録が破損しています", "A stored entry does not match its leaf");
        }
        return new Evidence(
                Entry.decode(Bytes.of(encoded)),
                index,
                Proofs.inclusion(tree, index, published.size()),
                published.checkpoint());
    }

    private long locate(Digest leaf) {
        var hash = leaf.toArray();
        var found = recent.candidates(hash).filter(i -> stands(hash, i)).findFirst();
        try {
            return (found.isPresent() ? found : runs.find(hash, i -> stands(hash, i)))
                    .orElseThrow(() -> Refusal.of("entry-unknown", "台帳にその記録はありません", "The ledger has no such entry"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean stands(byte[] leaf, long index) {
        return Arrays.equals(tree.leaf(index), leaf);
    }

    @Override
    public SignedCheckpoint checkpoint() {
        return publisher
                .newest()
                .map(Publisher.Published::checkpoint)
                .orElseThrow(
                        () -> Refusal.of("checkpoint-late", "台帳のチェックポイントはまだありません", "The ledger has no checkpoint yet"));
    }

    @Override
    public List<Digest> consistency(long older, long newer) {
        if (older < 0 || older > newer || newer > tree.size()) {
            throw Refusal.of("size-unknown", "台帳はその大きさではありません", "The ledger never had these sizes");
        }
        return Proofs.consistency(tree, older, newer);
    }

    /// Durable entries, checkpointed or not.
    public long size() {
        return tree.size();
    }

    /// Entries under the newest checkpoint.
    public long published() {
        return publisher.newest().map(Publisher.Published::size).orElse(0L);
    }

    /// Why no new checkpoint can be made at present, for health and metrics.
    public Optional<Refusal> trouble() {
        return publisher.trouble();
    }

    /// The file of a tile as it is served, if it is there; `path` such as `tile/0/x001/234.p/7`.
    public Optional<Path> tile(String path) {
        return Tile.parse(path).map(tiles::file).filter(Files::isRegularFile);
    }

    @Override
    public Bytes tileBytes(String path) {
        var file = tile(path).orElseThrow(LogSource::tileUnknown);
        try {
            return Bytes.of(Files.readAllBytes(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Copies the log while it runs, for a backup: every entry acknowledged before the call under a
    /// checkpoint that proves it, whole and synced; appends and checkpoints go on meanwhile. If no such
    /// checkpoint can be made within [LedgerSettings#patience], the newest one is taken: the copy still has
    /// all entries. It opens like any log, but witnesses that saw more since will not let it grow
    /// (`ledger-forked`): it proves what was, and replaces a lost log only if nothing came after it.
    ///
    /// @param folder empty, or made; of no use if this throws
    /// @return entries in the copy
    /// @throws Refusal `backup-folder-not-empty`, `ledger-damaged`, `ledger-unavailable` when closed
    public long copyTo(Path folder) throws IOException {
        return new LogCopy(journal, tiles, tree).into(folder.toAbsolutePath(), this::coveringAllOfNow);
    }

    private Optional<Publisher.Published> coveringAllOfNow() {
        long now = tree.size();
        try {
            return now == 0 ? publisher.newest() : Optional.of(publisher.covering(now - 1));
        } catch (Refusal late) {
            return publisher.newest();
        }
    }

    @Override
    public void close() throws IOException {
        appender.close();
        publisher.close();
        shelf.close();
        journal.close();
        lock.close();
    }

    /// Grows the tree again from what the journal holds.
    private static final class Regrowth implements Journal.Replay {
        private final TileFolder tiles;
        private @org.jspecify.annotations.Nullable TileTree tree;
        private long base;

        Regrowth(TileFolder tiles) {
            this.tiles = tiles;
        }

        /// Journal files go only when full tiles beyond their end were synced, so these tiles are all
        /// there.
        @Override
        public void begin(long first) {
            base = (first + Tile.FULL - 1) / Tile.FULL * Tile.FULL;
            tree = TileTree.open(tiles, base);
        }

        @Override
        public void accept(long first, List<byte[]> entries) {
            var growing = tree();
            for (int i = 0; i < entries.size(); i++) {
                if (first + i == growing.size()) {
                    growing.add(entries.get(i), Merkle.leaf(entries.get(i)));
                }
            }
        }

        TileTree tree() {
            if (tree == null) {
                throw new IllegalStateException("a journal begins before it goes on");
            }
            return tree;
        }

        long base() {
            return base;
        }
    }
}
