package org.mizuhiki.pocket.keyring;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.mizuhiki.chip.SigningCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.seal.PassphraseBox;

/// The file `keyring`: a passphrase box (Argon2id, AES-256-GCM) around all keys.
public record KeyringFile(Path file, PassphraseBox boxes) {
    private static final int MAX_BYTES = 1 << 20;

    public boolean exists() {
        return Files.exists(file);
    }

    public void write(Keyring keyring, Secret passphrase) {
        try (var content = keyring.encode()) {
            Disk.write(file, boxes.close(content, passphrase).toArray());
        }
    }

    /// @param card of a person whose signing key is on one
    /// @throws Refusal `device-missing`, `passphrase-wrong`, `keyring-damaged`, `box-malformed`, `card-needed`,
    ///     `card-wrong`
    public Keyring read(Secret passphrase, Optional<SigningCard> card) {
        if (!exists()) {
            throw Refusal.of(
                    "device-missing",
                    "このフォルダーには登録済みの端末がありません。先に「mizuhiki person enrol」で登録してください",
                    "There is no enrolled device in this folder; run 'mizuhiki person enrol' first");
        }
        try (var content = boxes.open(Bytes.of(Disk.read(file, MAX_BYTES)), passphrase)) {
            return Keyring.decode(content, card);
        }
    }
}
