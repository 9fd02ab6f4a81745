package org.mizuhiki.house;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// A flat record of named texts with exactly one encoding, so that a signature or hash over it means one
/// thing only: a JSON object of strings, keys sorted, no white space, escapes as in RFC 8785 (JCS). Any
/// JSON tool can read it. Numbers, times (ISO 8601, UTC) and lists are texts; an absent key and an empty
/// text differ.
public record Canonical(SortedMap<String, String> fields) {
    /// Largest encoding that is read, in bytes.
    public static final int MAX_BYTES = 1 << 20;

    public Canonical {
        fields = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    public static Canonical of(Map<String, String> fields) {
        return new Canonical(new TreeMap<>(fields));
    }

    public Canonical with(String key, String value) {
        var more = new TreeMap<>(fields);
        more.put(key, value);
        return new Canonical(more);
    }

    public Optional<String> find(String key) {
        return Optional.ofNullable(fields.get(key));
    }

    /// @throws Refusal `record-field-missing` when there is no such field
    public String get(String key) {
        return find(key)
                .orElseThrow(() -> Refusal.of(
                        "record-field-missing",
                        "記録に必要な項目「" + key + "」がありません",
                        "The record lacks the field '" + key + "'"));
    }

    public Bytes encode() {
        return Bytes.utf8(CanonicalText.write(fields));
    }

    public Digest digest() {
        return encode().sha256();
    }

    /// Reads an encoding and refuses every other spelling of the same record.
    ///
    /// @throws Refusal `record-not-canonical` when the bytes are not what [#encode] would write, or over
    /// [#MAX_BYTES]
    public static Canonical decode(Bytes encoded) {
        if (encoded.size() > MAX_BYTES) {
            throw CanonicalText.refused();
        }
        var read = new Canonical(CanonicalText.read(encoded.asUtf8()));
        if (!read.encode().equals(encoded)) {
            throw CanonicalText.refused();
        }
        return read;
    }
}
