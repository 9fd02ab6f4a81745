package org.mizuhiki.enrol.acme;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;

/// Certificates as ACME's clients get and name them.
final class Chains {
    private static final String AUTHORITY_KEY_IDENTIFIER = "2.5.29.35";

    /// OCTET STRING, SEQUENCE, [0] with 20 bytes: as every certificate of ours has it.
    private static final byte[] KEY_ID_ALONE = {0x04, 0x18, 0x30, 0x16, (byte) 0x80, 0x14};

    private Chains() {}

    /// RFC 8555, 9.1. The root is left out: who does not have it already must not believe it.
    ///
    /// @param chain own certificate first, root last
    static String pem(List<X509Certificate> chain) {
        return chain.subList(0, chain.size() - 1).stream().map(Chains::pem).collect(Collectors.joining());
    }

    private static String pem(X509Certificate certificate) {
        try {
            var lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded());
            return "-----BEGIN CERTIFICATE-----\n" + lines + "\n-----END CERTIFICATE-----\n";
        } catch (CertificateException e) {
            throw unreadable(e);
        }
    }

    /// The first certificate of a chain that [#pem] wrote.
    static X509Certificate first(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
        } catch (CertificateException e) {
            throw unreadable(e);
        }
    }

    /// RFC 9773, 4.1: the issuer's key identifier and the serial number, both base64url.
    static String renewalName(X509Certificate certificate) {
        var extension = certificate.getExtensionValue(AUTHORITY_KEY_IDENTIFIER);
        int begin = KEY_ID_ALONE.length;
        if (extension == null
                || extension.length != begin + 20
                || !Arrays.equals(Arrays.copyOf(extension, begin), KEY_ID_ALONE)) {
            throw new IllegalStateException("a certificate of ours names its issuer's key");
        }
        var encoder = Base64.getUrlEncoder().withoutPadding();
        return encoder.encodeToString(Arrays.copyOfRange(extension, begin, extension.length)) + "."
                + encoder.encodeToString(certificate.getSerialNumber().toByteArray());
    }

    private static IllegalStateException unreadable(CertificateException cause) {
        return new IllegalStateException("certificates of ours have an encoding", cause);
    }
}
