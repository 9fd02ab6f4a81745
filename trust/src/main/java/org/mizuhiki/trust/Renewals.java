package org.mizuhiki.trust;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;

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
            try {
                var signature = Signature.getInstance("SHA256withECDSA");
                signature.initSign(currentKey);
                signature.update(said(current, request).toArray());
                return new Asked(current, request, Bytes.of(signature.sign()));
            } catch (GeneralSecurityException e) {
                throw new IllegalArgumentException("the signing key is not an EC key", e);
            }
        }

        /// Whether the holder of the current key asks.
        boolean isProven() {
            try {
                var signature = Signature.getInstance("SHA256withECDSA");
                signature.initVerify(current.getPublicKey());
                signature.update(said(current, request).toArray());
                return signature.verify(proof.toArray());
            } catch (GeneralSecurityException e) {
                return false; // an unreadable key or signature proves nothing
            }
        }

        /// Begins with words of its own: a signature made for anything else never passes as this one.
        private static Bytes said(X509Certificate current, Enrolment.Request request) {
            return Bytes.utf8("mizuhiki renewal v1\n"
                    + KeyFiles.encoded(current).sha256().hex() + "\n"
                    + EnrolmentDesk.digest(request).asBase64());
        }
    }
}
