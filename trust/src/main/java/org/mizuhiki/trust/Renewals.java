package org.mizuhiki.trust;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;

/// Renewal as a member asks for it, from wherever it is: the current key signs the wish, so that even a
/// certificate that has just expired, which no TLS handshake takes any more, can be renewed in its grace.
public interface Renewals {
    /// @throws org.mizuhiki.house.Refusal `possession-unproven`, and those of [Certification#renew]
    Enrolment.Enrolled renew(Asked asked);

    /// @param current the certificate that is to be followed by another
    /// @param request made by [EnrolmentRequests], for the key that comes
    /// @param proof the current key's ECDSA signature over certificate and request
    record Asked(X509Certificate current, Enrolment.Request request, Bytes proof) {
        /// Signs the wish.
        public static Asked of(PrivateKey currentKey, X509Certificate current, Enrolment.Request request) {
            return new Asked(current, request, Crypto.signed(currentKey, said(current, request)));
        }

        /// Whether the holder of the current key asks.
        boolean isProven() {
            return Crypto.verifies(current.getPublicKey(), said(current, request), proof);
        }

        /// Begins with words of its own: a signature made for anything else never passes as this one.
        private static Bytes said(X509Certificate current, Enrolment.Request request) {
            return Bytes.utf8("mizuhiki renewal v1\n"
                    + KeyFiles.encoded(current).sha256().hex() + "\n"
                    + EnrolmentDesk.digest(request).asBase64());
        }
    }
}
