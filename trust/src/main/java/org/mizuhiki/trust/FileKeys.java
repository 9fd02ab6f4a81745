package org.mizuhiki.trust;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;

/// Keys as PKCS#8 files for their owner's eyes only.
final class FileKeys implements SigningKeys {
    private final Path folder;
    private final SecureRandom die;

    FileKeys(Path folder, SecureRandom die) {
        this.folder = folder;
        this.die = die;
    }

    @Override
    public PrivateKey key(String name) {
        return KeyFiles.readKey(folder.resolve(name + ".key"));
    }

    @Override
    public PublicKey make(String name, String curve) {
        prepare(folder);
        var pair = KeyFiles.newKeyPair(curve, die);
        KeyFiles.writeKey(folder.resolve(name + ".key"), pair.getPrivate());
        return pair.getPublic();
    }

    /// For its owner alone.
    static void prepare(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException("could not make the key folder", e);
        }
    }
}
