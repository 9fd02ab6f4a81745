package org.mizuhiki.trust.issue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.URI;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.x509.Certificate;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/// A CA's name and key. It signs only what linting returned.
public final class Issuer {
    private final X509CertificateHolder certificate;
    private final PrivateKey key;
    private final URI publications;
    private final String name;
    private final int parts;

    /// One that tells every revocation in its whole list alone.
    ///
    /// @param name under which it publishes: `person`, `server`, `root`
    /// @param publications base URL (plain HTTP: RFC 5280, 8, warns of circles with HTTPS) of CRLs, OCSP
    /// and CA certificates
    public Issuer(String name, X509Certificate certificate, PrivateKey key, URI publications) {
        this(name, certificate, key, publications, 0);
    }

    /// @param parts in which it also tells revocations, each named by the certificates it is for; 0 for none.
    /// Fixed for a CA's life, as certificates name their part
    public Issuer(String name, X509Certificate certificate, PrivateKey key, URI publications, int parts) {
        this.name = name;
        this.certificate = holder(certificate);
        this.key = key;
        this.publications = publications;
        this.parts = parts;
    }

    /// Lints with a throw-away key, then signs with the real one.
    ///
    /// @throws IllegalStateException when a lint objects: a programming error, nothing was signed
    public X509Certificate issue(Draft draft, SecureRandom die) {
        return sign(Linting.pass(draft.within(certificate.getNotAfter().toInstant()), Optional.of(this), die));
    }

    /// A self-signed root, made the same way.
    public static X509Certificate root(Draft draft, PrivateKey key, SecureRandom die) {
        return certify(Linting.pass(draft, Optional.empty(), die), key);
    }

    X509Certificate sign(Linting.Linted linted) {
        if (!linted.toBeSigned().getIssuer().equals(certificate.getSubject())) {
            throw new IllegalStateException("linted for another issuer");
        }
        return certify(linted, key);
    }

    /// Signs exactly the bytes that were linted.
    private static X509Certificate certify(Linting.Linted linted, PrivateKey key) {
        try {
            var algorithm = linted.toBeSigned().getSignature().getAlgorithm();
            var signer = signer(key, algorithm.equals(X9ObjectIdentifiers.ecdsa_with_SHA384));
            var out = signer.getOutputStream();
            out.write(linted.toBeSigned().getEncoded("DER"));
            out.close();
            var parts = new ASN1EncodableVector();
            parts.add(linted.toBeSigned());
            parts.add(signer.getAlgorithmIdentifier());
            parts.add(new DERBitString(signer.getSignature()));
            return parsed(new X509CertificateHolder(Certificate.getInstance(new DERSequence(parts))));
        } catch (IOException e) {
            throw new IllegalStateException("no I/O in memory", e);
        }
    }

    /// The whole list: all that was ever revoked. Entries of expired certificates stay, for old signatures
    /// are checked against them.
    public byte[] crl(BigInteger number, Instant now, Duration life, Consumer<Consumer<Ended>> ended) {
        return list(new ListWriter.Head(number, now, life, Optional.empty(), Optional.empty()), ended);
    }

    /// One part of it, for the certificates that name it.
    ///
    /// @param ended of this part only
    public byte[] crl(int part, BigInteger number, Instant now, Duration life, Consumer<Consumer<Ended>> ended) {
        return list(new ListWriter.Head(number, now, life, Optional.of(url(part)), Optional.empty()), ended);
    }

    /// The whole list of a CA that lost its key, signed in its place (RFC 5280, 5.2.5 and 5.3.3: indirect). It
    /// names where that CA told its own, so that the list of one cannot pass for another's.
    ///
    /// @param of the CA whose certificates these are
    /// @param published name under which it published
    public byte[] crlOf(
            X509Certificate of,
            String published,
            BigInteger number,
            Instant now,
            Duration life,
            Consumer<Consumer<Ended>> ended) {
        var point = Optional.of(publications + "/crl/" + published + ".crl");
        var other = Optional.of(holder(of).getSubject());
        return list(new ListWriter.Head(number, now, life, point, other), ended);
    }

    private byte[] list(ListWriter.Head head, Consumer<Consumer<Ended>> ended) {
        boolean large = Keys.kind(certificate.getSubjectPublicKeyInfo()).equals(Optional.of(Profile.Key.P384));
        try {
            return ListWriter.write(
                    head, certificate.getSubject(), Extensions.keyId(certificate), signer(key, large), ended);
        } catch (IOException e) {
            throw new IllegalStateException("no I/O in memory", e);
        }
    }

    /// Which part of the lists tells of this certificate, if any does: by its random serial number, so that
    /// parts grow alike. CAs and OCSP signers are few and stand in the whole list alone.
    public OptionalInt part(X509Certificate issued) {
        boolean ca = issued.getBasicConstraints() >= 0;
        return part(issued.getSerialNumber(), ca);
    }

    private OptionalInt part(BigInteger serial, boolean whole) {
        return parts == 0 || whole
                ? OptionalInt.empty()
                : OptionalInt.of(serial.mod(BigInteger.valueOf(parts)).intValue());
    }

    /// How many parts there are; 0 for none.
    public int parts() {
        return parts;
    }

    /// One revoked certificate; `reason` as in RFC 5280, 5.3.1.
    public record Ended(BigInteger serial, Instant at, int reason) {}

    /// A server's name as it stands in its certificate: DNS name or IPv4 address.
    public static GeneralName alternativeName(String host) {
        return Extensions.name(host);
    }

    X509CertificateHolder certificate() {
        return certificate;
    }

    /// Where the certificate that comes of this draft says that its revocation is told.
    String crlUrl(Draft draft) {
        boolean whole = draft.profile().isCa() || draft.profile() == Profile.STATUS;
        var part = part(draft.serial(), whole);
        return part.isPresent() ? url(part.getAsInt()) : publications + "/crl/" + name + ".crl";
    }

    private String url(int part) {
        return publications + "/crl/" + name + "/" + part + ".crl";
    }

    String certificateUrl() {
        return publications + "/ca/" + name + ".crt";
    }

    String ocspUrl() {
        return publications + "/ocsp";
    }

    static ContentSigner signer(ECPrivateKey key) {
        return signer(key, key.getParams().getOrder().bitLength() > 256);
    }

    /// A key in a token may not tell its curve, so its issuer's certificate does.
    private static ContentSigner signer(PrivateKey key, boolean large) {
        try {
            return new JcaContentSignerBuilder(large ? "SHA384withECDSA" : "SHA256withECDSA").build(key);
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("a CA's key signs ECDSA", e);
        }
    }

    static X509CertificateHolder holder(X509Certificate certificate) {
        try {
            return new JcaX509CertificateHolder(certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }

    static X509Certificate parsed(X509CertificateHolder holder) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(holder.getEncoded()));
        } catch (CertificateException | IOException e) {
            throw new IllegalStateException("what BouncyCastle made the JDK reads", e);
        }
    }
}
