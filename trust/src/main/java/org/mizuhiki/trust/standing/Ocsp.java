package org.mizuhiki.trust.standing;

import static org.mizuhiki.trust.standing.Currency.Age;

import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPResp;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReqBuilder;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.SingleResp;
import org.bouncycastle.operator.DefaultSignatureNameFinder;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.path.NoPath;
import org.mizuhiki.trust.path.StrangeBytes;

/// What responders say of one certificate (RFC 6960, 3.2). An answer counts when the certificate's issuer
/// signed it, or somebody to whom that issuer gave this task, and to nobody else (4.2.2.2).
final class Ocsp {
    /// Largest answer that is read, in bytes.
    static final int MAX_ANSWER = 32 << 10;

    private static final int MOST_ANSWERS = 8;
    private static final int MOST_SIGNERS = 4;
    private static final String OCSP_SIGNING = "1.3.6.1.5.5.7.3.9";
    private static final String NO_CHECK = "1.3.6.1.5.5.7.48.1.5";

    private final Currency currency;
    private final Clock clock;
    private final DigestCalculatorProvider digests;

    Ocsp(Currency currency, Clock clock) {
        this.currency = currency;
        this.clock = clock;
        try {
            this.digests = new JcaDigestCalculatorProviderBuilder().build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("every JDK has SHA-1 and SHA-256", e);
        }
    }

    Said of(int place, Asking asking) throws NoPath {
        var certificate = asking.found().path().get(place);
        var issuer = asking.found().issuer(place);
        var at = responders(certificate);
        Said best = new Said.Unknown();
        for (var answer : asking.answers().ocsp(at, () -> request(certificate, issuer))) {
            asking.work().spend(MOST_SIGNERS + 1);
            var said = read(answer, certificate, issuer, asking);
            best = better(best, said);
        }
        return best;
    }

    private static Said better(Said a, Said b) {
        return rank(b) > rank(a) ? b : a;
    }

    private static int rank(Said said) {
        return switch (said) {
            case Said.Unknown() -> 0;
            case Said.Old() -> 1;
            case Said.Good(var asOf, var stale) -> stale ? 2 : 3;
            case Said.Revoked(var at, var reason) -> 4;
        };
    }

    private Said read(Bytes answer, X509Certificate certificate, X509Certificate issuer, Asking asking) {
        if (!StrangeBytes.isFit(answer, MAX_ANSWER)) {
            return new Said.Unknown();
        }
        try {
            var outer = new OCSPResp(answer.toArray());
            if (outer.getStatus() != OCSPResp.SUCCESSFUL
                    || !(outer.getResponseObject() instanceof BasicOCSPResp basic)
                    || !isSignedFor(basic, issuer, asking)) {
                return new Said.Unknown();
            }
            asking.answers().believed(answer, basic.getProducedAt().toInstant());
            return Arrays.stream(basic.getResponses())
                    .limit(MOST_ANSWERS)
                    .filter(r -> isAbout(r, certificate, issuer))
                    .map(r -> said(r, certificate, asking))
                    .reduce(new Said.Unknown(), Ocsp::better);
        } catch (IOException | OCSPException | RuntimeException e) {
            return new Said.Unknown(); // hostile DER throws all sorts, and says nothing
        }
    }

    private Said said(SingleResp single, X509Certificate certificate, Asking asking) {
        var age = currency.of(
                single.getThisUpdate().toInstant(),
                Optional.ofNullable(single.getNextUpdate()).map(Date::toInstant),
                clock.instant());
        var status = single.getCertStatus();
        if (status instanceof RevokedStatus revoked) {
            var at = revoked.getRevocationTime().toInstant();
            if (!at.isAfter(asking.at())) {
                return new Said.Revoked(at, revoked.hasRevocationReason() ? revoked.getRevocationReason() : 0);
            }
        } else if (status != null) {
            return new Said.Unknown();
        }
        if (single.getThisUpdate().toInstant().isAfter(certificate.getNotAfter().toInstant())) {
            return new Said.Unknown(); // of expired certificates responders may know nothing any more
        }
        return age == Age.USELESS
                ? new Said.Old()
                : new Said.Good(single.getThisUpdate().toInstant(), age == Age.STALE);
    }

    private boolean isAbout(SingleResp single, X509Certificate certificate, X509Certificate issuer) {
        try {
            var id = single.getCertID();
            return id.getSerialNumber().equals(certificate.getSerialNumber())
                    && id.matchesIssuer(new JcaX509CertificateHolder(issuer), digests);
        } catch (OCSPException | GeneralSecurityException | RuntimeException e) {
            return false;
        }
    }

    private boolean isSignedFor(BasicOCSPResp basic, X509Certificate issuer, Asking asking) {
        var algorithm = new DefaultSignatureNameFinder().getAlgorithmName(basic.getSignatureAlgorithmID());
        if (!asking.strength().carries(algorithm)) {
            return false;
        }
        if (verifies(basic, issuer.getPublicKey())) {
            return true;
        }
        return Arrays.stream(basic.getCerts())
                .limit(MOST_SIGNERS)
                .anyMatch(held -> isSignedByDelegate(basic, held, issuer, asking));
    }

    private boolean isSignedByDelegate(
            BasicOCSPResp basic, X509CertificateHolder held, X509Certificate issuer, Asking asking) {
        try {
            var signer = StrangeBytes.certificate(Bytes.of(held.getEncoded()), 0);
            return isDelegate(signer, issuer, asking) && verifies(basic, signer.getPublicKey());
        } catch (IOException | NoPath e) {
            return false;
        }
    }

    /// RFC 6960, 4.2.2.2: issued by the very CA, for this task. Without `nocheck` its own revocation would
    /// have to be asked, of itself: then the lists decide.
    private boolean isDelegate(X509Certificate signer, X509Certificate issuer, Asking asking) {
        try {
            signer.verify(issuer.getPublicKey());
            signer.checkValidity(Date.from(clock.instant()));
            var purposes = signer.getExtendedKeyUsage();
            return signer.getIssuerX500Principal().equals(issuer.getSubjectX500Principal())
                    && purposes != null
                    && purposes.contains(OCSP_SIGNING)
                    && signer.getExtensionValue(NO_CHECK) != null
                    && asking.strength().lacking(signer).isEmpty();
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static boolean verifies(BasicOCSPResp basic, PublicKey key) {
        try {
            return basic.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key));
        } catch (OCSPException | OperatorCreationException | RuntimeException e) {
            return false;
        }
    }

    private Bytes request(X509Certificate certificate, X509Certificate issuer) {
        try {
            var sha1 = digests.get(CertificateID.HASH_SHA1); // RFC 5019, 2.1.1: a name here, not a proof
            var id = new CertificateID(sha1, new JcaX509CertificateHolder(issuer), certificate.getSerialNumber());
            return Bytes.of(new OCSPReqBuilder().addRequest(id).build().getEncoded());
        } catch (OCSPException | OperatorCreationException | GeneralSecurityException | IOException e) {
            throw new IllegalStateException("an OCSP request can be written", e);
        }
    }

    private static List<URI> responders(X509Certificate certificate) {
        var value = certificate.getExtensionValue("1.3.6.1.5.5.7.1.1");
        if (value == null) {
            return List.of();
        }
        try {
            var read = AuthorityInformationAccess.getInstance(
                    ASN1OctetString.getInstance(value).getOctets());
            return Arrays.stream(read.getAccessDescriptions())
                    .filter(d -> d.getAccessMethod().equals(AccessDescription.id_ad_ocsp))
                    .limit(MOST_ANSWERS)
                    .map(d -> Point.uri(d.getAccessLocation()))
                    .flatMap(Optional::stream)
                    .toList();
        } catch (RuntimeException e) {
            return List.of();
        }
    }
}
