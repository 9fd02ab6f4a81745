package org.mizuhiki.trust;

import org.mizuhiki.house.Bytes;

/// Ends certificates before their time and tells the world by CRL (RFC 5280) and OCSP (RFC 6960).
public interface Revocation extends Published {
    enum Reason {
        KEY_COMPROMISE,
        SUPERSEDED,
        CESSATION,
        PRIVILEGE_WITHDRAWN
    }

    /// Revokes all current certificates of a member; repeating it changes nothing. A person is meant in
    /// whatever kind of person the ID is enrolled, a server under its role and host.
    ///
    /// @throws org.mizuhiki.house.Refusal `member-unknown`, `registrar-not-allowed`
    void revoke(Member member, Reason reason);

    /// DER OCSPRequest in, DER OCSPResponse out, nonce answered.
    Bytes ocsp(Bytes request);
}
