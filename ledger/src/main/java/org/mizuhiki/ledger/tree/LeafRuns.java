package org.mizuhiki.ledger.tree;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.LongPredicate;
import org.mizuhiki.ledger.journal.Folders;

/// Where old leaves stand: `index/<run>` sorts each 65,536 leaves by their first eight bytes, so that a
/// search reads one window of a run. Made from tiles and made again when missing: nothing here is a source
/// of truth.
public final class LeafRuns {
    /// Leaves in a run.
    public static final int RUN = 1 << 16;

    private static final int TILES = RUN / Tile.FULL;
    private static final int RECORD = 10;
    // hashes are spread evenly: a leaf's rank strays from its expected place by 128 (standard deviation) at most
    private static final int STRAY = 1024;

    private final Path folder;
    private final TileFolder tiles;
    private volatile long runs;

    public LeafRuns(Path folder, TileFolder tiles) throws IOException {
        this.folder = folder;
        this.tiles = tiles;
        Files.createDirectories(folder);
        long known = 0;
        while (whole(known)) {
            known++;
        }
        runs = known;
    }

    private boolean whole(long run) throws IOException {
        return Files.exists(file(run)) && Files.size(file(run)) == (long) RUN * RECORD;
    }

    private Path file(long run) {
        return folder.resolve(Long.toString(run));
    }

    /// Makes the next run if its tiles are written.
    ///
    /// @param size entries whose full tiles are in the folder
    public void grow(long size) throws IOException {
        for (long run = runs; size >= (run + 1) * RUN; run++) {
            var records = new byte[RUN][];
            for (int t = 0; t < TILES; t++) {
                var hashes = tiles.hashes(0, run * TILES + t);
                for (int i = 0; i < Tile.FULL; i++) {
                    int at = t * Tile.FULL + i;
                    var record = Arrays.copyOfRange(hashes, i * Merkle.HASH, i * Merkle.HASH + RECORD);
                    records[at] =
                            ByteBuffer.wrap(record).putShort(8, (short) at).array();
                }
            }
            Arrays.sort(records, Arrays::compareUnsigned);
            var sorted = ByteBuffer.allocate(RUN * RECORD);
            Arrays.stream(records).forEach(sorted::put);
            Folders.putDurably(file(run), sorted.array());
            runs = run + 1;
        }
    }

    /// The newest index below the runs' end at which `stands` confirms the leaf.
    public OptionalLong find(byte[] leaf, LongPredicate stands) throws IOException {
        for (long run = runs - 1; run >= 0; run--) {
            var found = search(run, leaf, stands);
            if (found.isPresent()) {
                return found;
            }
        }
        return OptionalLong.empty();
    }

    private OptionalLong search(long run, byte[] leaf, LongPredicate stands) throws IOException {
        int expected = Short.toUnsignedInt(ByteBuffer.wrap(leaf).getShort());
        int from = Math.max(0, expected - STRAY);
        int to = Math.min(RUN, expected + STRAY);
        var window = ByteBuffer.allocate((to - from) * RECORD);
        try (var channel = FileChannel.open(file(run), StandardOpenOption.READ)) {
            int read = 0;
            while (window.hasRemaining() && read >= 0) {
                read = channel.read(window, (long) from * RECORD + window.position());
            }
        }
        for (int i = 0; i < to - from; i++) {
            if (Arrays.equals(window.array(), i * RECORD, i * RECORD + 8, leaf, 0, 8)) {
                long index = run * RUN + Short.toUnsignedInt(window.getShort(i * RECORD + 8));
                if (stands.test(index)) {
                    return OptionalLong.of(index);
                }
            }
        }
        return OptionalLong.empty();
    }
}
