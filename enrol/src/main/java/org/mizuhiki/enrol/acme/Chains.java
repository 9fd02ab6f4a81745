package org.mizuhiki.enrol.acme;

import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.mizuhiki.trust.KeyFiles;

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
        return KeyFiles.pem(chain.subList(0, chain.size() - 1));
    }

    /// The first certificate of a chain that [#pem] wrote.
    static X509Certificate first(String pem) {
        try {
            return KeyFiles.chain(pem).getFirst();
        } catch (IOException e) {
            throw new IllegalStateException("certificates of ours have an encoding", e);
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
}
