/// Append-only Merkle log (RFC 9162), signed and witnessed checkpoints, proofs that anybody checks offline.
@NullMarked
@Room(
        purpose = "Is it proof that something happened, and when?",
        leansOn = {"seal", "wire"})
package org.mizuhiki.ledger;

import org.jspecify.annotations.NullMarked;
import org.mizuhiki.house.Room;
