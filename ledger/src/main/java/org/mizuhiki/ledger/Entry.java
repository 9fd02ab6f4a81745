package org.mizuhiki.ledger;

import java.util.Map;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;

/// One line of the trail: what kind of thing happened, and the digest of the signed record that proves it.
/// The record itself stays with its parties; it carries 128 random bits, so the digest tells outsiders
/// nothing.
///
/// @param kind such as `lateral-grant`; docs/events.md lists them
public record Entry(String kind, Digest record) {
    public Canonical canonical() {
        return Canonical.of(Map.of("kind", kind, "record", record.hex()));
    }

    /// RFC 9162, 2.1.1: SHA-256 of 0x00 and the entry's canonical bytes.
    public Digest leaf() {
        var bytes = canonical().encode().toArray();
        var hash = Digest.sha256();
        hash.update((byte) 0);
        hash.update(bytes);
        return Digest.ofHash(hash.digest());
    }
}
