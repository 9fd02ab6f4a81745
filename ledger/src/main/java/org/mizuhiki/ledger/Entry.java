package org.mizuhiki.ledger;

import java.util.Map;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Canonical;
import org.mizuhiki.house.Digest;

/// One line of the trail: what kind of thing happened, and the digest of the signed record that proves it.
/// The record itself stays with its parties; it carries 128 random bits, so the digest tells outsiders
/// nothing.
///
/// @param kind such as `lateral-grant`; docs/events.md lists them
/// @param label by which somebody who is spoken of finds the entry without being shown the record, if the
/// kind has such a thing
public record Entry(String kind, Digest record, Optional<Digest> label) {
    private static final String LABEL = "label";

    /// Without a label.
    public Entry(String kind, Digest record) {
        this(kind, record, Optional.empty());
    }

    public Canonical canonical() {
        var plain = Canonical.of(Map.of("kind", kind, "record", record.hex()));
        return label.map(l -> plain.with(LABEL, l.hex())).orElse(plain);
    }

    /// What [#canonical] encodes to.
    ///
    /// @throws org.mizuhiki.house.Refusal `record-not-canonical`, `record-field-missing`, and that of a
    /// digest
    static Entry decode(Bytes encoded) {
        var fields = Canonical.decode(encoded);
        return new Entry(
                fields.get("kind"),
                new Digest(fields.get("record")),
                fields.find(LABEL).map(Digest::new));
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
