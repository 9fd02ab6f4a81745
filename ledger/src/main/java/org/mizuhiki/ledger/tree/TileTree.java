package org.mizuhiki.ledger.tree;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/// The growing tree: its right edge in memory, full tiles handed over for writing, older ones read from the
/// folder. Whatever is below [#size] never changes, so readers may ask for any older size while it grows.
public final class TileTree implements Nodes {
    private static final int BITS = 8;

    private final TileFolder folder;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Edge> edges = new ArrayList<>();
    private final Map<Tile, byte[]> unwritten = new LinkedHashMap<>();
    private List<byte[]> entries = new ArrayList<>();
    private long size;

    /// The tile of a level that is not full yet.
    private static final class Edge {
        private long n;
        private int width;
        private byte[] hashes = new byte[Tile.FULL * Merkle.HASH];

        Edge(long n) {
            this.n = n;
        }

        void put(byte[] hash) {
            System.arraycopy(hash, 0, hashes, width++ * Merkle.HASH, Merkle.HASH);
        }
    }

    private TileTree(TileFolder folder, long size) {
        this.folder = folder;
        this.size = size;
    }

    /// @param size entries whose full tiles are in the folder, a multiple of 256
    /// @throws org.mizuhiki.house.Refusal `ledger-damaged` when a tile is missing
    public static TileTree open(TileFolder folder, long size) {
        if (size % Tile.FULL != 0) {
            throw new IllegalArgumentException("only full tiles can be opened");
        }
        var tree = new TileTree(folder, size);
        long count = size;
        for (int level = 0; level == 0 || count > 0; level++, count >>= BITS) {
            var edge = new Edge(count >> BITS);
            for (long i = edge.n << BITS; i < count; i++) {
                edge.put(Merkle.fold(folder.hashes(level - 1, i), 0, Tile.FULL));
            }
            tree.edges.add(edge);
        }
        return tree;
    }

    public long size() {
        lock.lock();
        try {
            return size;
        } finally {
            lock.unlock();
        }
    }

    /// @param leaf [Merkle#leaf] of the entry
    public void add(byte[] entry, byte[] leaf) {
        lock.lock();
        try {
            entries.add(entry);
            size++;
            if (entries.size() == Tile.FULL) {
                unwritten.put(new Tile(Tile.ENTRIES, edges.getFirst().n, Tile.FULL), TileFolder.join(entries));
                entries = new ArrayList<>();
            }
            put(0, leaf);
        } finally {
            lock.unlock();
        }
    }

    private void put(int level, byte[] hash) {
        if (level == edges.size()) {
            edges.add(new Edge(0));
        }
        var edge = edges.get(level);
        edge.put(hash);
        if (edge.width == Tile.FULL) {
            var full = edge.hashes;
            unwritten.put(new Tile(level, edge.n, Tile.FULL), full);
            edge.n++;
            edge.width = 0;
            edge.hashes = new byte[Tile.FULL * Merkle.HASH];
            put(level + 1, Merkle.fold(full, 0, Tile.FULL));
        }
    }

    @Override
    public byte[] node(int height, long index) {
        int level = height / BITS;
        int within = height % BITS;
        long first = index << within;
        int offset = (int) (first % Tile.FULL);
        var hashes = hashes(level, first >> BITS, offset + (1 << within));
        return Merkle.fold(hashes, offset, 1 << within);
    }

    /// The first `width` hashes of a tile.
    private byte[] hashes(int level, long n, int width) {
        lock.lock();
        try {
            var edge = level < edges.size() ? edges.get(level) : new Edge(0);
            if (edge.n == n) {
                if (edge.width < width) {
                    throw new IllegalArgumentException("the tree has not grown to there");
                }
                return Arrays.copyOf(edge.hashes, width * Merkle.HASH);
            }
            var waiting = unwritten.get(new Tile(level, n, Tile.FULL));
            if (waiting != null) {
                return Arrays.copyOf(waiting, width * Merkle.HASH);
            }
        } finally {
            lock.unlock();
        }
        return Arrays.copyOf(folder.hashes(level, n), width * Merkle.HASH);
    }

    public byte[] leaf(long index) {
        return node(0, index);
    }

    /// All leaves from `from` on, in order; `from` is a multiple of 256.
    public void leavesFrom(long from, java.util.function.BiConsumer<byte[], Long> taker) {
        long end = size();
        for (long first = from; first < end; first += Tile.FULL) {
            int width = (int) Math.min(Tile.FULL, end - first);
            var hashes = hashes(0, first >> BITS, width);
            for (int i = 0; i < width; i++) {
                taker.accept(Arrays.copyOfRange(hashes, i * Merkle.HASH, (i + 1) * Merkle.HASH), first + i);
            }
        }
    }

    public byte[] entry(long index) {
        int at = (int) (index % Tile.FULL);
        return bundle(index >> BITS, at + 1).get(at);
    }

    private List<byte[]> bundle(long n, int width) {
        lock.lock();
        try {
            if (edges.getFirst().n == n) {
                return List.copyOf(entries.subList(0, width));
            }
            var waiting = unwritten.get(new Tile(Tile.ENTRIES, n, Tile.FULL));
            if (waiting != null) {
                return TileFolder.split(waiting).subList(0, width);
            }
        } finally {
            lock.unlock();
        }
        return folder.entries(n).subList(0, width);
    }

    /// Full tiles in the order they filled, to be written and then [#written].
    public Map<Tile, byte[]> unwritten() {
        lock.lock();
        try {
            return new LinkedHashMap<>(unwritten);
        } finally {
            lock.unlock();
        }
    }

    /// How many full tiles wait in memory.
    public int waiting() {
        lock.lock();
        try {
            return unwritten.size();
        } finally {
            lock.unlock();
        }
    }

    /// From now on the tile is read from the folder.
    public void written(Tile tile) {
        lock.lock();
        try {
            unwritten.remove(tile);
        } finally {
            lock.unlock();
        }
    }

    /// The partial tiles of a log of `upTo` entries (tlog-tiles, "Partial Tiles"): level l has
    /// floor(upTo / 256^l) mod 256 hashes.
    public Map<Tile, byte[]> partials(long upTo) {
        var partials = new LinkedHashMap<Tile, byte[]>();
        int level = 0;
        for (long count = upTo; count > 0; count >>= BITS, level++) {
            int width = (int) (count % Tile.FULL);
            if (width > 0) {
                partials.put(new Tile(level, count >> BITS, width), hashes(level, count >> BITS, width));
            }
        }
        int width = (int) (upTo % Tile.FULL);
        if (width > 0) {
            var first = TileFolder.join(bundle(upTo >> BITS, width));
            partials.put(new Tile(Tile.ENTRIES, upTo >> BITS, width), first);
        }
        return partials;
    }
}
