package org.mizuhiki.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import org.mizuhiki.seal.Signature;

/// Is this certificate to be believed, for this purpose, at this time? Path to an accreditation root,
/// validity, profile, revocation by CRL.
public interface Validator {
    enum Purpose {
        SIGN_RECORD,
        STAMP,
        TLS_CLIENT,
        TLS_SERVER,
        SEAL_FOR,
        /// Letters to and from people of other PKIs, by the address in it.
        MAIL
    }

    /// @return who it is
    /// @throws org.mizuhiki.house.Refusal `certificate-untrusted`, `certificate-expired`,
    /// `certificate-not-yet-valid`, `certificate-revoked`,
    ///     `certificate-wrong-purpose`, `revocation-unknown`
    Member check(List<X509Certificate> chain, Purpose purpose, Instant at);

    /// Both questions that a stamped signature raises: the stamp's authority at its time, and the signer at
    /// the stamp's time.
    Member check(Signature signature);
}
