/// The Merkle tree of RFC 9162, section 2.1, in the tiles of C2SP tlog-tiles: growing, reading, proving,
/// verifying.
@NullMarked
package org.mizuhiki.ledger.tree;

import org.jspecify.annotations.NullMarked;
