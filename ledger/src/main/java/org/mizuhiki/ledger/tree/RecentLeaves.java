package org.mizuhiki.ledger.tree;

import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.LongStream;

/// Where the newest leaves stand: at least `window` of them, at most twice as many, twelve bytes each. It
/// knows eight bytes of a leaf, so what it finds is a candidate that the caller compares with the tree.
public final class RecentLeaves {
    private final int window;
    private final ReentrantLock lock = new ReentrantLock();
    private Table young;
    private Table old;

    public RecentLeaves(int window, long first) {
        this.window = window;
        this.young = new Table(first);
        this.old = young;
    }

    /// @param index larger than every one before
    public void put(byte[] leaf, long index) {
        lock.lock();
        try {
            if (young.count == window) {
                old = young;
                young = new Table(index);
            }
            young.put(key(leaf), (int) (index - young.base));
        } finally {
            lock.unlock();
        }
    }

    /// Indices at which this leaf may stand.
    public LongStream candidates(byte[] leaf) {
        lock.lock();
        try {
            var found = LongStream.builder();
            young.find(key(leaf), found);
            if (old != young) {
                old.find(key(leaf), found);
            }
            return found.build();
        } finally {
            lock.unlock();
        }
    }

    /// The first index that is surely known here.
    public long from() {
        lock.lock();
        try {
            return old.base;
        } finally {
            lock.unlock();
        }
    }

    private static long key(byte[] leaf) {
        return ByteBuffer.wrap(leaf).getLong();
    }

    /// Open addressing; an offset of 0 is an empty place, so offsets are kept plus one.
    private static final class Table {
        private final long base;
        private long[] keys = new long[1 << 10];
        private int[] offsets = new int[1 << 10];
        private int count;

        Table(long base) {
            this.base = base;
        }

        void put(long key, int offset) {
            if (count * 4L >= keys.length * 3L) {
                grow();
            }
            int at = place(key);
            while (offsets[at] != 0) {
                at = (at + 1) & (keys.length - 1);
            }
            keys[at] = key;
            offsets[at] = offset + 1;
            count++;
        }

        void find(long key, LongStream.Builder found) {
            for (int at = place(key); offsets[at] != 0; at = (at + 1) & (keys.length - 1)) {
                if (keys[at] == key) {
                    found.add(base + offsets[at] - 1);
                }
            }
        }

        private int place(long key) {
            return (int) key & (keys.length - 1);
        }

        private void grow() {
            var oldKeys = keys;
            var oldOffsets = offsets;
            keys = new long[oldKeys.length * 2];
            offsets = new int[oldKeys.length * 2];
            count = 0;
            for (int i = 0; i < oldKeys.length; i++) {
                if (oldOffsets[i] != 0) {
                    put(oldKeys[i], oldOffsets[i] - 1);
                }
            }
        }
    }
}
