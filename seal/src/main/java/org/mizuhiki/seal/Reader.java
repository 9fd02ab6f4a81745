package org.mizuhiki.seal;

import java.security.cert.X509Certificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;

/// For whom a slot is made. The key's ID is SHA-256 over the public key's bytes (X-Wing) or
/// SubjectPublicKeyInfo.
public sealed interface Reader {
    Digest keyId();

    /// One of our own readers: X-Wing public key, 1216 bytes (ML-KEM-768 1184, then X25519 32;
    /// draft-connolly-cfrg-xwing-kem).
    record XWing(Bytes publicKey) implements Reader {
        public static final int SIZE = 1216;

        public XWing {
            if (publicKey.size() != SIZE) {
                throw org.mizuhiki.house.Refusal.of(
                        "reader-key-malformed", "閲覧者の鍵が正しくありません", "A reader's X-Wing public key has 1216 bytes");
            }
        }

        @Override
        public Digest keyId() {
            return publicKey.sha256();
        }
    }

    /// A reader of another PKI: RSA (OAEP, SHA-256) or EC P-256 (ECDH, X9.63 KDF, AES-256 wrap).
    record Foreign(X509Certificate certificate) implements Reader {
        @Override
        public Digest keyId() {
            return Digest.of(certificate.getPublicKey().getEncoded());
        }
    }
}
