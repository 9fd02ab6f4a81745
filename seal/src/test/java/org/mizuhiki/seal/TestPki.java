package org.mizuhiki.seal;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.mizuhiki.house.Bytes;

/// A small certification and time-stamp authority made of real certificates, for tests only.
final class TestPki {
    static final Clock CLOCK = Clock.fixed(Instant.parse("2026-04-01T00:00:00Z"), ZoneOffset.UTC);

    final SecureRandom die = new SecureRandom();
    final KeyPair rootKeys = ec();
    final X509Certificate root =
            certificate("Root", rootKeys.getPublic(), null, rootKeys.getPrivate(), KeyUsage.keyCertSign, null);
    private final KeyPair tsaKeys = ec();
    final X509Certificate tsa = issue("TSA", tsaKeys.getPublic(), KeyPurposeId.id_kp_timeStamping);

    static KeyPair ec() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static KeyPair rsa(int bits) {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (java.security.GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    Author author(String name) {
        var keys = ec();
        return new Author(
                keys.getPrivate(), List.of(issue(name, keys.getPublic(), KeyPurposeId.id_kp_emailProtection), root));
    }

    Opener.Foreign foreign(String name, KeyPair keys) {
        return new Opener.Foreign(issue(name, keys.getPublic(), KeyPurposeId.id_kp_emailProtection), keys.getPrivate());
    }

    X509Certificate issue(String name, PublicKey key, KeyPurposeId purpose) {
        return certificate(
                name,
                key,
                root,
                rootKeys.getPrivate(),
                // openssl refuses a stamp authority whose certificate allows more than signing
                purpose.equals(KeyPurposeId.id_kp_timeStamping)
                        ? KeyUsage.digitalSignature
                        : KeyUsage.digitalSignature | KeyUsage.keyAgreement | KeyUsage.keyEncipherment,
                purpose);
    }

    private X509Certificate certificate(
            String name,
            PublicKey key,
            @org.jspecify.annotations.Nullable X509Certificate issuer,
            PrivateKey issuerKey,
            int usage,
            @org.jspecify.annotations.Nullable KeyPurposeId purpose) {
        try {
            var subject = new X500Name("C=JP,O=Test,CN=" + name);
            var builder = new JcaX509v3CertificateBuilder(
                    issuer == null
                            ? subject
                            : X500Name.getInstance(
                                    issuer.getSubjectX500Principal().getEncoded()),
                    new BigInteger(120, new SecureRandom()).setBit(119),
                    Date.from(CLOCK.instant().minus(Duration.ofDays(30))),
                    Date.from(CLOCK.instant().plus(Duration.ofDays(3650))),
                    subject,
                    key);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(issuer == null));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            if (purpose != null) {
                builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(issuerKey)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /// The time-stamp authority, through real requests and responses.
    StampAuthority stamps() {
        var client = new Seals(die).stamps();
        return imprint -> {
            var request = client.request(imprint);
            return client.accept(request, respond(request.encoded(), tsaKeys.getPrivate(), tsa));
        };
    }

    Bytes respond(Bytes request) {
        return respond(request, tsaKeys.getPrivate(), tsa);
    }

    Bytes respond(Bytes request, PrivateKey key, X509Certificate certificate) {
        return respond(request, key, List.of(certificate));
    }

    /// Signer first.
    Bytes respondWith(Bytes request, List<X509Certificate> chain) {
        return respond(request, tsaKeys.getPrivate(), chain);
    }

    private Bytes respond(Bytes request, PrivateKey key, List<X509Certificate> chain) {
        try {
            var digests = new JcaDigestCalculatorProviderBuilder().build();
            var generator = new TimeStampTokenGenerator(
                    new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withECDSA", key, chain.getFirst()),
                    digests.get(org.mizuhiki.seal.der.Oids.SHA256),
                    new ASN1ObjectIdentifier("2.25.1"));
            generator.addCertificates(new JcaCertStore(new ArrayList<>(chain)));
            return Bytes.of(new TimeStampResponseGenerator(generator, TSPAlgorithms.ALLOWED)
                    .generate(
                            new TimeStampRequest(request.toArray()),
                            new BigInteger(63, die),
                            Date.from(CLOCK.instant()))
                    .getEncoded());
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
