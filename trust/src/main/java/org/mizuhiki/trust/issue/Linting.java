package org.mizuhiki.trust.issue;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;

/// Signs with a throw-away key and looks at the outcome before the real key touches it: a certificate that
/// was signed wrongly cannot be taken back.
final class Linting {
    /// One for each curve and process: nothing that it signs is kept.
    private static final Map<String, ECPrivateKey> THROW_AWAY = new ConcurrentHashMap<>();

    private Linting() {}

    /// The proof that linting ran: can be made in this file only, and a real key signs nothing else.
    static final class Linted {
        private final TBSCertificate toBeSigned;

        private Linted(TBSCertificate toBeSigned) {
            this.toBeSigned = toBeSigned;
        }

        TBSCertificate toBeSigned() {
            return toBeSigned;
        }
    }

    /// @throws IllegalStateException naming the lints that objected
    static Linted pass(Draft draft, Optional<Issuer> issuer, SecureRandom die) {
        var trial = trial(draft, issuer, die);
        var findings = findings(trial, draft, issuer);
        if (!findings.isEmpty()) {
            throw new IllegalStateException("not issued, lints object: " + findings);
        }
        return new Linted(trial.toASN1Structure().getTBSCertificate());
    }

    static List<Lint> findings(X509CertificateHolder trial, Draft draft, Optional<Issuer> issuer) {
        var subject = new Lint.Subject(trial, draft, issuer.map(Issuer::certificate), issuer.map(i -> i.crlUrl(draft)));
        return List.of(Lint.values()).stream().filter(l -> !l.holds(subject)).toList();
    }

    private static X509CertificateHolder trial(Draft draft, Optional<Issuer> issuer, SecureRandom die) {
        try {
            var builder = new X509v3CertificateBuilder(
                    issuer.map(i -> i.certificate().getSubject()).orElse(draft.subject()),
                    draft.serial(),
                    Date.from(draft.notBefore()),
                    Date.from(draft.notAfter()),
                    draft.subject(),
                    draft.key());
            Extensions.write(builder, draft, issuer);
            return builder.build(Issuer.signer(throwAway(issuer, die)));
        } catch (IOException e) {
            throw new IllegalStateException("no I/O in memory", e);
        }
    }

    /// Of the real issuer's curve, so that the signature algorithm in the linted bytes is the real one.
    private static ECPrivateKey throwAway(Optional<Issuer> issuer, SecureRandom die) {
        boolean large = issuer.map(i ->
                        Keys.kind(i.certificate().getSubjectPublicKeyInfo()).equals(Optional.of(Profile.Key.P384)))
                .orElse(true);
        return THROW_AWAY.computeIfAbsent(large ? "secp384r1" : "secp256r1", curve -> made(curve, die));
    }

    private static ECPrivateKey made(String curve, SecureRandom die) {
        try {
            var maker = KeyPairGenerator.getInstance("EC");
            maker.initialize(new ECGenParameterSpec(curve), die);
            return (ECPrivateKey) maker.generateKeyPair().getPrivate();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256 and P-384", e);
        }
    }
}
