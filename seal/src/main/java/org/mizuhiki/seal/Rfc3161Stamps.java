package org.mizuhiki.seal;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.cmp.PKIStatus;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.tsp.TimeStampResp;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.DefaultCMSSignatureAlgorithmNameGenerator;
import org.bouncycastle.cms.SignerId;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.SignerInformationVerifier;
import org.bouncycastle.operator.DefaultSignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.SignatureAlgorithmIdentifierFinder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampToken;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.seal.der.Der;

/// RFC 3161 through BouncyCastle's token types.
final class Rfc3161Stamps implements Stamps {
    /// Largest token or response that is read: a token with a chain of certificates has some 5 KB.
    static final int MAX_BYTES = 64 << 10;

    private static final int MAX_CERTIFICATES = 8;

    private static final Set<ASN1ObjectIdentifier> DIGESTS =
            Set.of(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha384, NISTObjectIdentifiers.id_sha512);

    /// Tables of some hundred names, filled once: filling them took as long as checking a signature.
    private static final CMSSignatureAlgorithmNameGenerator NAMES = new DefaultCMSSignatureAlgorithmNameGenerator();

    private static final SignatureAlgorithmIdentifierFinder ALGORITHMS =
            new DefaultSignatureAlgorithmIdentifierFinder();

    private final SecureRandom die;

    Rfc3161Stamps(SecureRandom die) {
        this.die = die;
    }

    @Override
    public Request request(Digest imprint) {
        var nonce = new BigInteger(64, die);
        return No.STAMP_BROKEN.unless(() -> {
            var generator = new TimeStampRequestGenerator();
            generator.setCertReq(true);
            var made = generator.generate(NISTObjectIdentifiers.id_sha256, imprint.toArray(), nonce);
            return new Request(imprint, Bytes.of(nonce.toByteArray()), Bytes.of(made.getEncoded()));
        });
    }

    @Override
    public Bytes accept(Request request, Bytes response) {
        var token = No.STAMP_BROKEN.unless(() -> granted(response));
        No.STAMP_BROKEN.unless(() -> {
            verify(token, request.imprint());
            var nonce = token(token).getTimeStampInfo().getNonce();
            // Without the nonce an old answer to the same imprint could be replayed as if it were new.
            if (nonce == null || !nonce.equals(new BigInteger(request.nonce().toArray()))) {
                throw new TSPException("nonce is not the request's");
            }
            return token;
        });
        return token;
    }

    private static Bytes granted(Bytes response) throws IOException, TSPException {
        bounded(response);
        var answer = TimeStampResp.getInstance(Der.read(response.toArray()));
        var status = ASN1Integer.getInstance(
                        answer.getStatus().toASN1Primitive() instanceof org.bouncycastle.asn1.ASN1Sequence s
                                ? s.getObjectAt(0)
                                : null)
                .intValueExact();
        if (status != PKIStatus.GRANTED && status != PKIStatus.GRANTED_WITH_MODS) {
            throw No.STAMP_REFUSED.refusal();
        }
        if (answer.getTimeStampToken() == null) {
            throw new TSPException("granted, but no token");
        }
        return Bytes.of(answer.getTimeStampToken().getEncoded(ASN1Encoding.DER));
    }

    @Override
    public Stamp verify(Bytes token, Digest imprint) {
        return No.STAMP_BROKEN.unless(() -> verified(token, imprint));
    }

    private static Stamp verified(Bytes encoded, Digest imprint)
            throws IOException, TSPException, CMSException, OperatorException, GeneralSecurityException {
        var token = token(encoded);
        var info = token.getTimeStampInfo();
        if (!NISTObjectIdentifiers.id_sha256.equals(info.getMessageImprintAlgOID())
                || !imprint.equals(Digest.ofHash(info.getMessageImprintDigest()))) {
            throw new TSPException("token is for something else");
        }
        Collection<X509CertificateHolder> certificates = token.getCertificates().getMatches(null);
        if (certificates.size() > MAX_CERTIFICATES) {
            throw new TSPException("too many certificates");
        }
        var others = new ArrayList<X509Certificate>();
        for (var holder : certificates) {
            others.add(Certificates.read(holder.getEncoded()));
        }
        var signer = signer(token, certificates);
        sameName(token, signer);
        // validate: critical EKU timeStamping and nothing else, ESSCertID(V2), certificate valid then, signature.
        token.validate(verifier(signer));
        var own = Certificates.read(signer.getEncoded());
        return new Stamp(info.getGenTime().toInstant(), Certificates.chain(own, others));
    }

    private static SignerInformationVerifier verifier(X509CertificateHolder signer)
            throws OperatorException, GeneralSecurityException {
        return new SignerInformationVerifier(
                NAMES,
                ALGORITHMS,
                new JcaContentVerifierProviderBuilder().build(signer),
                new JcaDigestCalculatorProviderBuilder().build());
    }

    private static X509CertificateHolder signer(TimeStampToken token, Collection<X509CertificateHolder> certificates)
            throws TSPException {
        SignerId id = token.getSID();
        var matching = certificates.stream().filter(id::match).toList();
        if (matching.size() != 1) {
            throw new TSPException("the token does not carry its signer's certificate once");
        }
        return matching.getFirst();
    }

    /// Names match without regard to case or string type; the signer's must be the certificate's own to
    /// the bit.
    private static void sameName(TimeStampToken token, X509CertificateHolder signer) throws TSPException {
        var info =
                token.toCMSSignedData().getSignerInfos().getSigners().iterator().next();
        var id = info.toASN1Structure().getSID().getId();
        if (!(id instanceof ASN1OctetString)) {
            var own = new IssuerAndSerialNumber(signer.getIssuer(), signer.getSerialNumber());
            if (!Arrays.equals(Der.write((ASN1Object) id), Der.write(own))) {
                throw new TSPException("the signer is named otherwise than in its certificate");
            }
        }
    }

    private static TimeStampToken token(Bytes encoded) throws IOException, TSPException {
        bounded(encoded);
        var bytes = encoded.toArray();
        var content = ContentInfo.getInstance(Der.read(bytes));
        rebuilt(content, bytes);
        var token = new TimeStampToken(content);
        Collection<SignerInformation> signers =
                token.toCMSSignedData().getSignerInfos().getSigners();
        if (signers.size() != 1
                || !DIGESTS.contains(
                        signers.iterator().next().getDigestAlgorithmID().getAlgorithm())) {
            throw new TSPException("weak digest or not one signer");
        }
        return token;
    }

    /// BouncyCastle's types forgive wrong tags and versions; built again, such a token comes out different.
    private static void rebuilt(ContentInfo content, byte[] bytes) throws IOException {
        var data = SignedData.getInstance(content.getContent());
        if (!PKCSObjectIdentifiers.signedData.equals(content.getContentType())
                || !(data.getEncapContentInfo().getContent() instanceof ASN1OctetString)
                || data.getSignerInfos().size() != 1) {
            throw new IOException("not SignedData of one signer");
        }
        var signer = SignerInfo.getInstance(data.getSignerInfos().getObjectAt(0));
        if (!new DERSet(signer.getDigestAlgorithm()).equals(data.getDigestAlgorithms())) {
            throw new IOException("announces another digest than it uses");
        }
        var again = new SignerInfo(
                SignerIdentifier.getInstance(signer.getSID().getId()),
                signer.getDigestAlgorithm(),
                signer.getAuthenticatedAttributes(),
                signer.getDigestEncryptionAlgorithm(),
                signer.getEncryptedDigest(),
                signer.getUnauthenticatedAttributes());
        var parts = ASN1Sequence.getInstance(content.getContent());
        if (parts.size() != 5 || !(parts.getObjectAt(3) instanceof ASN1TaggedObject t && t.hasContextTag(0))) {
            throw new IOException("not certificates and one signer");
        }
        var whole = new DERSequence(new ASN1Encodable[] {
            new ASN1Integer(3),
            new DERSet(signer.getDigestAlgorithm()),
            data.getEncapContentInfo(),
            // As it stands: authorities do not sort this implicit SET, and nothing hangs on its order.
            parts.getObjectAt(3),
            new DERSet(again)
        });
        Der.same(new ContentInfo(content.getContentType(), whole), bytes);
    }

    private static void bounded(Bytes encoded) throws IOException {
        if (encoded.size() > MAX_BYTES) {
            throw new IOException("over " + MAX_BYTES + " bytes");
        }
    }
}
