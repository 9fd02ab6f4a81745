package org.mizuhiki.registration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.KeyFiles;

/// A chip made of files, until there are real ones: `tier1.key`, `tier1.pub` (SubjectPublicKeyInfo), `tier1.pem` and
/// the same
/// for tier 2, for the owner's eyes only. Whoever copies the folder has copied the device.
public final class FileChip implements Chip {
    private final Path folder;
    private final SecureRandom die;

    /// @param folder made if it is not there
    public FileChip(Path folder, SecureRandom die) {
        this.folder = folder;
        this.die = die;
        try {
            Files.createDirectories(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    @Override
    public PublicKey generate(Tier tier) {
        if (loaded(tier).isPresent()) {
            throw Refusal.of(
                    "chip-loaded", "このチップの階層には既に証明書が搭載されています", "This tier of the chip has a certificate already");
        }
        if (Files.exists(publicKey(tier))) {
            return readPublic(tier);
        }
        var pair = KeyFiles.newKeyPair(die);
        KeyFiles.writeKey(key(tier), pair.getPrivate());
        // last: while it is missing there is no key, and another is made
        KeyFiles.write(publicKey(tier), pair.getPublic().getEncoded(), "rw-r--r--");
        return pair.getPublic();
    }

    @Override
    public Bytes sign(Tier tier, Bytes content) {
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(privateKey(tier), die);
            signature.update(content.toArray());
            return Bytes.of(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK signs with P-256", e);
        }
    }

    @Override
    public void load(Tier tier, List<X509Certificate> chain) {
        if (!Files.exists(publicKey(tier))) {
            throw empty();
        }
        if (chain.isEmpty() || !chain.getFirst().getPublicKey().equals(readPublic(tier))) {
            throw Refusal.of(
                    "certificate-not-mine", "このチップの鍵の証明書ではありません", "The certificate is not for this chip's key");
        }
        KeyFiles.writeChain(chain(tier), chain);
    }

    @Override
    public Optional<X509Certificate> loaded(Tier tier) {
        return Files.exists(chain(tier))
                ? Optional.of(KeyFiles.readChain(chain(tier)).getFirst())
                : Optional.empty();
    }

    @Override
    public void clear(Tier tier) {
        try {
            Files.deleteIfExists(chain(tier));
            Files.deleteIfExists(publicKey(tier));
            Files.deleteIfExists(key(tier));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + folder, e);
        }
    }

    private PrivateKey privateKey(Tier tier) {
        if (!Files.exists(key(tier))) {
            throw empty();
        }
        return KeyFiles.readKey(key(tier));
    }

    private PublicKey readPublic(Tier tier) {
        try {
            return KeyFactory.getInstance("EC")
                    .generatePublic(new X509EncodedKeySpec(Files.readAllBytes(publicKey(tier))));
        } catch (IOException | GeneralSecurityException e) {
            throw Refusal.of("key-file-unreadable", "チップの公開鍵を読めません", "The chip's public key cannot be read", e);
        }
    }

    private Path key(Tier tier) {
        return folder.resolve("tier" + tier.text() + ".key");
    }

    private Path publicKey(Tier tier) {
        return folder.resolve("tier" + tier.text() + ".pub");
    }

    private Path chain(Tier tier) {
        return folder.resolve("tier" + tier.text() + ".pem");
    }

    private static Refusal empty() {
        return Refusal.of("chip-empty", "このチップの階層にはまだ鍵がありません", "This tier of the chip has no key yet");
    }
}
