package org.mizuhiki.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.trust.issue.Issuer;

/// A certificate that a service on a person's own machine makes for itself, for programs on the same
/// machine that are
/// told to believe exactly this one. Nobody else is to believe it, and it certifies nobody.
public final class LocalCertificate {
    private static final Duration LIFE = Duration.ofDays(820);

    private LocalCertificate() {}

    /// @param hosts DNS names or IPv4 addresses by which it is called
    public static X509Certificate make(KeyPair pair, List<String> hosts, Clock clock, SecureRandom die) {
        try {
            var name = new X500Name("CN=Mizuhiki bridge");
            var from = clock.instant().minus(Duration.ofMinutes(5));
            var builder = new X509v3CertificateBuilder(
                    name,
                    new BigInteger(126, die).setBit(126),
                    Date.from(from),
                    Date.from(from.plus(LIFE)),
                    name,
                    SubjectPublicKeyInfo.getInstance(pair.getPublic().getEncoded()));
            var names = hosts.stream().map(Issuer::alternativeName).toArray(GeneralName[]::new);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(names));
            builder.addExtension(
                    Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth));
            var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                    .setSecureRandom(die)
                    .build(pair.getPrivate());
            return KeyFiles.certificate(Bytes.of(builder.build(signer).getEncoded()));
        } catch (IOException | OperatorCreationException e) {
            throw new IllegalStateException("a P-256 key signs", e);
        }
    }
}
