package org.mizuhiki.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ledger.note.Checkpoint;
import org.mizuhiki.ledger.note.Note;
import org.mizuhiki.ledger.note.NoteKey;
import org.mizuhiki.ledger.note.SigningKeys;

/// The private keys of a log. On disk: `origin`, `log-ecdsa.p8`, `log-ecdsa.spki`, `log-ml-dsa-65.p8`,
/// `log-ml-dsa-65.spki`; the `.p8` files with mode 0600.
public final class LogSigner {
    private static final String CLASSICAL = "log-ecdsa";
    private static final String QUANTUM_SAFE = "log-ml-dsa-65";

    private final String origin;
    private final KeyPair classical;
    private final KeyPair quantumSafe;
    private final SecureRandom die;

    private LogSigner(String origin, KeyPair classical, KeyPair quantumSafe, SecureRandom die) {
        if (!Note.isName(origin)) {
            throw Refusal.of(
                    "origin-malformed",
                    "台帳の名前には空白と「+」を使えません",
                    "A log's name has no spaces and no '+', like ledger.example.jp/region-1");
        }
        this.origin = origin;
        this.classical = classical;
        this.quantumSafe = quantumSafe;
        this.die = die;
    }

    /// @param origin the log's name, by custom the URL it is served at, without the scheme
    /// @throws Refusal `origin-malformed`
    public static LogSigner generate(String origin, SecureRandom die) {
        return new LogSigner(
                origin,
                SigningKeys.generate(NoteKey.Kind.ECDSA, die),
                SigningKeys.generate(NoteKey.Kind.ML_DSA_65, die),
                die);
    }

    /// @throws Refusal `key-file-exists`
    public void store(Path folder) throws IOException {
        SigningKeys.store(folder, CLASSICAL, classical);
        SigningKeys.store(folder, QUANTUM_SAFE, quantumSafe);
        Files.writeString(folder.resolve("origin"), origin + "\n");
    }

    /// @throws Refusal `key-file-missing`, `key-file-exposed`, `key-file-broken`
    public static LogSigner load(Path folder, SecureRandom die) throws IOException {
        var first = SigningKeys.load(folder, CLASSICAL, NoteKey.Kind.ECDSA);
        var second = SigningKeys.load(folder, QUANTUM_SAFE, NoteKey.Kind.ML_DSA_65);
        var origin = Files.readString(folder.resolve("origin"), StandardCharsets.UTF_8)
                .strip();
        return new LogSigner(origin, first, second, die);
    }

    public String origin() {
        return origin;
    }

    /// The public side, with those who watch the log.
    public LogKeys keys(Map<String, Bytes> witnesses, int quorum) {
        return new LogKeys(
                origin,
                Bytes.of(classical.getPublic().getEncoded()),
                Bytes.of(quantumSafe.getPublic().getEncoded()),
                witnesses,
                quorum);
    }

    Note sign(long size, Digest root) {
        var text = new Checkpoint(origin, size, root).encode();
        var keys = keys(Map.of(), 0);
        return new Note(
                text,
                List.of(
                        CheckpointCheck.classical(keys).sign(text, classical.getPrivate(), Instant.EPOCH, die),
                        CheckpointCheck.quantumSafe(keys).sign(text, quantumSafe.getPrivate(), Instant.EPOCH, die)));
    }

    /// The name only: keys are never printed.
    @Override
    public String toString() {
        return "LogSigner[" + origin + "]";
    }
}
