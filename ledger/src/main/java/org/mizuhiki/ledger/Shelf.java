package org.mizuhiki.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.ledger.journal.Folders;
import org.mizuhiki.ledger.journal.Journal;
import org.mizuhiki.ledger.tree.LeafRuns;
import org.mizuhiki.ledger.tree.Tile;
import org.mizuhiki.ledger.tree.TileFolder;
import org.mizuhiki.ledger.tree.TileTree;

/// The public files of a log: tiles, the checkpoint, its stamp. Tiles need no fsync of their own before
/// they are served: until they had one, the journal still holds their entries.
final class Shelf {
    private static final int FILES_KEPT = 2;

    private final Path folder;
    private final TileFolder tiles;
    private final LeafRuns runs;
    private final Journal journal;
    private final List<Path> unsynced = new ArrayList<>();
    private final ReentrantLock lock = new ReentrantLock();
    private boolean closed;
    private long written;

    /// @param written entries whose full tiles are in the folder already
    Shelf(Path folder, TileFolder tiles, LeafRuns runs, Journal journal, long written) {
        this.folder = folder;
        this.tiles = tiles;
        this.runs = runs;
        this.journal = journal;
        this.written = written;
    }

    /// Writes what a checkpoint over `size` entries needs.
    void putTiles(TileTree tree, long size) throws IOException {
        for (var full : tree.unwritten().entrySet()) {
            var tile = full.getKey();
            Folders.put(tiles.file(tile), full.getValue());
            unsynced.add(tiles.file(tile));
            tree.written(tile);
            tiles.dropPartials(tile);
            if (tile.level() == 0) {
                written = (tile.n() + 1) * Tile.FULL;
            }
        }
        for (var partial : tree.partials(size).entrySet()) {
            if (!Files.exists(tiles.file(fullOf(partial.getKey())))) {
                Folders.put(tiles.file(partial.getKey()), partial.getValue());
            }
        }
    }

    private static Tile fullOf(Tile partial) {
        return new Tile(partial.level(), partial.n(), Tile.FULL);
    }

    /// One rename decides: `signed-checkpoint` holds note and stamp together, the two public files are
    /// copies.
    void putCheckpoint(SignedCheckpoint checkpoint) throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("the log is closed");
            }
            put(folder, checkpoint);
        } finally {
            lock.unlock();
        }
    }

    /// Puts a checkpoint into the folder of a log, which nobody else does at the time.
    static void put(Path folder, SignedCheckpoint checkpoint) throws IOException {
        var both = Canonical.of(
                Map.of("note", checkpoint.note(), "stamp", checkpoint.stamp().asBase64()));
        Folders.putDurably(folder.resolve("signed-checkpoint"), both.encode().toArray());
        putCopies(folder, checkpoint);
    }

    private static void putCopies(Path folder, SignedCheckpoint checkpoint) throws IOException {
        Folders.put(folder.resolve("checkpoint.stamp"), checkpoint.stamp().toArray());
        Folders.put(folder.resolve("checkpoint"), checkpoint.note().getBytes(StandardCharsets.UTF_8));
    }

    /// The last one published.
    Optional<SignedCheckpoint> checkpoint() throws IOException {
        var file = folder.resolve("signed-checkpoint");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var both = Canonical.decode(Bytes.of(Files.readAllBytes(file)));
        var checkpoint = new SignedCheckpoint(both.get("note"), Bytes.base64(both.get("stamp")));
        putCopies(folder, checkpoint);
        return Optional.of(checkpoint);
    }

    /// Sorts old leaves into runs, and once journal files are full makes tiles durable and lets those
    /// files go.
    void tidy() throws IOException {
        runs.grow(written);
        if (journal.segments().size() <= FILES_KEPT) {
            return;
        }
        long safe = written;
        var folders = new TreeSet<Path>();
        for (var file : unsynced) {
            Folders.syncFile(file);
            for (var up = file.getParent(); up != null && up.startsWith(folder); up = up.getParent()) {
                folders.add(up);
            }
        }
        for (var changed : folders) {
            Folders.sync(changed);
        }
        unsynced.clear();
        journal.dropBelow(safe);
    }

    /// Nothing is published afterwards, even by a publisher that still waits for somebody.
    void close() {
        lock.lock();
        try {
            closed = true;
        } finally {
            lock.unlock();
        }
    }
}
