package org.mizuhiki.trust.path;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertPathValidatorException.Reason;
import java.security.cert.CertPathValidatorResult;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXCertPathValidatorResult;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.PolicyNode;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.jspecify.annotations.Nullable;

/// RFC 5280, section 6.1, over one path, by the JDK: signatures, times, names, constraints, policies. Ours
/// are only strength and purpose. Revocation is asked elsewhere: the JDK knows no delta lists and no age.
final class PathRules {
    private static final Provider BOUNCY_CASTLE = new BouncyCastleProvider();

    private PathRules() {}

    static Found hold(List<X509Certificate> path, X509Certificate anchor, Rules rules, Instant at) throws NoPath {
        mustBeStrong(path, anchor, rules.strength());
        mustServe(path, rules.use());
        try {
            var ask = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            ask.setRevocationEnabled(false);
            ask.setDate(Date.from(at));
            ask.setInitialPolicies(rules.policies());
            ask.setExplicitPolicyRequired(rules.explicitPolicy());
            ask.setPolicyMappingInhibited(rules.noMapping());
            ask.setAnyPolicyInhibited(rules.noAnyPolicy());
            ask.setPolicyQualifiersRejected(false); // notices are for people and refuse nothing
            CertPath chain = CertificateFactory.getInstance("X.509").generateCertPath(path);
            var result = (PKIXCertPathValidatorResult) validated(chain, ask, rules.use());
            return new Found(path, anchor, policies(result.getPolicyTree(), path.size()));
        } catch (CertPathValidatorException e) {
            throw NoPath.at(e.getIndex(), fault(e.getReason()), "");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK checks PKIX paths", e);
        }
    }

    /// Where names are mail addresses, the JDK's "no" about names is asked a second time: it takes a common
    /// name such as "Taro" for a host when a CA is limited to hosts, which RFC 5280, 4.2.1.10, does not.
    private static CertPathValidatorResult validated(CertPath chain, PKIXParameters ask, Use use)
            throws GeneralSecurityException {
        try {
            return CertPathValidator.getInstance("PKIX").validate(chain, ask);
        } catch (CertPathValidatorException e) {
            if (!use.isMail() || e.getReason() != PKIXReason.INVALID_NAME) {
                throw e;
            }
            try {
                return CertPathValidator.getInstance("PKIX", BOUNCY_CASTLE).validate(chain, ask);
            } catch (CertPathValidatorException alsoNo) {
                throw e;
            }
        }
    }

    private static void mustBeStrong(List<X509Certificate> path, X509Certificate anchor, Strength strength)
            throws NoPath {
        for (int i = 0; i < path.size(); i++) {
            var weak = strength.lacking(path.get(i));
            if (weak.isPresent()) {
                throw NoPath.at(i, Fault.WEAK, weak.get());
            }
        }
        var weak = strength.lackingKey(anchor);
        if (weak.isPresent()) {
            throw NoPath.at(path.size(), Fault.WEAK, weak.get());
        }
    }

    private static void mustServe(List<X509Certificate> path, Use use) throws NoPath {
        if (!use.isOf(path.getFirst())) {
            throw NoPath.at(0, Fault.USE, "");
        }
        for (int i = 1; i < path.size(); i++) {
            if (!use.mayPass(path.get(i))) {
                throw NoPath.at(i, Fault.USE, "");
            }
        }
    }

    private static Fault fault(Reason reason) {
        return switch (reason) {
            case BasicReason b ->
                switch (b) {
                    case EXPIRED -> Fault.EXPIRED;
                    case NOT_YET_VALID -> Fault.NOT_YET_VALID;
                    case INVALID_SIGNATURE -> Fault.SIGNATURE;
                    case ALGORITHM_CONSTRAINED -> Fault.WEAK;
                    case REVOKED -> Fault.REVOKED;
                    case UNDETERMINED_REVOCATION_STATUS -> Fault.STATUS_UNKNOWN;
                    case UNSPECIFIED -> Fault.MALFORMED;
                };
            case PKIXReason p ->
                switch (p) {
                    case NAME_CHAINING -> Fault.CHAINING;
                    case INVALID_KEY_USAGE -> Fault.USE;
                    case INVALID_POLICY -> Fault.POLICY;
                    case NO_TRUST_ANCHOR -> Fault.NO_ROOT;
                    case UNRECOGNIZED_CRIT_EXT -> Fault.CRITICAL_EXTENSION;
                    case NOT_CA_CERT -> Fault.NOT_A_CA;
                    case PATH_TOO_LONG -> Fault.TOO_LONG;
                    case INVALID_NAME -> Fault.NAMES;
                };
            default -> Fault.MALFORMED;
        };
    }

    private static Set<String> policies(@Nullable PolicyNode root, int depth) {
        var found = new HashSet<String>();
        if (root != null) {
            collect(root, depth, found);
        }
        return found;
    }

    private static void collect(PolicyNode node, int depth, Set<String> found) {
        if (node.getDepth() == depth) {
            found.add(node.getValidPolicy());
            return;
        }
        node.getChildren().forEachRemaining(child -> collect(child, depth, found));
    }
}
