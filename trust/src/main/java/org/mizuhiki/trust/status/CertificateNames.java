package org.mizuhiki.trust.status;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.oiw.OIWObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.mizuhiki.house.Bytes;

/// Which CA a request means: it names one by digests of its name and its key (RFC 6960, 4.1.1). Both are
/// computed once a CA, not once a request.
final class CertificateNames {
    /// Digests that requests may use: SHA-1, which RFC 5019 asks for and which is no proof here, and SHA-2.
    private static final List<ASN1ObjectIdentifier> DIGESTS = List.of(
            OIWObjectIdentifiers.idSHA1,
            NISTObjectIdentifiers.id_sha256,
            NISTObjectIdentifiers.id_sha384,
            NISTObjectIdentifiers.id_sha512);

    /// A digest with NULL parameters or without any: an answer repeats what was asked.
    static final int KINDS = 8;

    private final Supplier<Stream<Delegate>> delegates;
    private final DigestCalculatorProvider calculators;
    private final Map<Name, Delegate> known = new ConcurrentHashMap<>();

    private record Name(int digest, Bytes name, Bytes key) {}

    /// @param delegates asked when a request names a CA that was not seen yet
    CertificateNames(Supplier<Stream<Delegate>> delegates) {
        this.delegates = delegates;
        try {
            this.calculators = new JcaDigestCalculatorProviderBuilder().build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("every JDK has SHA-1 and SHA-2", e);
        }
    }

    Optional<Delegate> issuer(CertificateID id) {
        int digest = DIGESTS.indexOf(id.getHashAlgOID());
        if (digest < 0) {
            return Optional.empty();
        }
        var name = new Name(digest, Bytes.of(id.getIssuerNameHash()), Bytes.of(id.getIssuerKeyHash()));
        var found = known.get(name);
        return found != null ? Optional.of(found) : learned(name);
    }

    /// Only what is one of ours is remembered.
    private Optional<Delegate> learned(Name asked) {
        var found = delegates
                .get()
                .filter(d -> name(d, asked.digest()).equals(asked))
                .findFirst();
        found.ifPresent(d -> known.put(asked, d));
        return found;
    }

    private Name name(Delegate delegate, int digest) {
        var issuer = delegate.issuer();
        var subject = X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
        var key = SubjectPublicKeyInfo.getInstance(issuer.getPublicKey().getEncoded());
        try {
            return new Name(
                    digest,
                    digested(digest, subject.getEncoded("DER")),
                    digested(digest, key.getPublicKeyData().getBytes()));
        } catch (IOException e) {
            throw new IllegalStateException("no I/O in memory", e);
        }
    }

    private Bytes digested(int digest, byte... content) throws IOException {
        try {
            var calculator = calculators.get(new AlgorithmIdentifier(DIGESTS.get(digest)));
            try (var out = calculator.getOutputStream()) {
                out.write(content);
            }
            return Bytes.of(calculator.getDigest());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("every JDK has SHA-1 and SHA-2", e);
        }
    }

    /// By which an answer signed for one request may serve another; -1 for a name that is never kept.
    static int kind(CertificateID id) {
        int digest = DIGESTS.indexOf(id.getHashAlgOID());
        var parameters = id.toASN1Primitive().getHashAlgorithm().getParameters();
        if (parameters == null) {
            return 2 * digest;
        }
        return parameters.equals(org.bouncycastle.asn1.DERNull.INSTANCE) ? 2 * digest + 1 : -1;
    }
}
