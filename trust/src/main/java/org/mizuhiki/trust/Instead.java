package org.mizuhiki.trust;

import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;

/// Lists that one CA signs instead of another that lost its key (RFC 5280, 5.2.5: indirect).
final class Instead {
    private static final String SCOPE = "2.5.29.28";

    private Instead() {}

    /// Whether the list tells of this CA and of nobody else.
    ///
    /// @param name under which it published its own
    static boolean isOf(X509CRL crl, X509Certificate ca, String name) {
        var value = crl.getExtensionValue(SCOPE);
        if (value == null) {
            return false;
        }
        try {
            var scope = IssuingDistributionPoint.getInstance(
                    ASN1OctetString.getInstance(value).getOctets());
            boolean told = scope.isIndirectCRL()
                    && !scope.onlyContainsUserCerts()
                    && !scope.onlyContainsCACerts()
                    && !scope.onlyContainsAttributeCerts()
                    && scope.getOnlySomeReasons() == null
                    && isAt(scope.getDistributionPoint(), "/crl/" + name + ".crl");
            return told
                    && Optional.ofNullable(crl.getRevokedCertificates()).orElse(Set.of()).stream()
                            .allMatch(e -> ca.getSubjectX500Principal().equals(e.getCertificateIssuer()));
        } catch (RuntimeException e) {
            return false; // hostile DER throws all sorts
        }
    }

    private static boolean isAt(@org.jspecify.annotations.Nullable DistributionPointName point, String path) {
        return point != null
                && Arrays.stream(GeneralNames.getInstance(point.getName()).getNames())
                        .allMatch(n -> n.getName().toString().endsWith(path));
    }
}
