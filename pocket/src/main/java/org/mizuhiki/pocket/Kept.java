package org.mizuhiki.pocket;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.seal.Streams;

/// Files on this device, each closed under the device's own key and bound to its name; written whole or
/// not at all.
public final class Kept {
    private static final int LARGEST = 256 << 20;

    private final Path folder;
    private final Secret local;
    private final Streams streams;

    /// @param local key of this device, which stays its owner's to close
    public Kept(Path folder, Secret local, Streams streams) {
        this.folder = Disk.folder(folder);
        this.local = local;
        this.streams = streams;
    }

    /// @param name a plain file name
    /// @throws Refusal `device-disk`, `seal-broken`
    public Optional<Bytes> read(String name) {
        var file = folder.resolve(name);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return Optional.of(Disk.attempt(() -> {
            var closed = new ByteArrayInputStream(Disk.read(file, LARGEST));
            try (var plain = streams.open(closed, local, context(name))) {
                return Bytes.of(plain.readAllBytes());
            }
        }));
    }

    /// On disk when this returns.
    ///
    /// @throws Refusal `device-disk`
    public void write(String name, Bytes content) {
        Disk.write(folder.resolve(name), Disk.attempt(() -> {
            var closed = new ByteArrayOutputStream(content.size() + 1024);
            streams.closeUndigested(new ByteArrayInputStream(content.toArray()), closed, local, context(name));
            return closed.toByteArray();
        }));
    }

    public void remove(String name) {
        Disk.attempt(() -> Files.deleteIfExists(folder.resolve(name)));
    }

    private Bytes context(String name) {
        return Bytes.utf8("mizuhiki-kept:" + folder.getFileName() + "/" + name);
    }
}
