package org.mizuhiki.ledger.tree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.ledger.journal.Folders;

@Tag("B2")
class TileTest {
    @TempDir
    Path folder;

    @Test
    void pathsAreThoseOfTheSpecification() {
        assertEquals("tile/0/x001/x234/067", new Tile(0, 1_234_067, 256).path());
        assertEquals("tile/entries/x001/234.p/7", new Tile(Tile.ENTRIES, 1234, 7).path());
        assertEquals("tile/63/000", new Tile(63, 0, 256).path());
    }

    @Test
    void whatIsNotExactlyAPathIsNone() {
        for (var path : List.of(
                "tile/0/../../etc/passwd",
                "tile/00/000",
                "tile/64/000",
                "tile/0/x000/001",
                "tile/0/1",
                "tile/0/001/002",
                "tile/0/001.p/0",
                "tile/0/001.p/256",
                "tile/0/001.p/01",
                "/tile/0/001",
                "tile/0/001\n",
                "tile/entries",
                "tile/0/x001/x234/067/",
                "tile/-1/000",
                "")) {
            assertEquals(Optional.empty(), Tile.parse(path), path);
        }
    }

    @FuzzTest
    void everyPathThatParsesIsSpelledOneWay(FuzzedDataProvider data) {
        var path = data.consumeRemainingAsString();
        Tile.parse(path).ifPresent(tile -> assertEquals(path, tile.path()));
    }

    @Test
    void pathsComeBackAsTheyWere() {
        var die = new SplittableRandom(2);
        for (int i = 0; i < 2000; i++) {
            var tile = new Tile(die.nextInt(-1, 64), die.nextLong(1L << die.nextInt(1, 50)), 1 + die.nextInt(256));
            assertEquals(Optional.of(tile), Tile.parse(tile.path()));
        }
    }

    @Test
    void oldLeavesAreFoundInRunsAndRecentOnesInMemory() throws Exception {
        var files = new TileFolder(folder);
        var tree = TileTree.open(files, 0);
        var recent = new RecentLeaves(1000, 0);
        int size = LeafRuns.RUN * 2 + 300;
        for (int i = 0; i < size; i++) {
            var entry = Integer.toString(i).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
            tree.add(entry, Merkle.leaf(entry));
            recent.put(Merkle.leaf(entry), i);
        }
        for (var tile : tree.unwritten().entrySet()) {
            Folders.put(files.file(tile.getKey()), tile.getValue());
            tree.written(tile.getKey());
        }
        var runs = new LeafRuns(folder.resolve("index"), files);
        runs.grow(size);
        var again = new LeafRuns(folder.resolve("index"), files);
        var die = new SplittableRandom(3);
        for (int i = 0; i < 200; i++) {
            int at = die.nextInt(LeafRuns.RUN * 2);
            assertEquals(at, again.find(tree.leaf(at), index -> index == at).orElseThrow());
        }
        assertTrue(again.find(Merkle.leaf(new byte[] {1, 2, 3}), index -> true).isEmpty());
        for (int i = size - 1000; i < size; i++) {
            int at = i;
            assertTrue(recent.candidates(tree.leaf(at)).anyMatch(index -> index == at));
        }
        assertTrue(recent.from() >= size - 2000L);
        assertEquals(0, recent.candidates(tree.leaf(0)).count());
    }
}
