package org.mizuhiki.ledger;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/// Whether a stamp authority is believed. `trust` leans on this room, so its answer is handed in; offline,
/// with pinned roots, [PinnedStampRoots] answers.
@FunctionalInterface
public interface StampTrust {
    /// @param chain the stamp's signer first, its root left out or last
    /// @param at the time in the stamp
    /// @throws org.mizuhiki.house.Refusal `stamp-untrusted`
    void check(List<X509Certificate> chain, Instant at);
}
