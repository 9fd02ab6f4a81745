package org.mizuhiki.wire;

import org.mizuhiki.house.Bytes;

/// JSON as everything on the wire is written and read: records only, nothing unknown, nothing missing,
/// bounded.
/// `Bytes` are base64 texts, `Digest`, `PersonId` and `InstitutionCode` their text, `Instant` and
/// `Duration` ISO
/// 8601;
/// an `Optional` component may be absent, a list or map may be empty but must be there.
@SuppressWarnings("DoNotCallSuggester")
public final class Json {
    private Json() {}

    public static Bytes write(Object value) {
        throw new IllegalStateException("being built");
    }

    /// @throws org.mizuhiki.house.Refusal `body-malformed` saying where, never what was there
    public static <T> T read(Bytes json, Class<T> type) {
        throw new IllegalStateException("being built");
    }
}
