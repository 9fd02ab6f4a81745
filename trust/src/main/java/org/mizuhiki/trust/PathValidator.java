package org.mizuhiki.trust;

import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateParsingException;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.PKIXCertPathBuilderResult;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.seal.Signature;
import org.mizuhiki.trust.issue.Arc;

/// Validates by RFC 5280, section 6 (the JDK's PKIX), to the pinned roots only, with our profiles'
/// policies, and asks fresh CRLs. A certificate revoked after the asked time was good then: stamped
/// signatures outlive their keys.
public final class PathValidator implements Validator {
    private static final int LONGEST = 8;
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int NON_REPUDIATION = 1;
    private static final int KEY_ENCIPHERMENT = 2;
    private static final int KEY_AGREEMENT = 4;
    private static final String CLIENT_AUTH = "1.3.6.1.5.5.7.3.2";
    private static final String SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
    private static final String EMAIL = "1.3.6.1.5.5.7.3.4";
    private static final String TIME_STAMPING = "1.3.6.1.5.5.7.3.8";

    private final Set<TrustAnchor> anchors;
    private final RevocationList revocations;

    public PathValidator(List<X509Certificate> roots, RevocationList revocations) {
        this.anchors = anchors(roots);
        this.revocations = revocations;
    }

    @Override
    public Member check(List<X509Certificate> chain, Purpose purpose, Instant at) {
        var issued = issued(chain, purpose, at, anchors);
        for (var certificate : issued.path()) {
            revocations.mustBeListed(certificate);
            var revokedAt = revocations.revokedAt(certificate);
            if (revokedAt.isPresent() && !revokedAt.get().isAfter(at)) {
                throw RevocationList.revoked();
            }
        }
        return issued.member();
    }

    /// @param path the member's certificate first, without the root
    private record Issued(Member member, List<X509Certificate> path) {}

    private static Issued issued(List<X509Certificate> chain, Purpose purpose, Instant at, Set<TrustAnchor> anchors) {
        if (chain.isEmpty() || chain.size() > LONGEST) {
            throw untrusted(null);
        }
        var leaf = chain.getFirst();
        mustBeValidAt(leaf, at);
        var member = Subjects.read(leaf);
        mustServe(leaf, purpose, member);
        var path = path(chain, policy(member, purpose), at, anchors);
        mustBeUsed(chain, path, anchors);
        return new Issued(member, path);
    }

    /// To whom the region issued it, whether or not it is still to be believed: checked as of the moment at
    /// which the youngest certificate of the chain began, and revocation is not asked.
    ///
    /// @throws Refusal as [#check]
    static Member issuedTo(List<X509Certificate> chain, Purpose purpose, List<X509Certificate> roots) {
        var begun = chain.stream()
                .map(c -> c.getNotBefore().toInstant())
                .max(Instant::compareTo)
                .orElseThrow(() -> untrusted(null));
        return issued(chain, purpose, begun, anchors(roots)).member();
    }

    private static Set<TrustAnchor> anchors(List<X509Certificate> roots) {
        return roots.stream().map(r -> new TrustAnchor(r, null)).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public Member check(Signature signature) {
        check(signature.stampChain(), Purpose.STAMP, signature.stampedAt());
        return check(signature.chain(), Purpose.SIGN_RECORD, signature.stampedAt());
    }

    private static void mustBeValidAt(X509Certificate leaf, Instant at) {
        if (at.isBefore(leaf.getNotBefore().toInstant())) {
            throw Refusal.of(
                    "certificate-not-yet-valid",
                    "証明書はまだ有効期間に入っていません。端末の時計を確認してください",
                    "The certificate is not valid yet; check this device's clock");
        }
        if (at.isAfter(leaf.getNotAfter().toInstant())) {
            throw Refusal.of("certificate-expired", "証明書の有効期限が切れています", "The certificate has expired");
        }
    }

    /// The profile that such a member's certificate must have been issued under: its CA may issue no other.
    private static String policy(Member member, Purpose purpose) {
        if (purpose == Purpose.MAIL) {
            return Arc.MAIL.getId();
        }
        var policy = switch (member) {
            case Member.Patient p -> Arc.PATIENT;
            case Member.Professional p -> Arc.PROFESSIONAL;
            case Member.Institution i -> Arc.INSTITUTION;
            case Member.Server s -> purpose == Purpose.STAMP ? Arc.STAMPS : Arc.SERVER;
            case Member.Device d -> Arc.DEVICE;
            case Member.Service s -> Arc.SERVICE;
        };
        return policy.getId();
    }

    private static List<X509Certificate> path(
            List<X509Certificate> chain, String policy, Instant at, Set<TrustAnchor> anchors) {
        try {
            var target = new X509CertSelector();
            target.setCertificate(chain.getFirst());
            var ask = new PKIXBuilderParameters(anchors, target);
            ask.addCertStore(CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
            ask.setRevocationEnabled(false); // asked below, with the time that counts
            ask.setDate(Date.from(at));
            ask.setMaxPathLength(LONGEST);
            ask.setExplicitPolicyRequired(true);
            ask.setAnyPolicyInhibited(true);
            ask.setInitialPolicies(Set.of(policy));
            var built = (PKIXCertPathBuilderResult)
                    CertPathBuilder.getInstance("PKIX").build(ask);
            return built.getCertPath().getCertificates().stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (CertPathBuilderException e) {
            throw untrusted(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK builds PKIX paths", e);
        }
    }

    /// What stands in a chain and is neither on the path nor one of our roots to the bit was vouched for by
    /// nobody: it could be changed without notice.
    private static void mustBeUsed(List<X509Certificate> chain, List<X509Certificate> path, Set<TrustAnchor> anchors) {
        var unused = new HashSet<>(chain);
        path.forEach(unused::remove);
        anchors.forEach(a -> unused.remove(a.getTrustedCert()));
        if (!unused.isEmpty()) {
            throw untrusted(null);
        }
    }

    private static void mustServe(X509Certificate leaf, Purpose purpose, Member member) {
        boolean person = member instanceof Member.Patient || member instanceof Member.Professional;
        boolean server = member instanceof Member.Server;
        boolean signs = person || member instanceof Member.Institution;
        boolean fits = switch (purpose) {
            case SIGN_RECORD ->
                signs && uses(leaf, NON_REPUDIATION) && purposes(leaf).contains(EMAIL);
            case STAMP ->
                server
                        && uses(leaf, DIGITAL_SIGNATURE)
                        // RFC 3161, 2.3: this purpose alone, critical
                        && purposes(leaf).equals(Set.of(TIME_STAMPING))
                        && Optional.ofNullable(leaf.getCriticalExtensionOIDs())
                                .orElse(Set.of())
                                .contains("2.5.29.37");
            case TLS_CLIENT -> uses(leaf, DIGITAL_SIGNATURE) && purposes(leaf).contains(CLIENT_AUTH);
            case TLS_SERVER ->
                server && uses(leaf, DIGITAL_SIGNATURE) && purposes(leaf).contains(SERVER_AUTH);
            case SEAL_FOR -> person && uses(leaf, KEY_ENCIPHERMENT) && isXWing(leaf);
            case MAIL -> person && uses(leaf, KEY_AGREEMENT) && purposes(leaf).equals(Set.of(EMAIL));
        };
        if (!fits || leaf.getBasicConstraints() >= 0) {
            throw Refusal.of(
                    "certificate-wrong-purpose", "証明書がこの用途のものではありません", "The certificate is not for this purpose");
        }
    }

    private static boolean isXWing(X509Certificate leaf) {
        XWingKeys.publicKey(leaf);
        return true;
    }

    private static boolean uses(X509Certificate leaf, int bit) {
        var usage = leaf.getKeyUsage();
        return usage != null && usage[bit];
    }

    private static Set<String> purposes(X509Certificate leaf) {
        try {
            return new HashSet<>(Optional.ofNullable(leaf.getExtendedKeyUsage()).orElse(List.of()));
        } catch (CertificateParsingException e) {
            return Set.of(); // an unreadable extension serves no purpose
        }
    }

    private static Refusal untrusted(@org.jspecify.annotations.Nullable Throwable cause) {
        var ja = "証明書がこの地域の認定局につながりません";
        var en = "The certificate does not lead to a root of this region";
        return cause == null
                ? Refusal.of("certificate-untrusted", ja, en)
                : Refusal.of("certificate-untrusted", ja, en, cause);
    }
}
