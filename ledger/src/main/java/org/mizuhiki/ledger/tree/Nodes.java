package org.mizuhiki.ledger.tree;

/// Where the hashes of complete subtrees come from.
@FunctionalInterface
public interface Nodes {
    /// The hash over the 2^height leaves from `index << height` on.
    byte[] node(int height, long index);
}
