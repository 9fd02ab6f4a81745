package org.mizuhiki.pocket.keyring;

import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mizuhiki.account.MasterKey;
import org.mizuhiki.account.Seen;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.seal.PassphraseBox;

/// The file `account` of a device that belongs to an account: the master key and what was seen of the
/// account last, in a passphrase box. Inside: epoch, both numbers of [Seen] (8 bytes each), the key (32).
public record AccountFile(Path file, PassphraseBox boxes) {
    private static final int KEY = 32;
    private static final int SIZE = 3 * 8 + KEY;
    private static final int MAX_BYTES = 4096;

    /// What is kept.
    public record Kept(MasterKey master, Seen seen) {}

    public boolean exists() {
        return Files.exists(file);
    }

    public void write(MasterKey master, Seen seen, Secret passphrase) {
        try (var content = master.key()
                .lend(key -> Secret.taking(ByteBuffer.allocate(SIZE)
                        .putLong(master.epoch())
                        .putLong(seen.account())
                        .putLong(seen.keyring())
                        .put(key)
                        .array()))) {
            Disk.write(file, boxes.close(content, passphrase).toArray());
        }
    }

    /// @throws org.mizuhiki.house.Refusal `passphrase-wrong`, `keyring-damaged`, `box-malformed`
    public Kept read(PersonId person, Secret passphrase) {
        try (var content = boxes.open(Bytes.of(Disk.read(file, MAX_BYTES)), passphrase)) {
            return content.lend(bytes -> {
                if (bytes.length != SIZE) {
                    throw Keyring.damaged();
                }
                var buffer = ByteBuffer.wrap(bytes);
                long epoch = buffer.getLong();
                var seen = new Seen(buffer.getLong(), buffer.getLong());
                var key = new byte[KEY];
                buffer.get(key);
                return new Kept(new MasterKey(person, epoch, Secret.taking(key)), seen);
            });
        }
    }
}
