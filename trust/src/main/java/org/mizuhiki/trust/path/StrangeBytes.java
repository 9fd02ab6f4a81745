package org.mizuhiki.trust.path;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import org.mizuhiki.house.Bytes;

/// The one door through which certificates and revocation lists of strangers come in. Size and shape are
/// looked at first; whatever the parser then throws is "malformed".
public final class StrangeBytes {
    /// Largest certificate that is read, in bytes: those of people have 1 to 3 KiB.
    public static final int MAX_CERTIFICATE = 64 << 10;

    /// Largest revocation list that is read, in bytes.
    public static final int MAX_CRL = 16 << 20;

    private static final int DEEPEST = 24;
    private static final int MOST = 20_000;
    private static final int MOST_OF_CRL = 4 << 20;

    private StrangeBytes() {}

    /// @throws NoPath `TOO_LARGE`, `MALFORMED`
    public static X509Certificate certificate(Bytes der, int place) throws NoPath {
        if (der.size() > MAX_CERTIFICATE) {
            throw NoPath.at(place, Fault.TOO_LARGE, "");
        }
        var bytes = der.toArray();
        if (DerShape.isFit(bytes, DEEPEST, MOST)) {
            try {
                var read = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
                if (read instanceof X509Certificate x && isWhole(x, bytes)) {
                    return x;
                }
            } catch (CertificateException | RuntimeException e) {
                throw malformed(place, e);
            }
        }
        throw NoPath.at(place, Fault.MALFORMED, "");
    }

    /// Extensions are read late by the parser: an unreadable one must not surface as something else later.
    private static boolean isWhole(X509Certificate x, byte... bytes) throws CertificateException {
        x.getExtendedKeyUsage();
        x.getSubjectAlternativeNames();
        x.getIssuerAlternativeNames();
        // the signature does not cover its own wrapping: one certificate has one encoding here
        boolean single = bytes[bytes.length - x.getSignature().length - 1] == 0; // unused bits of the last BIT STRING
        return single && x.getVersion() <= 3 && Arrays.equals(x.getEncoded(), bytes);
    }

    /// A list that cannot be read says nothing.
    public static Optional<X509CRL> crl(Bytes der) {
        var bytes = der.toArray();
        if (bytes.length > MAX_CRL || !DerShape.isFit(bytes, DEEPEST, MOST_OF_CRL)) {
            return Optional.empty();
        }
        try {
            var read = CertificateFactory.getInstance("X.509").generateCRL(new ByteArrayInputStream(bytes));
            return read instanceof X509CRL x && Arrays.equals(x.getEncoded(), bytes)
                    ? Optional.of(x)
                    : Optional.empty();
        } catch (CRLException | CertificateException | RuntimeException e) {
            return Optional.empty();
        }
    }

    /// Is this the outer shape of DER that a parser may be shown?
    public static boolean isFit(Bytes der, int largest) {
        return der.size() <= largest && DerShape.isFit(der.toArray(), DEEPEST, MOST);
    }

    private static NoPath malformed(int place, Exception why) {
        var kind = why instanceof GeneralSecurityException ? "" : why.getClass().getSimpleName();
        return NoPath.at(place, Fault.MALFORMED, kind);
    }
}
