package org.mizuhiki.seal;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.mizuhiki.house.Bytes;

/// CMS as ordinary mail programs use it (S/MIME 4.0, RFC 8551), for letters to and from other PKIs. What it is wrapped
/// in (MIME) and whether a signer is to be believed is not asked here.
public interface MailSeals {
    /// Largest CMS that is read, in bytes.
    int MAX_BYTES = 32 << 20;

    /// Readers of one envelope.
    int MAX_READERS = 64;

    /// Signers' certificates with those of CAs that are read along.
    int MAX_CERTIFICATES = 32;

    /// @param author P-256
    /// @return SignedData with the content inside, DER: what no server on the way reformats
    Bytes sign(Bytes content, Author author);

    /// How an envelope is closed.
    enum Form {
        /// EnvelopedData, AES-256-CBC: read by every program, but changes on the way are not noticed by it alone.
        EVERYWHERE,
        /// AuthEnvelopedData, AES-256-GCM (RFC 5083): for those who said that they read it.
        AUTHENTICATED
    }

    /// @param readers RSA (2048 to 8192 bits, OAEP with SHA-256) or P-256 (ECDH, SHA-256)
    /// @throws org.mizuhiki.house.Refusal `reader-key-malformed`, `readers-missing`
    Bytes close(Bytes content, List<X509Certificate> readers, Form form);

    /// Whether one of the envelope's readers is this certificate's key, without any private key. An envelope that
    /// names its readers otherwise is for nobody.
    ///
    /// @throws org.mizuhiki.house.Refusal `seal-malformed`
    boolean isFor(Bytes envelope, X509Certificate reader);

    /// @throws org.mizuhiki.house.Refusal `seal-malformed`, `seal-not-for-you`, `seal-broken`
    Envelope open(Bytes envelope, List<Key> keys);

    /// @throws org.mizuhiki.house.Refusal `seal-malformed`, `signature-broken` (also for SHA-1 and MD5, for no
    /// signer or more than one, and for signatures without signed attributes)
    Signed verify(Bytes signedData);

    /// The same for a signature beside its content (`multipart/signed`).
    Signed verify(Bytes signedData, Bytes content);

    /// A private key and its certificate.
    record Key(X509Certificate certificate, PrivateKey secret) {
        /// Names the certificate only.
        @Override
        public String toString() {
            return "Key[" + certificate.getSerialNumber().toString(16) + "]";
        }
    }

    /// @param algorithm such as `AES-256-CBC`
    /// @param authenticated false: whoever had the envelope on its way may have changed the content
    record Envelope(Bytes content, String algorithm, boolean authenticated) {
        /// Sizes only: the content is a patient's.
        @Override
        public String toString() {
            return "Envelope[" + content.size() + " B, " + algorithm + "]";
        }
    }

    /// The signature holds for the content; by whom it is, the certificates say, and nobody checked them yet.
    ///
    /// @param certificates DER, the signer's first
    /// @param reads [Form#AUTHENTICATED] when the signer's program says so (S/MIME capabilities)
    record Signed(Bytes content, List<Bytes> certificates, Form reads) {
        public Signed {
            certificates = List.copyOf(certificates);
        }

        /// Sizes only: the content is a patient's.
        @Override
        public String toString() {
            return "Signed[" + content.size() + " B, " + certificates.size() + " certificates]";
        }
    }
}
