package org.mizuhiki.bridge;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.bridge.imap.Gate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;
import org.mizuhiki.trust.KeyFiles;
import org.mizuhiki.wire.Json;

/// Tokens of mail programs, in a file of the device's folder that holds their digests only. A token has
/// 160 random bits,
/// so a plain digest tells nothing; it is never the passphrase, and opens the bridge alone.
public final class Tokens implements Gate {
    private static final int BYTES = 20;
    private static final int MOST = 50;
    private static final int FREE_TRIES = 5;
    private static final long LONGEST_WAIT_MS = 30_000;

    private final Path file;
    private final Clock clock;
    private final SecureRandom die;
    private int wrong;

    public Tokens(Path folder, Clock clock, SecureRandom die) {
        this.file = folder.resolve("mail-tokens.json");
        this.clock = clock;
        this.die = die;
    }

    /// @param name by which its owner knows it
    /// @param digest SHA-256
    public record Token(String name, Instant since, Digest digest) {}

    /// @return the token, shown this once
    /// @throws Refusal `token-name-unfit`, `token-exists`, `tokens-too-many`
    public synchronized Secret add(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9 ._-]{0,39}")) {
            throw Refusal.of(
                    "token-name-unfit", "名前は英数字40文字までです", "A token's name has 1 to 40 letters, digits, spaces, . _ -");
        }
        var all = new ArrayList<>(list());
        if (all.stream().anyMatch(t -> t.name().equals(name))) {
            throw Refusal.of("token-exists", "その名前のトークンはもうあります", "There is a token of this name already");
        }
        if (all.size() >= MOST) {
            throw Refusal.of("tokens-too-many", "トークンは50個までです", "At most 50 tokens; remove one first");
        }
        var bits = new byte[BYTES];
        die.nextBytes(bits);
        var token = Base64.getUrlEncoder().withoutPadding().encode(bits);
        all.add(new Token(name, clock.instant(), Digest.of(token)));
        write(all);
        return Secret.taking(token);
    }

    public synchronized List<Token> list() {
        return Files.exists(file) ? Json.readList(read(), Token.class) : List.of();
    }

    /// From the next command on nothing is answered to it.
    ///
    /// @throws Refusal `token-unknown`
    public synchronized void remove(String name) {
        var all = new ArrayList<>(list());
        if (!all.removeIf(t -> t.name().equals(name))) {
            throw Refusal.of("token-unknown", "その名前のトークンはありません", "There is no token of this name");
        }
        write(all);
    }

    /// The name is not asked for: mail programs want one, and the token says it all. Wrong ones wait,
    /// each longer.
    @Override
    public Optional<String> enter(String name, Secret token) {
        var digest = token.lend(Digest::of);
        var found = list().stream()
                .filter(t -> t.digest().equals(digest))
                .map(t -> t.digest().hex())
                .findFirst();
        synchronized (this) {
            wrong = found.isPresent() ? 0 : wrong + 1;
            if (wrong <= FREE_TRIES) {
                return found;
            }
        }
        pause();
        return found;
    }

    private void pause() {
        try {
            Thread.sleep(Math.min(LONGEST_WAIT_MS, 100L << Math.min(wrong - FREE_TRIES, 9)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean stands(String pass) {
        return list().stream().anyMatch(t -> t.digest().hex().equals(pass));
    }

    private Bytes read() {
        try {
            return Bytes.of(Files.readAllBytes(file));
        } catch (java.io.IOException e) {
            throw Refusal.of(
                    "device-disk",
                    "トークンのファイルを読めません",
                    "The file of tokens cannot be read; check the device's folder",
                    e);
        }
    }

    private void write(List<Token> all) {
        KeyFiles.write(file, Json.write(all).toArray(), "rw-------");
    }
}
