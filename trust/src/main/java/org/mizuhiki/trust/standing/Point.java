package org.mizuhiki.trust.standing;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1String;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.ReasonFlags;

/// Where a certificate says that its revocation is told (RFC 5280, 4.2.1.13).
///
/// @param names of the point; empty if it has none
/// @param issuers of the lists, if others than the certificate's own issuer
/// @param reasons that are told there, as bits
record Point(List<GeneralName> names, List<X500Name> issuers, int reasons, boolean implied) {
    /// All reasons of RFC 5280, 5.3.1, that a point may be limited to.
    static final int ALL_REASONS = ReasonFlags.keyCompromise
            | ReasonFlags.cACompromise
            | ReasonFlags.affiliationChanged
            | ReasonFlags.superseded
            | ReasonFlags.cessationOfOperation
            | ReasonFlags.certificateHold
            | ReasonFlags.privilegeWithdrawn
            | ReasonFlags.aACompromise;

    private static final int MOST = 16;

    Point {
        names = List.copyOf(names);
        issuers = List.copyOf(issuers);
    }

    /// The points of a certificate, and last the one that RFC 5280, 6.3.3, implies: its own issuer's lists.
    static List<Point> of(X509Certificate certificate) {
        var all = new ArrayList<Point>();
        points(certificate, "2.5.29.31").stream().limit(MOST).forEach(p -> all.add(of(p, name(certificate))));
        var own = new GeneralName(name(certificate));
        all.add(new Point(List.of(own), List.of(), ALL_REASONS, true));
        return all;
    }

    /// Where delta lists are (RFC 5280, 4.2.1.15).
    static List<URI> freshest(X509Certificate certificate) {
        return points(certificate, "2.5.29.46").stream()
                .limit(MOST)
                .map(p -> of(p, name(certificate)))
                .flatMap(p -> p.uris().stream())
                .toList();
    }

    private static List<DistributionPoint> points(X509Certificate certificate, String oid) {
        var value = certificate.getExtensionValue(oid);
        if (value == null) {
            return List.of();
        }
        try {
            var read =
                    CRLDistPoint.getInstance(ASN1OctetString.getInstance(value).getOctets());
            return Arrays.asList(read.getDistributionPoints());
        } catch (RuntimeException e) {
            return List.of(); // an unreadable pointer points nowhere; the implied one remains
        }
    }

    private static Point of(DistributionPoint point, X500Name issuer) {
        var issuers = directoryNames(point.getCRLIssuer());
        var base = issuers.isEmpty() ? issuer : issuers.getFirst();
        var reasons = point.getReasons();
        return new Point(
                names(point.getDistributionPoint(), base),
                issuers,
                reasons == null ? ALL_REASONS : reasons.intValue() & ALL_REASONS,
                false);
    }

    /// Is this list one for this point (RFC 5280, 6.3.3, b)?
    boolean isToldBy(ReadList list, X509Certificate certificate) {
        var issuer = X500Name.getInstance(list.crl().getIssuerX500Principal().getEncoded());
        var scope = list.scope();
        boolean indirect = scope.map(IssuingDistributionPoint::isIndirectCRL).orElse(false);
        boolean rightIssuer = issuers.isEmpty()
                ? list.crl().getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                : indirect && issuers.contains(issuer);
        return rightIssuer && scope.map(s -> covers(s, issuer, certificate)).orElse(true);
    }

    private boolean covers(IssuingDistributionPoint scope, X500Name listIssuer, X509Certificate certificate) {
        boolean ca = certificate.getBasicConstraints() >= 0;
        if (scope.onlyContainsAttributeCerts()
                || (scope.onlyContainsUserCerts() && ca)
                || (scope.onlyContainsCACerts() && !ca)) {
            return false;
        }
        var told = names(scope.getDistributionPoint(), listIssuer);
        if (told.isEmpty()) {
            return true;
        }
        var asked = names.isEmpty() ? issuers.stream().map(GeneralName::new).toList() : names;
        return told.stream().anyMatch(t -> asked.stream().anyMatch(a -> same(t, a)));
    }

    /// The reasons that this list tells for this point.
    int reasonsOf(ReadList list) {
        return list.scope()
                .map(IssuingDistributionPoint::getOnlySomeReasons)
                .map(r -> reasons & r.intValue())
                .orElse(reasons);
    }

    /// Whose lists to look for.
    List<X500Principal> listIssuers(X509Certificate certificate) {
        return issuers.isEmpty()
                ? List.of(certificate.getIssuerX500Principal())
                : issuers.stream()
                        .map(Point::principal)
                        .flatMap(Optional::stream)
                        .toList();
    }

    List<URI> uris() {
        return names.stream().map(Point::uri).flatMap(Optional::stream).toList();
    }

    static Optional<URI> uri(GeneralName name) {
        if (name.getTagNo() == GeneralName.uniformResourceIdentifier && name.getName() instanceof ASN1String s) {
            try {
                return Optional.of(URI.create(s.getString()));
            } catch (IllegalArgumentException e) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static List<GeneralName> names(
            @org.jspecify.annotations.Nullable DistributionPointName name, X500Name issuer) {
        if (name == null) {
            return List.of();
        }
        if (name.getType() == DistributionPointName.FULL_NAME) {
            return List.of(GeneralNames.getInstance(name.getName()).getNames());
        }
        var rdns = new ArrayList<>(Arrays.asList(issuer.getRDNs()));
        rdns.add(RDN.getInstance(name.getName())); // relative to the issuer of the list
        return List.of(new GeneralName(new X500Name(rdns.toArray(RDN[]::new))));
    }

    private static List<X500Name> directoryNames(@org.jspecify.annotations.Nullable GeneralNames names) {
        return names == null
                ? List.of()
                : Arrays.stream(names.getNames())
                        .filter(n -> n.getTagNo() == GeneralName.directoryName)
                        .map(n -> X500Name.getInstance(n.getName()))
                        .toList();
    }

    private static boolean same(GeneralName a, GeneralName b) {
        if (a.getTagNo() != b.getTagNo()) {
            return false;
        }
        return a.getTagNo() == GeneralName.directoryName
                ? X500Name.getInstance(a.getName()).equals(X500Name.getInstance(b.getName()))
                : a.equals(b);
    }

    private static X500Name name(X509Certificate certificate) {
        return X500Name.getInstance(certificate.getIssuerX500Principal().getEncoded());
    }

    private static Optional<X500Principal> principal(X500Name name) {
        try {
            return Optional.of(new X500Principal(name.getEncoded()));
        } catch (java.io.IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
