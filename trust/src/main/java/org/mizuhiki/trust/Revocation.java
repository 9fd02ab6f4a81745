package org.mizuhiki.trust;

import org.mizuhiki.house.Bytes;

/// Ends certificates before their time and tells the world by CRL (RFC 5280) and OCSP (RFC 6960).
public interface Revocation extends Published {
    /// Those of RFC 5280, 5.3.1, that a member's certificate is revoked for. Compromise of a CA is
    /// [CaRevocation]'s; nothing is put on hold.
    enum Reason {
        UNSPECIFIED(0),
        KEY_COMPROMISE(1),
        AFFILIATION_CHANGED(3),
        SUPERSEDED(4),
        CESSATION(5),
        PRIVILEGE_WITHDRAWN(9);

        private final int code;

        Reason(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    /// Revokes all current certificates of a member; repeating it changes nothing. A person is meant in
    /// whatever kind of person the ID is enrolled, a server under its role and host.
    ///
    /// @throws org.mizuhiki.house.Refusal `member-unknown`, `registrar-not-allowed`
    void revoke(Member member, Reason reason);

    /// DER OCSPRequest in, DER OCSPResponse out, nonce answered.
    Bytes ocsp(Bytes request);
}
