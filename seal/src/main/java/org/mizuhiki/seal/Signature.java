package org.mizuhiki.seal;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.mizuhiki.house.Bytes;

/// A signature (CAdES-B, or -T with a stamp) whose mathematics was verified. Whether the people behind the
/// certificates are to be trusted is `trust`'s question: nothing here says so.
///
/// @param chain the signer's certificates as found in the signature, signer first
/// @param stampedAt the time in the RFC 3161 token, which was verified to cover exactly this signature
/// @param stampChain the stamp authority's certificates, signer first
/// @param token the DER TimeStampToken, for `openssl ts -verify`
/// @param value the signature's value, over which the token's imprint was taken
public record Signature(
        List<X509Certificate> chain, Instant stampedAt, List<X509Certificate> stampChain, Bytes token, Bytes value) {
    public Signature {
        chain = List.copyOf(chain);
        stampChain = List.copyOf(stampChain);
    }

    public X509Certificate signer() {
        return chain.getFirst();
    }
}
