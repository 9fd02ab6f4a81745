package org.mizuhiki.seal;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// The client side of RFC 3161: what a token says, once its signature was verified.
public interface Stamps {
    /// Builds a DER TimeStampReq (SHA-256, certificates asked for, 64-bit nonce).
    Request request(Digest imprint);

    /// Reads a DER TimeStampResp, checks status, imprint and nonce.
    ///
    /// @return the DER TimeStampToken
    /// @throws org.mizuhiki.house.Refusal `stamp-refused`, `stamp-broken`
    Bytes accept(Request request, Bytes response);

    /// @throws org.mizuhiki.house.Refusal `stamp-broken` when the token is malformed, not for `imprint`,
    /// or its signature is wrong
    Stamp verify(Bytes token, Digest imprint);

    record Request(Digest imprint, Bytes nonce, Bytes encoded) {}

    record Stamp(Instant at, List<X509Certificate> chain) {}
}
