package org.mizuhiki.ledger.tree;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Digest;
import org.mizuhiki.ledger.journal.Folders;

@Tag("B2")
class ProofsTest {
    @TempDir
    Path folder;

    private static byte[] entry(int i) {
        return ByteBuffer.allocate(4).putInt(i).array();
    }

    private static List<byte[]> leaves(int size) {
        var leaves = new ArrayList<byte[]>();
        for (int i = 0; i < size; i++) {
            leaves.add(Merkle.leaf(entry(i)));
        }
        return leaves;
    }

    private TileTree tree(int size) {
        var tree = TileTree.open(new TileFolder(folder), 0);
        for (int i = 0; i < size; i++) {
            tree.add(entry(i), Merkle.leaf(entry(i)));
        }
        return tree;
    }

    private static Digest root(List<byte[]> leaves) {
        return Digest.ofHash(NaiveTree.root(leaves));
    }

    /// The inputs and roots that Certificate Transparency implementations share
    /// (google/certificate-transparency, merkle tree tests).
    @Test
    void theRootsOfTheCommonVectorsAreRight() {
        var inputs = List.of(
                "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f");
        var roots = List.of(
                "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
                "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
                "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
                "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
                "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
                "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328");
        var tree = TileTree.open(new TileFolder(folder), 0);
        assertEquals(
                "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                HexFormat.of().formatHex(Proofs.root(tree, 0)));
        for (int i = 0; i < inputs.size(); i++) {
            var input = HexFormat.of().parseHex(inputs.get(i));
            tree.add(input, Merkle.leaf(input));
            assertEquals(roots.get(i), HexFormat.of().formatHex(Proofs.root(tree, i + 1)));
        }
    }

    @Test
    void allProofsOfAllSmallTreesAreThoseOfTheReference() {
        int most = 40;
        var tree = tree(most);
        var all = leaves(most);
        for (int n = 1; n <= most; n++) {
            var leaves = all.subList(0, n);
            var root = root(leaves);
            assertEquals(root, Digest.ofHash(Proofs.root(tree, n)));
            for (int m = 0; m < n; m++) {
                var path = Proofs.inclusion(tree, m, n);
                assertEquals(NaiveTree.path(m, leaves), path);
                assertTrue(Proofs.includes(Digest.ofHash(leaves.get(m)), m, n, path, root));
            }
            for (int m = 0; m <= n; m++) {
                var proof = Proofs.consistency(tree, m, n);
                assertEquals(NaiveTree.proof(m, leaves), proof);
                assertTrue(Proofs.extending(m, root(all.subList(0, m)), n, root, proof));
            }
        }
    }

    @Test
    void proofsOfLargeTreesAreThoseOfTheReferenceAcrossTilesFilesAndSizes() throws Exception {
        int most = 70_000;
        var files = new TileFolder(folder);
        var tree = tree(most);
        var all = leaves(most);
        int n = 0;
        // half of the tiles are read back from files, half stay in memory
        for (var tile : tree.unwritten().entrySet()) {
            if (n++ % 2 == 0) {
                Folders.put(files.file(tile.getKey()), tile.getValue());
                tree.written(tile.getKey());
            }
        }
        var die = new SplittableRandom(1);
        for (int round = 0; round < 12; round++) {
            int size = round == 0 ? most : 1 + die.nextInt(most);
            int m = die.nextInt(size);
            var leaves = all.subList(0, size);
            var path = Proofs.inclusion(tree, m, size);
            assertEquals(NaiveTree.path(m, leaves), path);
            assertEquals(NaiveTree.proof(m, leaves), Proofs.consistency(tree, m, size));
            assertArrayEquals(entry(m), tree.entry(m));
            assertArrayEquals(all.get(m), tree.leaf(m));
        }
    }

    @Test
    void aTreeThatIsOpenedFromItsTilesGoesOnAsItWas() throws Exception {
        var files = new TileFolder(folder);
        var before = tree(66_000);
        for (var tile : before.unwritten().entrySet()) {
            Folders.put(files.file(tile.getKey()), tile.getValue());
        }
        int base = 66_000 / 256 * 256;
        var after = TileTree.open(files, base);
        assertArrayEquals(Proofs.root(before, base), Proofs.root(after, base));
        for (int i = base; i < 66_000; i++) {
            after.add(entry(i), Merkle.leaf(entry(i)));
        }
        assertArrayEquals(Proofs.root(before, 66_000), Proofs.root(after, 66_000));
        assertEquals(before.partials(65_999).keySet(), after.partials(65_999).keySet());
    }

    /// C2SP tlog-tiles, "Partial Tiles": the example of 70,000 entries.
    @Test
    void aTreeOfSeventyThousandHasTheTilesOfTheSpecification() {
        var tree = tree(70_000);
        var full = tree.unwritten().keySet();
        assertEquals(273, full.stream().filter(t -> t.level() == 0).count());
        assertEquals(1, full.stream().filter(t -> t.level() == 1).count());
        assertEquals(273, full.stream().filter(t -> t.level() == Tile.ENTRIES).count());
        assertEquals(
                java.util.Set.of(
                        new Tile(0, 273, 112), new Tile(1, 1, 17), new Tile(2, 0, 1), new Tile(Tile.ENTRIES, 273, 112)),
                tree.partials(70_000).keySet());
        assertEquals(java.util.Set.of(new Tile(1, 0, 1)), tree.partials(256).keySet());
    }

    @Test
    void everyAlteredProofIsRefused() {
        int n = 23;
        var tree = tree(n);
        var leaves = leaves(n);
        var root = root(leaves);
        for (int m = 1; m < n; m++) {
            var leaf = Digest.ofHash(leaves.get(m));
            var path = Proofs.inclusion(tree, m, n);
            var older = root(leaves.subList(0, m));
            var proof = Proofs.consistency(tree, m, n);
            for (var broken : alterations(path)) {
                assertFalse(Proofs.includes(leaf, m, n, broken, root));
            }
            for (var broken : alterations(proof)) {
                assertFalse(Proofs.extending(m, older, n, root, broken));
            }
            assertFalse(Proofs.includes(leaf, m - 1, n, path, root));
            assertFalse(Proofs.includes(leaf, m, n, path, older));
            assertFalse(Proofs.includes(older, m, n, path, root));
            assertFalse(Proofs.extending(m, root, n, root, proof));
            assertFalse(Proofs.extending(m, older, n, older, proof));
            assertFalse(Proofs.extending(n, root, m, older, proof));
        }
        assertFalse(Proofs.includes(Digest.ofHash(leaves.getFirst()), -1, n, List.of(), root));
        assertFalse(Proofs.extending(0, root, n, root, List.of()));
        assertFalse(Proofs.extending(5, root, 5, Digest.ofHash(leaves.getFirst()), List.of()));
    }

    private static List<List<Digest>> alterations(List<Digest> proof) {
        var all = new ArrayList<List<Digest>>();
        for (int i = 0; i < proof.size(); i++) {
            for (int bit = 0; bit < 256; bit++) {
                var hash = proof.get(i).toArray();
                hash[bit / 8] ^= (byte) (1 << bit % 8);
                var broken = new ArrayList<>(proof);
                broken.set(i, Digest.ofHash(hash));
                all.add(broken);
            }
            var shorter = new ArrayList<>(proof);
            shorter.remove(i);
            all.add(shorter);
            var longer = new ArrayList<>(proof);
            longer.add(i, proof.get(i));
            all.add(longer);
        }
        return all;
    }
}
