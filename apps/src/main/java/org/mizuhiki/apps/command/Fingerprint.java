package org.mizuhiki.apps.command;

import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import org.mizuhiki.house.Digest;

/// SHA-256 of a certificate, by which people compare it.
final class Fingerprint {
    private Fingerprint() {}

    static String of(X509Certificate certificate) {
        try {
            return Digest.of(certificate.getEncoded()).hex();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }
}
