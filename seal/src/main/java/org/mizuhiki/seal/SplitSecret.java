package org.mizuhiki.seal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter;
import org.bouncycastle.crypto.threshold.ShamirSecretSplitter.Algorithm;
import org.bouncycastle.crypto.threshold.ShamirSplitSecret;
import org.bouncycastle.crypto.threshold.ShamirSplitSecretShare;
import org.mizuhiki.house.Secret;

/// A fresh 32-byte secret in shares, of which some number gives it back and fewer say nothing about it
/// (Shamir, "How to share a secret", 1979; over GF(2^8), BouncyCastle's). A wrong share gives another
/// secret, not an error: whoever joins them must be able to tell the right one.
///
/// @param secret that all shares hold together
/// @param shares 32 bytes each; the first is that of position 1
public record SplitSecret(Secret secret, List<Secret> shares) implements AutoCloseable {
    public static final int BYTES = 32;

    public SplitSecret {
        shares = List.copyOf(shares);
    }

    static SplitSecret of(int needed, int shares, SecureRandom die) {
        if (needed < 2 || shares < needed || shares > 255) {
            throw new IllegalArgumentException("2 to 255 shares, of which at least 2 are needed");
        }
        try {
            var split =
                    ShamirSecretSplitter.getInstance(Algorithm.AES, BYTES, die).split(needed, shares);
            var made = new java.util.ArrayList<Secret>();
            var all = new TreeMap<Integer, Secret>();
            for (var share : split.getSecretShares()) {
                made.add(Secret.taking(share.getEncoded()));
                if (all.size() < needed) {
                    all.put(made.size(), made.getLast());
                }
            }
            return new SplitSecret(joined(all), made);
        } catch (IOException e) {
            throw new IllegalStateException("shares in memory can be read", e);
        }
    }

    static Secret joined(Map<Integer, Secret> shares) {
        if (shares.values().stream().anyMatch(s -> s.size() != BYTES)
                || shares.keySet().stream().anyMatch(p -> p < 1 || p > 255)) {
            throw new IllegalArgumentException("a share has 32 bytes and a position from 1 to 255");
        }
        var parts = shares.entrySet().stream()
                .map(s -> s.getValue().lend(bytes -> new ShamirSplitSecretShare(bytes, s.getKey())))
                .toArray(ShamirSplitSecretShare[]::new);
        try {
            var joined = ShamirSplitSecret.getInstance(Algorithm.AES, parts).getSecret();
            return Secret.taking(Arrays.copyOf(joined, BYTES));
        } catch (IOException e) {
            throw new IllegalStateException("shares in memory can be read", e);
        }
    }

    @Override
    public void close() {
        secret.close();
        shares.forEach(Secret::close);
    }
}
