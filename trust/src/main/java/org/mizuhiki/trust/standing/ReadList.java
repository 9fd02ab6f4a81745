package org.mizuhiki.trust.standing;

import java.math.BigInteger;
import java.security.cert.X509CRL;
import java.time.Instant;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.path.StrangeBytes;

/// A revocation list as read, not yet believed.
///
/// @param scope its issuing distribution point (RFC 5280, 5.2.5)
/// @param base of a delta list, the number of the list that it builds on
record ReadList(
        Bytes der,
        X509CRL crl,
        Optional<IssuingDistributionPoint> scope,
        Optional<BigInteger> number,
        Optional<BigInteger> base) {

    /// Empty if it is malformed, or if it carries a critical extension that we do not know, in itself or in
    /// an entry: then it must not be used for any certificate (RFC 5280, 5.2 and 5.3).
    static Optional<ReadList> of(Bytes der) {
        var read = StrangeBytes.crl(der);
        if (read.isEmpty() || read.get().hasUnsupportedCriticalExtension()) {
            return Optional.empty();
        }
        var crl = read.get();
        var entries = crl.getRevokedCertificates();
        if (entries != null && entries.stream().anyMatch(e -> e.hasUnsupportedCriticalExtension())) {
            return Optional.empty();
        }
        try {
            return Optional.of(new ReadList(
                    der,
                    crl,
                    value(crl, "2.5.29.28").map(IssuingDistributionPoint::getInstance),
                    value(crl, "2.5.29.20").map(v -> ASN1Integer.getInstance(v).getPositiveValue()),
                    value(crl, "2.5.29.27").map(v -> ASN1Integer.getInstance(v).getPositiveValue())));
        } catch (RuntimeException e) {
            return Optional.empty(); // hostile DER throws all sorts
        }
    }

    Instant thisUpdate() {
        return crl.getThisUpdate().toInstant();
    }

    Optional<Instant> nextUpdate() {
        return Optional.ofNullable(crl.getNextUpdate()).map(d -> d.toInstant());
    }

    boolean isDelta() {
        return base.isPresent();
    }

    /// RFC 5280, 5.2.4: same issuer and scope, builds on this list or an older one, and is newer.
    boolean mayTake(ReadList delta) {
        return !isDelta()
                && delta.isDelta()
                && crl.getIssuerX500Principal().equals(delta.crl.getIssuerX500Principal())
                && scope.equals(delta.scope)
                && number.isPresent()
                && delta.number.isPresent()
                && delta.base.orElseThrow().compareTo(number.get()) <= 0
                && delta.number.get().compareTo(number.get()) > 0;
    }

    private static Optional<byte[]> value(X509CRL crl, String oid) {
        return Optional.ofNullable(crl.getExtensionValue(oid))
                .map(e -> ASN1OctetString.getInstance(e).getOctets());
    }
}
