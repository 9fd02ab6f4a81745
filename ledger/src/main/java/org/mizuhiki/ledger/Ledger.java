package org.mizuhiki.ledger;

import java.util.List;
import org.mizuhiki.house.Digest;

/// The trail: what was appended and acknowledged is on disk, in order, for ever.
public interface Ledger {
    /// Largest entry in bytes.
    int MAX_ENTRY = 4096;

    /// Appends durably: when this returns, the entry survives kill -9 and power loss. The same entry again
    /// (a retry) gives the same receipt.
    ///
    /// @throws org.mizuhiki.house.Refusal `entry-too-large`, `ledger-full`, `ledger-unavailable`
    Receipt append(Entry entry);

    /// The proof that an entry is in the log, once a checkpoint covers it; waits for the next checkpoint
    /// for a short time.
    ///
    /// @throws org.mizuhiki.house.Refusal `entry-unknown`, `checkpoint-late`
    Evidence evidence(Digest leaf);

    /// The newest signed checkpoint.
    SignedCheckpoint checkpoint();

    /// That the log of `older` entries is a prefix of the log of `newer` entries.
    List<Digest> consistency(long older, long newer);
}
