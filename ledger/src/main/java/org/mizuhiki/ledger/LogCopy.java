package org.mizuhiki.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.journal.Folders;
import org.mizuhiki.ledger.journal.Journal;
import org.mizuhiki.ledger.tree.Tile;
import org.mizuhiki.ledger.tree.TileFolder;
import org.mizuhiki.ledger.tree.TileTree;

/// Copies a running log as it stood at one moment; what is appended later is not waited for, and waits for
/// nothing. The order makes the copy whole: a checkpoint covers only entries that were durable before it,
/// so the journal read after it has them, or tiles have, which are synced before their journal file goes
/// and are read last.
record LogCopy(Journal journal, TileFolder tiles, TileTree tree) {
    /// @param newest the newest checkpoint, asked for before anything else is read
    /// @return entries in the copy
    long into(Path folder, Supplier<Optional<Publisher.Published>> newest) throws IOException {
        begin(folder);
        var last = newest.get();
        var copied = new TileFolder(folder);
        if (last.isPresent()) {
            // first: a copy that was broken off does not add up to its checkpoint and will not open
            Shelf.put(folder, last.get().checkpoint());
        }
        var entries = journal.copyTo(folder.resolve("journal"));
        long tilesOnly = (entries.first() + Tile.FULL - 1) / Tile.FULL * Tile.FULL;
        tiles.copyFull(copied, tilesOnly, entries.next());
        // from memory: the files of partial tiles come and go
        for (var partial :
                tree.partials(last.map(Publisher.Published::size).orElse(0L)).entrySet()) {
            Folders.put(copied.file(partial.getKey()), partial.getValue());
        }
        sync(folder);
        return entries.next();
    }

    private static void begin(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (var there = Files.list(folder)) {
            if (there.findAny().isPresent()) {
                throw Refusal.of(
                        "backup-folder-not-empty", "台帳のコピー先は空のフォルダーにしてください", "Copy the ledger into an empty folder");
            }
        }
    }

    private static void sync(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            for (var path : all.toList()) {
                Folders.sync(path);
            }
        }
    }
}
