package org.mizuhiki.trust;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AccessDescription;
import org.bouncycastle.asn1.x509.AuthorityInformationAccess;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLDistPoint;
import org.bouncycastle.asn1.x509.CertPolicyId;
import org.bouncycastle.asn1.x509.CertificatePolicies;
import org.bouncycastle.asn1.x509.DistributionPoint;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.GeneralSubtree;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.NameConstraints;
import org.bouncycastle.asn1.x509.PolicyInformation;
import org.bouncycastle.asn1.x509.PolicyMappings;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.mizuhiki.house.Bytes;

/// A CA of another PKI, which can be told to make what it should not.
final class ForeignCa {
    private final String name;
    private final TestClock clock;
    private final KeyPair keys = KeyFiles.newKeyPair(Region.DIE);
    private final Map<BigInteger, Instant> revoked = new HashMap<>();
    private long serial = 1;
    private String algorithm = "SHA256withECDSA";

    ForeignCa(String name, TestClock clock) {
        this.name = name;
        this.clock = clock;
    }

    /// What is to be in a certificate beyond the usual.
    static final class Wish {
        Duration life = Duration.ofDays(365);
        Duration since = Duration.ofDays(1);
        final Map<ASN1ObjectIdentifier, ASN1Encodable> extensions = new HashMap<>();
        final java.util.Set<ASN1ObjectIdentifier> critical = new java.util.HashSet<>();

        Wish with(ASN1ObjectIdentifier oid, boolean isCritical, ASN1Encodable value) {
            extensions.put(oid, value);
            if (isCritical) {
                critical.add(oid);
            }
            return this;
        }

        Wish policies(String... oids) {
            return with(
                    Extension.certificatePolicies,
                    false,
                    new CertificatePolicies(Arrays.stream(oids)
                            .map(o -> new PolicyInformation(new ASN1ObjectIdentifier(o)))
                            .toArray(PolicyInformation[]::new)));
        }

        Wish maps(String issuers, String subjects) {
            return with(
                    Extension.policyMappings,
                    false,
                    new PolicyMappings(
                            new CertPolicyId[] {CertPolicyId.getInstance(new ASN1ObjectIdentifier(issuers))},
                            new CertPolicyId[] {CertPolicyId.getInstance(new ASN1ObjectIdentifier(subjects))}));
        }

        Wish onlyMailOf(String domain) {
            var subtree = new GeneralSubtree(new GeneralName(GeneralName.rfc822Name, domain));
            return with(Extension.nameConstraints, true, new NameConstraints(new GeneralSubtree[] {subtree}, null));
        }

        Wish use(KeyPurposeId purpose) {
            return with(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(purpose));
        }

        Wish lists(String url) {
            var point = new DistributionPointName(
                    new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url)));
            return with(Extension.cRLDistributionPoints, false, new CRLDistPoint(new DistributionPoint[] {
                new DistributionPoint(point, null, null)
            }));
        }

        Wish responder(String url) {
            return with(
                    Extension.authorityInfoAccess,
                    false,
                    new AuthorityInformationAccess(new AccessDescription(
                            AccessDescription.id_ad_ocsp,
                            new GeneralName(GeneralName.uniformResourceIdentifier, new DERIA5String(url)))));
        }
    }

    /// Signs with something else from now on.
    ForeignCa signingWith(String other) {
        algorithm = other;
        return this;
    }

    KeyPair keys() {
        return keys;
    }

    X500Name x500() {
        return new X500Name("C=JP,O=Others,CN=" + name);
    }

    X509Certificate root() {
        return issue(x500(), keys, ca(new Wish()));
    }

    static Wish ca(Wish wish) {
        return wish.with(Extension.basicConstraints, true, new BasicConstraints(true))
                .with(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
    }

    X509Certificate certify(ForeignCa other) {
        return certify(other, new Wish());
    }

    X509Certificate certify(ForeignCa other, Wish wish) {
        return issue(other.x500(), other.keys, ca(wish));
    }

    X509Certificate mail(String address, Wish wish) {
        wish.extensions.putIfAbsent(
                Extension.keyUsage, new KeyUsage(KeyUsage.digitalSignature | KeyUsage.keyEncipherment));
        wish.extensions.putIfAbsent(
                Extension.extendedKeyUsage, new ExtendedKeyUsage(KeyPurposeId.id_kp_emailProtection));
        wish.extensions.putIfAbsent(
                Extension.subjectAlternativeName, new GeneralNames(new GeneralName(GeneralName.rfc822Name, address)));
        return issue(new X500Name("C=JP,CN=Somebody Else"), KeyFiles.newKeyPair(Region.DIE), wish);
    }

    X509Certificate mail(String address) {
        return mail(address, new Wish());
    }

    X509Certificate issue(X500Name subject, KeyPair of, Wish wish) {
        return parsed(build(subject, of, wish, b -> {}));
    }

    X509CertificateHolder build(X500Name subject, KeyPair of, Wish wish, Consumer<X509v3CertificateBuilder> more) {
        var now = clock.instant();
        var builder = new X509v3CertificateBuilder(
                x500(),
                BigInteger.valueOf(++serial),
                Date.from(now.minus(wish.since)),
                Date.from(now.plus(wish.life)),
                subject,
                SubjectPublicKeyInfo.getInstance(of.getPublic().getEncoded()));
        try {
            for (var e : wish.extensions.entrySet()) {
                builder.addExtension(e.getKey(), wish.critical.contains(e.getKey()), e.getValue());
            }
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
        more.accept(builder);
        return builder.build(signer());
    }

    static X509Certificate parsed(X509CertificateHolder holder) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
        } catch (java.security.GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    void revoke(X509Certificate certificate) {
        revoked.put(certificate.getSerialNumber(), clock.instant());
    }

    /// Good for a day.
    Bytes list() {
        var now = clock.instant();
        var builder =
                new X509v2CRLBuilder(x500(), Date.from(now)).setNextUpdate(Date.from(now.plus(Duration.ofDays(1))));
        revoked.forEach((number, at) -> builder.addCRLEntry(number, Date.from(at), 1));
        try {
            return Bytes.of(builder.build(signer()).getEncoded());
        } catch (java.io.IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Whom a CA lets answer for it.
    X509Certificate responder(KeyPair of, boolean forThis) {
        var wish = new Wish()
                .use(forThis ? KeyPurposeId.id_kp_OCSPSigning : KeyPurposeId.id_kp_emailProtection)
                .with(OCSPObjectIdentifiers.id_pkix_ocsp_nocheck, false, DERNull.INSTANCE);
        return issue(new X500Name("CN=Responder of " + name), of, wish);
    }

    /// @param status null for good
    Bytes ocsp(
            X509Certificate issuer,
            X509Certificate asked,
            @org.jspecify.annotations.Nullable CertificateStatus status,
            KeyPair signer,
            List<X509Certificate> along)
            throws Exception {
        var now = clock.instant();
        var digests = new JcaDigestCalculatorProviderBuilder().build();
        var id = new CertificateID(
                digests.get(CertificateID.HASH_SHA1), new JcaX509CertificateHolder(issuer), asked.getSerialNumber());
        var builder = new BasicOCSPRespBuilder(new RespID(new X500Name("CN=R")));
        builder.addResponse(id, status, Date.from(now), Date.from(now.plus(Duration.ofHours(4))));
        var held = new X509CertificateHolder[along.size()];
        for (int i = 0; i < held.length; i++) {
            held[i] = new JcaX509CertificateHolder(along.get(i));
        }
        var signed = builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(signer.getPrivate()), held, Date.from(now));
        return Bytes.of(
                new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, signed).getEncoded());
    }

    private ContentSigner signer() {
        try {
            return new JcaContentSignerBuilder(algorithm).build(keys.getPrivate());
        } catch (org.bouncycastle.operator.OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }
}
