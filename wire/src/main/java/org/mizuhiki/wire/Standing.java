package org.mizuhiki.wire;

import java.security.cert.X509Certificate;

/// Whether a caller's certificate still stands; asked at every request, so it must answer from memory.
@FunctionalInterface
public interface Standing {
    /// @throws org.mizuhiki.house.Refusal `certificate-revoked`, or `standing-unknown` when what is known
    /// is too old (fail closed)
    void check(X509Certificate certificate);
}
