package org.mizuhiki.seal;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// Somebody who attests that a digest existed at a time (RFC 3161).
@FunctionalInterface
public interface StampAuthority {
    /// @return a DER TimeStampToken over `imprint` (SHA-256)
    /// @throws org.mizuhiki.house.Refusal `stamp-unavailable` when no stamp can be had now
    Bytes stamp(Digest imprint);
}
