package org.mizuhiki.ledger.tree;

import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Digest;

/// RFC 9162, 2.1, word for word over a list of leaf hashes: slow, and obviously right.
public final class NaiveTree {
    private NaiveTree() {}

    public static byte[] root(List<byte[]> leaves) {
        if (leaves.isEmpty()) {
            return Digest.sha256().digest();
        }
        if (leaves.size() == 1) {
            return leaves.getFirst();
        }
        int k = split(leaves.size());
        return Merkle.parent(root(leaves.subList(0, k)), root(leaves.subList(k, leaves.size())));
    }

    static List<Digest> path(int m, List<byte[]> leaves) {
        int n = leaves.size();
        if (n == 1) {
            return new ArrayList<>();
        }
        int k = split(n);
        boolean left = m < k;
        var path = left ? path(m, leaves.subList(0, k)) : path(m - k, leaves.subList(k, n));
        path.add(Digest.ofHash(root(left ? leaves.subList(k, n) : leaves.subList(0, k))));
        return path;
    }

    static List<Digest> proof(int m, List<byte[]> leaves) {
        return m == 0 || m == leaves.size() ? List.of() : subproof(m, leaves, true);
    }

    private static List<Digest> subproof(int m, List<byte[]> leaves, boolean whole) {
        int n = leaves.size();
        if (m == n) {
            return whole ? new ArrayList<>() : new ArrayList<>(List.of(Digest.ofHash(root(leaves))));
        }
        int k = split(n);
        boolean left = m <= k;
        var proof = left ? subproof(m, leaves.subList(0, k), whole) : subproof(m - k, leaves.subList(k, n), false);
        proof.add(Digest.ofHash(root(left ? leaves.subList(k, n) : leaves.subList(0, k))));
        return proof;
    }

    private static int split(int n) {
        int k = 1;
        while (k * 2 < n) {
            k *= 2;
        }
        return k;
    }
}
