package org.mizuhiki.trust;

import org.mizuhiki.house.Bytes;

/// Ends certificates before their time and tells the world by CRL (RFC 5280) and OCSP (RFC 6960).
public interface Revocation {
    enum Reason {
        KEY_COMPROMISE,
        SUPERSEDED,
        CESSATION,
        PRIVILEGE_WITHDRAWN
    }

    /// Revokes all current certificates of a member; repeating it changes nothing.
    void revoke(Member member, Reason reason);

    /// DER CRL of one of the CAs: `person`, `server`, `root`.
    Bytes crl(String ca);

    /// DER OCSPRequest in, DER OCSPResponse out, nonce answered.
    Bytes ocsp(Bytes request);
}
