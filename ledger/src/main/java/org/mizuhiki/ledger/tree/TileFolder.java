package org.mizuhiki.ledger.tree;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.journal.Folders;

/// The tiles on disk, under the names of C2SP tlog-tiles: any web server can serve the folder as it is.
public final class TileFolder {
    private static final int MAX_BUNDLE = Tile.FULL * (2 + 65_535);
    private final Path root;

    public TileFolder(Path root) {
        this.root = root;
    }

    public Path file(Tile tile) {
        return root.resolve(tile.path());
    }

    /// The full tile's hashes, 8192 bytes.
    ///
    /// @throws Refusal `ledger-damaged` when it is missing or cut
    byte[] hashes(int level, long n) {
        var content = read(new Tile(level, n, Tile.FULL));
        if (content.isEmpty() || content.get().length != Tile.FULL * Merkle.HASH) {
            throw damaged();
        }
        return content.get();
    }

    /// The entries of a full bundle.
    ///
    /// @throws Refusal `ledger-damaged`
    public List<byte[]> entries(long n) {
        var entries = read(new Tile(Tile.ENTRIES, n, Tile.FULL))
                .map(TileFolder::split)
                .orElse(List.of());
        if (entries.size() != Tile.FULL) {
            throw damaged();
        }
        return entries;
    }

    /// A tile, bundle or partial one; also a partial one whose full one took its place.
    public Optional<byte[]> read(Tile tile) {
        try {
            var file = file(tile);
            if (Files.size(file) > MAX_BUNDLE) {
                throw damaged();
            }
            return Optional.of(Files.readAllBytes(file));
        } catch (java.nio.file.NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The partial files that a full tile replaces (tlog-tiles: "MAY delete").
    public void dropPartials(Tile full) throws IOException {
        var file = file(full);
        var partials = file.resolveSibling(file.getFileName() + ".p");
        if (Files.isDirectory(partials)) {
            try (var old = Files.list(partials)) {
                for (var partial : old.toList()) {
                    Files.deleteIfExists(partial);
                }
            }
            Files.deleteIfExists(partials);
        }
    }

    /// Copies the full tiles of a log of `size` entries; full tiles never change or vanish.
    ///
    /// @param needed entries that stand nowhere else: their tiles must be there, later ones may be unwritten
    /// @throws Refusal `ledger-damaged` when a needed tile is missing
    public void copyFull(TileFolder target, long needed, long size) throws IOException {
        for (long n = 0; n < size / Tile.FULL; n++) {
            copy(new Tile(Tile.ENTRIES, n, Tile.FULL), target, n < needed / Tile.FULL);
        }
        long full = size / Tile.FULL;
        long must = needed / Tile.FULL;
        for (int level = 0; full > 0; level++, full /= Tile.FULL, must /= Tile.FULL) {
            for (long n = 0; n < full; n++) {
                copy(new Tile(level, n, Tile.FULL), target, n < must);
            }
        }
    }

    private void copy(Tile tile, TileFolder target, boolean needed) throws IOException {
        var content = read(tile);
        if (content.isPresent()) {
            Folders.put(target.file(tile), content.get());
        } else if (needed) {
            throw damaged();
        }
    }

    /// Entries in the form of a bundle: each its length in two bytes, big endian, and its bytes.
    static byte[] join(List<byte[]> entries) {
        var bundle =
                ByteBuffer.allocate(entries.stream().mapToInt(e -> 2 + e.length).sum());
        entries.forEach(e -> bundle.putShort((short) e.length).put(e));
        return bundle.array();
    }

    /// The entries of a bundle; nothing when it is not exactly a bundle.
    public static List<byte[]> split(byte[] bundle) {
        var rest = ByteBuffer.wrap(bundle);
        var entries = new ArrayList<byte[]>();
        while (rest.remaining() >= 2) {
            var entry = new byte[Short.toUnsignedInt(rest.getShort())];
            if (rest.remaining() < entry.length) {
                return List.of();
            }
            rest.get(entry);
            entries.add(entry);
        }
        return rest.hasRemaining() ? List.of() : entries;
    }

    static Refusal damaged() {
        return Refusal.of(
                "ledger-damaged",
                "台帳のタイルファイルが欠けているか破損しています。コピーから復元してください",
                "A tile of the ledger is missing or damaged; restore it from a copy");
    }
}
