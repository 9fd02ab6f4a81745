package org.mizuhiki.pocket.keyring;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.pocket.disk.Disk;

/// The file `own-keys` of a device: SHA-256 of every signing key that was made on it, one a line, written
/// before anybody else hears of the key. Not secret; it tells keys that somebody else had certified for
/// this person from the person's own.
public record OwnKeys(Path folder) {
    private static final int MAX_BYTES = 1 << 20;

    public void add(PublicKey key) {
        var all = new LinkedHashSet<>(all());
        if (all.add(Bytes.of(key.getEncoded()).sha256())) {
            var lines = all.stream().map(Digest::hex).collect(Collectors.joining("\n", "", "\n"));
            Disk.write(file(), lines.getBytes(StandardCharsets.US_ASCII));
        }
    }

    public Set<Digest> all() {
        if (!Files.exists(file())) {
            return Set.of();
        }
        return new String(Disk.read(file(), MAX_BYTES), StandardCharsets.US_ASCII)
                .lines()
                .map(Digest::new)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private Path file() {
        return folder.resolve("own-keys");
    }
}
