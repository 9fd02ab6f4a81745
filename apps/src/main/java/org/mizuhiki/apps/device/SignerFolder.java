package org.mizuhiki.apps.device;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.util.Base64;
import org.mizuhiki.chip.ChipSigner;
import org.mizuhiki.devices.Makers;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;

/// A key whose word chips take, of their manufacturer or their manager: `<name>.key` (mode 0600) and
/// `<name>.pub`, the public half as `openssl pkey -pubout -outform DER` writes it, in base64.
public record SignerFolder(Path folder, String name) {
    private static final int LARGEST = 1024;

    /// The key that is there, or a new one.
    public ChipSigner made(SecureRandom die) {
        if (!isThere()) {
            var pair = KeyFiles.newKeyPair(die);
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw unreadable(e);
            }
            var written = Base64.getEncoder().encode(pair.getPublic().getEncoded());
            KeyFiles.write(open(), written, "rw-r--r--");
            KeyFiles.writeKey(secret(), pair.getPrivate()); // last: without it nothing is there
        }
        return signer(die);
    }

    public boolean isThere() {
        return Files.exists(secret());
    }

    /// @throws Refusal `signer-key-missing`, `key-file-unreadable`
    public ChipSigner signer(SecureRandom die) {
        if (!isThere()) {
            throw Refusal.of(
                    "signer-key-missing",
                    "このフォルダーに " + name + ".key がありません: " + folder,
                    "There is no " + name + ".key in " + folder);
        }
        return ChipSigner.of(key(), KeyFiles.readKey(secret()), die);
    }

    /// The public half.
    public PublicKey key() {
        return Makers.key(Bytes.base64(written()));
    }

    /// As [#key] is written.
    public String written() {
        try {
            if (Files.size(open()) > LARGEST) {
                throw unreadable(new IOException("not a public key"));
            }
            return Files.readString(open(), StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Path secret() {
        return folder.resolve(name + ".key");
    }

    private Path open() {
        return folder.resolve(name + ".pub");
    }

    private Refusal unreadable(IOException cause) {
        return Refusal.of("key-file-unreadable", "読めません: " + open(), "Cannot be read: " + open(), cause);
    }
}
