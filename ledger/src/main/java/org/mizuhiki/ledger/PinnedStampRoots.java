package org.mizuhiki.ledger;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.house.Refusal;

/// Believes stamps whose chain ends at one of these roots and was valid at the stamped time (RFC 5280, 6;
/// RFC 3161, 2.3: the signer's only extended key usage is timeStamping). Revocation is not looked up: this
/// runs offline.
public final class PinnedStampRoots implements StampTrust {
    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";
    private final Set<X509Certificate> roots;

    public PinnedStampRoots(Collection<X509Certificate> roots) {
        this.roots = Set.copyOf(roots);
    }

    @Override
    public void check(List<X509Certificate> chain, Instant at) {
        try {
            var path = new ArrayList<>(chain);
            // the root must be ours, never the one that travels with the stamp
            path.removeIf(roots::contains);
            if (path.isEmpty() || roots.isEmpty() || !onlyStamps(path.getFirst())) {
                throw untrusted(new GeneralSecurityException("no usable signer or no pinned root"));
            }
            var anchors = roots.stream().map(r -> new TrustAnchor(r, null)).collect(Collectors.toSet());
            var parameters = new PKIXParameters(anchors);
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(at));
            CertPathValidator.getInstance("PKIX")
                    .validate(CertificateFactory.getInstance("X.509").generateCertPath(path), parameters);
        } catch (GeneralSecurityException e) {
            throw untrusted(e);
        }
    }

    private static boolean onlyStamps(X509Certificate signer) throws CertificateParsingException {
        var usages = signer.getExtendedKeyUsage();
        return usages != null && usages.equals(List.of(TIME_STAMPING));
    }

    private static Refusal untrusted(GeneralSecurityException cause) {
        return Refusal.of(
                "stamp-untrusted",
                "タイムスタンプの発行者が信頼できるルートにつながりません",
                "The time stamp's authority does not lead to a pinned root",
                cause);
    }
}
