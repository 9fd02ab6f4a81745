package org.mizuhiki.seal;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;

/// Signed, stamped canonical records: CAdES-T SignedData with the record's bytes as content. Statements are
/// made of these.
public interface SignedRecords {
    /// Largest signed record that is read, in bytes.
    int MAX_BYTES = 256 << 10;

    /// @throws org.mizuhiki.house.Refusal `stamp-unavailable`
    Bytes sign(Canonical record, Author author, StampAuthority stamps);

    /// @throws org.mizuhiki.house.Refusal `record-malformed`, `signature-broken`, `stamp-broken`
    Verified verify(Bytes signed);

    /// A record whose signature's and stamp's mathematics hold; see [Signature] for what that does not say.
    record Verified(Canonical record, Signature signature) {}
}
