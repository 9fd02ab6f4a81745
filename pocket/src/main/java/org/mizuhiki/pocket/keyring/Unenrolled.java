package org.mizuhiki.pocket.keyring;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Optional;
import org.mizuhiki.chip.SigningCard;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.pocket.disk.Disk;
import org.mizuhiki.seal.Opener;
import org.mizuhiki.seal.Seals;
import org.mizuhiki.trust.Enrolment;
import org.mizuhiki.trust.EnrolmentRequests;
import org.mizuhiki.trust.KeyFiles;

/// Keys that were made on this device and the request about them, kept in `keyring.pending` until
/// certificates are there: if the answer is lost, exactly the same request is sent again and the ticket is
/// not wasted.
public record Unenrolled(KeyPair signing, Opener.XWing opener, Secret local, Enrolment.Request request) {
    private static final int MAX_BYTES = 1 << 20;
    private static final int LOCAL_BYTES = 32;

    /// Reads the pending keys, or makes and keeps fresh ones.
    ///
    /// @param card where the signing key is to be made, if not here
    public static Unenrolled at(Path file, Secret passphrase, Seals seals, Optional<SigningCard> card) {
        if (Files.exists(file)) {
            try (var content = seals.boxes().open(Bytes.of(Disk.read(file, MAX_BYTES)), passphrase)) {
                return decode(content, card);
            }
        }
        return kept(fresh(seals, card), file, passphrase, seals);
    }

    /// Reads the pending renewal, or makes and keeps one: a new signing key; the sealing key stays, so that
    /// letters on their way to it, and all that ever came, open with what is in the keyring.
    public static Unenrolled renewing(
            Path file, Secret passphrase, Seals seals, Keyring keyring, Optional<SigningCard> card) {
        if (Files.exists(file)) {
            try (var content = seals.boxes().open(Bytes.of(Disk.read(file, MAX_BYTES)), passphrase)) {
                return decode(content, card);
            }
        }
        var signing = made(seals, card, Optional.of(keyring.chain().getFirst().getPublicKey()));
        var request = EnrolmentRequests.person(signing, keyring.opener().publicKey());
        return kept(new Unenrolled(signing, keyring.opener(), keyring.local(), request), file, passphrase, seals);
    }

    private static KeyPair made(Seals seals, Optional<SigningCard> card, Optional<PublicKey> inUse) {
        if (card.isEmpty()) {
            return KeyFiles.newKeyPair(seals.die());
        }
        var key = card.get().another(inUse);
        return new KeyPair(key, card.get().key(key));
    }

    private static Unenrolled kept(Unenrolled made, Path file, Secret passphrase, Seals seals) {
        try (var content = made.encode()) {
            Disk.write(file, seals.boxes().close(content, passphrase).toArray());
        }
        return made;
    }

    private static Unenrolled fresh(Seals seals, Optional<SigningCard> card) {
        var signing = made(seals, card, Optional.empty());
        var opener = seals.newReaderKey();
        var local = new byte[LOCAL_BYTES];
        seals.die().nextBytes(local);
        return new Unenrolled(
                signing, opener, Secret.taking(local), EnrolmentRequests.person(signing, opener.publicKey()));
    }

    private Secret encode() {
        try {
            var raw = new Keyring.WipedBuffer();
            var out = new DataOutputStream(raw);
            Keyring.part(out, Keyring.encoded(signing.getPrivate()));
            Keyring.part(out, signing.getPublic().getEncoded());
            Keyring.secret(out, opener.seed());
            Keyring.part(out, opener.publicKey().toArray());
            Keyring.secret(out, local);
            Keyring.part(out, request.signing().toArray());
            Keyring.part(out, request.binding().orElseThrow().toArray());
            return raw.take();
        } catch (IOException e) {
            throw new IllegalStateException("memory takes what is written to it", e);
        }
    }

    private static Unenrolled decode(Secret encoded, Optional<SigningCard> card) {
        return encoded.lend(bytes -> {
            try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
                var written = Keyring.part(in);
                var open = KeyFactory.getInstance("EC").generatePublic(new X509EncodedKeySpec(Keyring.part(in)));
                var secret = Keyring.key(written, open, card);
                var seed = Secret.taking(Keyring.part(in));
                var opener = new Opener.XWing(seed, Bytes.of(Keyring.part(in)));
                var local = Secret.taking(Keyring.part(in));
                var request = new Enrolment.Request(
                        Bytes.of(Keyring.part(in)),
                        Optional.of(opener.publicKey()),
                        Optional.of(Bytes.of(Keyring.part(in))));
                return new Unenrolled(new KeyPair(open, secret), opener, local, request);
            } catch (IOException | GeneralSecurityException e) {
                throw Keyring.damaged();
            }
        });
    }

    /// Nothing of the keys.
    @Override
    public String toString() {
        return "Unenrolled[redacted]";
    }
}
