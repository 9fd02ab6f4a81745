package org.mizuhiki.chip.card;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A card's image on disk: `form ‖ salt(32) ‖ AES-256-GCM(image)`, each image under a key of its own,
/// HMAC-SHA-256(key of the card, form ‖ salt), so that no number of images wears the key out.
///
/// A new image is written beside the old one, forced to the disk and renamed over it: at every instant the
/// file is the old image or the new one. Whoever may put an old file back gives the card an old state; only
/// hardware can stop that (docs/flows/chip.md says what notices it).
public final class ImageFile implements Card.Keeper, AutoCloseable {
    private static final byte[] FORM = "mizuhiki-card-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int SALT = 32;
    private static final int LARGEST = 16 << 20;

    private final Path file;
    private final Secret key;
    private final SecureRandom die;
    private final FileChannel lockChannel;

    /// @param key 32 bytes, which only this card's keeper knows; not wiped here
    /// @throws Refusal `card-in-use` when another process runs this card
    public ImageFile(Path file, Secret key, SecureRandom die) {
        if (key.size() != 32) {
            throw new IllegalArgumentException("a card's key has 32 bytes");
        }
        this.file = file.toAbsolutePath();
        this.key = key;
        this.die = die;
        this.lockChannel = locked(beside(".lock"));
    }

    private static FileChannel locked(Path lockFile) {
        try {
            var channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel).isEmpty()) {
                channel.close();
                throw inUse();
            }
            return channel;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot use " + lockFile, e);
        }
    }

    private static Optional<FileLock> lock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        }
    }

    private static Refusal inUse() {
        return Refusal.of(
                "card-in-use",
                "このカードは別のプロセスが使っています。そちらを終了してください",
                "Another process runs this card; stop that one first");
    }

    private Path beside(String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /// @throws Refusal `card-image-unreadable` when one bit is not as it was written, or the key is not this
    ///     card's
    public Optional<byte[]> image() {
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (Files.size(file) > LARGEST) {
                throw unreadable();
            }
            return Optional.of(opened(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    private byte[] opened(byte[] sealed) {
        int head = FORM.length + SALT;
        if (sealed.length < head || !Arrays.equals(FORM, Arrays.copyOf(sealed, FORM.length))) {
            throw unreadable();
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, head)).doFinal(sealed, head, sealed.length - head);
        } catch (GeneralSecurityException e) {
            throw unreadable();
        }
    }

    private static Refusal unreadable() {
        return Refusal.of(
                "card-image-unreadable",
                "カードの状態ファイルが壊れているか、鍵が違います。このカードは使えません。新しいカードを登録してください",
                "The card's image is damaged or the key is not its own; enrol a new card");
    }

    private Cipher cipher(int mode, byte[] head) throws GeneralSecurityException {
        var mac = Mac.getInstance("HmacSHA256");
        mac.init(key.lend(k -> new SecretKeySpec(k, "HmacSHA256")));
        var once = mac.doFinal(head);
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        // a nonce of zeros: this key closes this image and no other
        cipher.init(mode, new SecretKeySpec(once, "AES"), new GCMParameterSpec(128, new byte[12]));
        Arrays.fill(once, (byte) 0);
        cipher.updateAAD(head);
        return cipher;
    }

    @Override
    public void keep(byte[] image) {
        if (image.length > LARGEST - 1024) {
            throw ImageWriter.notKept(); // it could never be read again
        }
        var head = Arrays.copyOf(FORM, FORM.length + SALT);
        var salt = new byte[SALT];
        die.nextBytes(salt);
        System.arraycopy(salt, 0, head, FORM.length, SALT);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, head).doFinal(image);
            replace(head, sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has AES-GCM", e);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        } finally {
            Arrays.fill(image, (byte) 0);
        }
    }

    private void replace(byte[] head, byte[] sealed) throws IOException {
        var next = beside(".next");
        try (var out = FileChannel.open(
                next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
            write(out, head);
            write(out, sealed);
            out.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        // the rename itself lies in the folder
        var folder = file.getParent();
        if (folder != null) {
            try (var names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
        }
    }

    private static void write(FileChannel out, byte[] bytes) throws IOException {
        var buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
            out.write(buffer);
        }
    }

    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot close " + file, e);
        }
    }
}
