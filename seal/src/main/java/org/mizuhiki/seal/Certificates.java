package org.mizuhiki.seal;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.x500.X500Name;

/// What the room needs of certificates; it never asks whether one is to be trusted.
final class Certificates {
    private static final int MAX_BYTES = 16 << 10;

    /// Order of the base point of P-256 (SEC 2, secp256r1): tells the curve apart from every other
    /// 256-bit one.
    private static final java.math.BigInteger P256_ORDER =
            new java.math.BigInteger("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16);

    private Certificates() {}

    static X509Certificate read(byte[] der) throws GeneralSecurityException {
        if (der.length > MAX_BYTES) {
            throw new GeneralSecurityException("certificate too large");
        }
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
    }

    static boolean isP256(PublicKey key) {
        return key instanceof ECPublicKey ec && P256_ORDER.equals(ec.getParams().getOrder());
    }

    static boolean isRsa(PublicKey key) {
        return key instanceof RSAPublicKey rsa
                && rsa.getModulus().bitLength() >= 2048
                && rsa.getModulus().bitLength() <= 8192;
    }

    static IssuerAndSerialNumber name(X509Certificate certificate) {
        return new IssuerAndSerialNumber(
                X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded()), certificate.getSerialNumber());
    }

    /// Signer first, then whose key signed the one before. No certificate may be left over and a root must
    /// have signed itself: else it could be changed and nobody would notice.
    static List<X509Certificate> chain(X509Certificate signer, Collection<X509Certificate> found)
            throws GeneralSecurityException {
        var chain = new ArrayList<>(List.of(signer));
        var left = new ArrayList<>(found);
        left.remove(signer);
        while (!left.isEmpty()) {
            var last = chain.getLast();
            var next = left.stream().filter(c -> signed(c, last)).findFirst();
            chain.add(next.orElseThrow(() -> new CertificateException("a certificate that is not of the chain")));
            left.remove(chain.getLast());
        }
        return List.copyOf(chain);
    }

    private static boolean signed(X509Certificate issuer, X509Certificate issued) {
        try {
            issued.verify(issuer.getPublicKey());
            return issuer.getSubjectX500Principal().equals(issued.getIssuerX500Principal());
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
