package org.mizuhiki.ledger.tree;

import java.util.ArrayList;
import java.util.List;
import org.mizuhiki.house.Digest;

/// Makes and verifies the proofs of RFC 9162, 2.1.3 and 2.1.4. Verification touches nothing but its
/// arguments.
public final class Proofs {
    /// No tree has more levels, hence no proof more hashes.
    public static final int MAX_PATH = 64;

    private Proofs() {}

    /// MTH of the first `size` entries (2.1.1).
    public static byte[] root(Nodes nodes, long size) {
        return size == 0 ? Merkle.empty() : range(nodes, 0, size);
    }

    /// PATH(index, D[0:size]) (2.1.3.1).
    public static List<Digest> inclusion(Nodes nodes, long index, long size) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("no entry " + index + " in a log of " + size);
        }
        var path = new ArrayList<Digest>();
        path(nodes, index, 0, size, path);
        return path;
    }

    private static void path(Nodes nodes, long index, long from, long to, List<Digest> path) {
        if (to - from == 1) {
            return;
        }
        long middle = from + split(to - from);
        if (index < middle) {
            path(nodes, index, from, middle, path);
            path.add(Digest.ofHash(range(nodes, middle, to)));
        } else {
            path(nodes, index, middle, to, path);
            path.add(Digest.ofHash(range(nodes, from, middle)));
        }
    }

    /// PROOF(older, D[0:newer]) (2.1.4.1); empty from size 0 and between equal sizes.
    public static List<Digest> consistency(Nodes nodes, long older, long newer) {
        if (older < 0 || older > newer) {
            throw new IllegalArgumentException("a log of " + newer + " has no prefix of " + older);
        }
        var proof = new ArrayList<Digest>();
        if (older > 0 && older < newer) {
            subproof(nodes, older, 0, newer, true, proof);
        }
        return proof;
    }

    private static void subproof(Nodes nodes, long older, long from, long to, boolean whole, List<Digest> proof) {
        if (older == to) {
            if (!whole) {
                proof.add(Digest.ofHash(range(nodes, from, to)));
            }
            return;
        }
        long middle = from + split(to - from);
        if (older <= middle) {
            subproof(nodes, older, from, middle, whole, proof);
            proof.add(Digest.ofHash(range(nodes, middle, to)));
        } else {
            subproof(nodes, older, middle, to, false, proof);
            proof.add(Digest.ofHash(range(nodes, from, middle)));
        }
    }

    /// MTH of [from, to), whose `from` is a multiple of the largest power of two not above its length.
    private static byte[] range(Nodes nodes, long from, long to) {
        long length = to - from;
        if (Long.bitCount(length) == 1) {
            int height = Long.numberOfTrailingZeros(length);
            return nodes.node(height, from >> height);
        }
        long middle = from + split(length);
        return Merkle.parent(range(nodes, from, middle), range(nodes, middle, to));
    }

    /// The largest power of two smaller than `length` (2.1.1).
    private static long split(long length) {
        return Long.highestOneBit(length - 1);
    }

    /// 2.1.3.2, step by step.
    public static boolean includes(Digest leaf, long index, long size, List<Digest> path, Digest root) {
        if (index < 0 || index >= size || path.size() > MAX_PATH) {
            return false;
        }
        long fn = index;
        long sn = size - 1;
        var hash = leaf.toArray();
        for (var p : path) {
            if (sn == 0) {
                return false;
            }
            if ((fn & 1) == 1 || fn == sn) {
                hash = Merkle.parent(p.toArray(), hash);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                hash = Merkle.parent(hash, p.toArray());
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0 && Digest.ofHash(hash).equals(root);
    }

    /// 2.1.4.2, step by step; between equal sizes the roots must be equal, from size 0 the older root be
    /// that of nothing, and the proof empty.
    public static boolean extending(long older, Digest olderRoot, long newer, Digest newerRoot, List<Digest> proof) {
        if (older < 0 || older > newer || proof.size() > MAX_PATH + 1) {
            return false;
        }
        if (older == newer) {
            return proof.isEmpty() && olderRoot.equals(newerRoot);
        }
        if (older == 0) {
            return proof.isEmpty() && olderRoot.equals(Digest.ofHash(Merkle.empty()));
        }
        var path = new ArrayList<>(proof);
        if (Long.bitCount(older) == 1) {
            path.addFirst(olderRoot);
        }
        return !path.isEmpty() && climbs(older, olderRoot, newer, newerRoot, path);
    }

    private static boolean climbs(long older, Digest olderRoot, long newer, Digest newerRoot, List<Digest> path) {
        long fn = older - 1;
        long sn = newer - 1;
        while ((fn & 1) == 1) {
            fn >>= 1;
            sn >>= 1;
        }
        var fr = path.getFirst().toArray();
        var sr = fr;
        for (var step : path.subList(1, path.size())) {
            if (sn == 0) {
                return false;
            }
            var c = step.toArray();
            if ((fn & 1) == 1 || fn == sn) {
                fr = Merkle.parent(c, fr);
                sr = Merkle.parent(c, sr);
                while ((fn & 1) == 0 && fn != 0) {
                    fn >>= 1;
                    sn >>= 1;
                }
            } else {
                sr = Merkle.parent(sr, c);
            }
            fn >>= 1;
            sn >>= 1;
        }
        return sn == 0
                && Digest.ofHash(fr).equals(olderRoot)
                && Digest.ofHash(sr).equals(newerRoot);
    }
}
