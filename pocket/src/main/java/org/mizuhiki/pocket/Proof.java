package org.mizuhiki.pocket;

import java.time.Instant;
import org.mizuhiki.consent.Attested;
import org.mizuhiki.consent.Statement;
import org.mizuhiki.ledger.Evidence;

/// A statement that this device checked by itself: signature, stamp, signer, and its place in the ledger.
///
/// @param loggedBy the stamp of the checkpoint that covers it: at the latest then it was in the ledger
public record Proof<S extends Statement>(Attested<S> attested, Evidence evidence, Instant loggedBy) {
    public S statement() {
        return attested.statement();
    }
}
