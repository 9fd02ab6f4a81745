package org.mizuhiki.ledger.note;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// A name, a kind of signature and a public key: what recognises one line of a note.
///
/// @param spki SubjectPublicKeyInfo, DER
public record NoteKey(String name, Kind kind, Bytes spki) {
    private static final int TIME = 8;

    /// The kinds of signature lines that logs and witnesses of this house write.
    public enum Kind {
        /// C2SP signature type 0x02: ECDSA P-256, SHA-256, DER, over the note's text.
        ECDSA("EC", "SHA256withECDSA", ""),
        /// ML-DSA-65 (FIPS 204), empty context, over the note's text. C2SP has no type for it: 0xff and a
        /// name.
        ML_DSA_65("ML-DSA", "ML-DSA", "mizuhiki.org/ml-dsa-65"),
        /// As C2SP tlog-cosignature v1 with ECDSA P-256 in Ed25519's place: eight bytes of POSIX time, then
        /// the signature over a header, the time and the text.
        COSIGNATURE("EC", "SHA256withECDSA", "mizuhiki.org/ecdsa-cosignature/v1");

        final String keys;
        final String algorithm;
        final String type;

        Kind(String keys, String algorithm, String type) {
            this.keys = keys;
            this.algorithm = algorithm;
            this.type = type;
        }
    }

    /// C2SP signed-note: of the whole key for type 0x02, else SHA-256(name, newline, type, key), four
    /// bytes.
    public Bytes id() {
        var sha = Digest.sha256();
        if (kind != Kind.ECDSA) {
            sha.update((name + "\n").getBytes(StandardCharsets.UTF_8));
            sha.update((byte) 0xff);
            sha.update(kind.type.getBytes(StandardCharsets.UTF_8));
        }
        return Bytes.of(Arrays.copyOf(sha.digest(spki.toArray()), 4));
    }

    /// The line of this key in a note, if there is one; a line that claims this key and is wrong condemns
    /// the note.
    ///
    /// @throws org.mizuhiki.house.Refusal `checkpoint-forged`
    public Optional<Note.Line> find(Note note) {
        var id = id();
        var mine = note.lines().stream()
                .filter(line -> line.name().equals(name) && line.keyId().equals(id))
                .toList();
        if (mine.size() > 1) {
            throw Note.forged("two signatures of one key");
        }
        if (mine.isEmpty()) {
            return Optional.empty();
        }
        if (!verifies(note.text(), mine.getFirst().signature().toArray())) {
            throw Note.forged("a signature is wrong");
        }
        return Optional.of(mine.getFirst());
    }

    private boolean verifies(String text, byte[] signature) {
        try {
            var verifier = SigningKeys.signature(kind.algorithm);
            verifier.initVerify(publicKey());
            if (kind != Kind.COSIGNATURE) {
                verifier.update(text.getBytes(StandardCharsets.UTF_8));
                return verifier.verify(signature);
            }
            if (signature.length <= TIME) {
                return false;
            }
            long time = ByteBuffer.wrap(signature).getLong();
            verifier.update(cosigned(time, text));
            return time >= 0 && verifier.verify(Arrays.copyOfRange(signature, TIME, signature.length));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /// @throws GeneralSecurityException when it is not a key of this kind
    public PublicKey publicKey() throws GeneralSecurityException {
        return SigningKeys.publicKey(kind.keys, spki);
    }

    /// This key's line for a text.
    public Note.Line sign(String text, PrivateKey key, Instant at, SecureRandom die) {
        try {
            Signature signer = SigningKeys.signature(kind.algorithm);
            signer.initSign(key, die);
            if (kind != Kind.COSIGNATURE) {
                signer.update(text.getBytes(StandardCharsets.UTF_8));
                return new Note.Line(name, id(), Bytes.of(signer.sign()));
            }
            long time = at.getEpochSecond();
            signer.update(cosigned(time, text));
            var made = signer.sign();
            return new Note.Line(
                    name,
                    id(),
                    Bytes.of(ByteBuffer.allocate(TIME + made.length)
                            .putLong(time)
                            .put(made)
                            .array()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a key that was loaded signs", e);
        }
    }

    private static byte[] cosigned(long time, String text) {
        return ("cosignature/v1\ntime " + time + "\n" + text).getBytes(StandardCharsets.UTF_8);
    }
}
