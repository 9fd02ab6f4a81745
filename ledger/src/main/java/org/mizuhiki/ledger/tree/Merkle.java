package org.mizuhiki.ledger.tree;

import java.security.MessageDigest;
import org.mizuhiki.house.Digest;

/// The two hashes of RFC 9162, 2.1.1; the leading byte keeps leaves and inner nodes apart (second
/// pre-images).
public final class Merkle {
    /// Bytes of a hash.
    public static final int HASH = 32;

    private Merkle() {}

    public static byte[] leaf(byte[] entry) {
        var sha = Digest.sha256();
        sha.update((byte) 0);
        return sha.digest(entry);
    }

    public static byte[] parent(byte[] left, byte[] right) {
        var sha = Digest.sha256();
        sha.update((byte) 1);
        sha.update(left);
        return sha.digest(right);
    }

    /// The root of the empty tree.
    public static byte[] empty() {
        return Digest.sha256().digest();
    }

    /// The root of a complete subtree whose lowest hashes stand one after the other.
    ///
    /// @param count a power of two
    static byte[] fold(byte[] hashes, int first, int count) {
        var level = new byte[count * HASH];
        System.arraycopy(hashes, first * HASH, level, 0, level.length);
        var sha = Digest.sha256();
        for (int width = count; width > 1; width /= 2) {
            for (int i = 0; i < width / 2; i++) {
                parent(sha, level, i);
            }
        }
        return java.util.Arrays.copyOf(level, HASH);
    }

    private static void parent(MessageDigest sha, byte[] level, int i) {
        sha.update((byte) 1);
        sha.update(level, i * 2 * HASH, 2 * HASH);
        System.arraycopy(sha.digest(), 0, level, i * HASH, HASH);
    }
}
