package org.mizuhiki.seal;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;

/// The private side of a [Reader].
public sealed interface Opener {
    Digest keyId();

    /// X-Wing: the 32-byte seed from which both private keys derive, and the public key.
    record XWing(Secret seed, Bytes publicKey) implements Opener {
        @Override
        public Digest keyId() {
            return publicKey.sha256();
        }
    }

    /// Another PKI's certificate and its private key.
    record Foreign(X509Certificate certificate, PrivateKey key) implements Opener {
        @Override
        public Digest keyId() {
            return Digest.of(certificate.getPublicKey().getEncoded());
        }

        @Override
        public String toString() {
            return "Foreign[" + certificate.getSubjectX500Principal() + "]";
        }
    }
}
