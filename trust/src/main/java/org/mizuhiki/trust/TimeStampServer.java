package org.mizuhiki.trust;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Date;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.ASN1Encoding;
import org.bouncycastle.asn1.cmp.PKIFailureInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoGeneratorBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;
import org.bouncycastle.tsp.TimeStampResponseGenerator;
import org.bouncycastle.tsp.TimeStampTokenGenerator;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.seal.StampAuthority;
import org.mizuhiki.trust.issue.Arc;

/// The region's stamp authority (RFC 3161, with ESSCertIDv2 of RFC 5816): attests that a SHA-256 digest
/// existed at a time. Keeps nothing: serial numbers are 127 random bits, unique across restarts and crashes
/// without a counter.
public final class TimeStampServer implements StampAuthority {
    /// Largest request read, in bytes.
    public static final int MAX_REQUEST = 1024;

    private static final int ACCURACY_SECONDS = 1;
    private static final Set<String> POLICIES = Set.of(Arc.STAMP_POLICY.getId());
    private static final int MAX_NONCE_BITS = 256;

    private final PrivateKey key;
    private final List<X509Certificate> chain;
    private final Clock clock;
    private final SecureRandom die;

    TimeStampServer(PrivateKey key, List<X509Certificate> chain, Clock clock, SecureRandom die) {
        this.key = key;
        this.chain = List.copyOf(chain);
        this.clock = clock;
        this.die = die;
    }

    @Override
    public Bytes stamp(Digest imprint) {
        try {
            var ask = new TimeStampRequestGenerator();
            ask.setCertReq(true);
            var request = ask.generate(NISTObjectIdentifiers.id_sha256, imprint.toArray());
            // DER sorts the certificates; a token in another order is refused by strict readers such as ours
            return Bytes.of(granted(request).getTimeStampToken().getEncoded(ASN1Encoding.DER));
        } catch (IOException | TSPException e) {
            throw new IllegalStateException("our own request is granted", e);
        }
    }

    /// DER TimeStampReq in, DER TimeStampResp out; what cannot be served is answered as a rejection (RFC
    /// 3161, 2.4.2).
    public Bytes answer(Bytes request) {
        try {
            return Bytes.of(respond(request).getEncoded());
        } catch (IOException | TSPException e) {
            throw new IllegalStateException("a stamp or a rejection can be written", e);
        }
    }

    private TimeStampResponse respond(Bytes request) throws TSPException {
        TimeStampRequest read;
        try {
            read = read(request);
            if (!read.getMessageImprintAlgOID().equals(NISTObjectIdentifiers.id_sha256)) {
                return rejected(PKIFailureInfo.badAlg, "SHA-256 only");
            }
            read.validate(Set.of(TSPAlgorithms.SHA256.getId()), POLICIES, Set.of());
        } catch (TSPException e) {
            int failure = e instanceof org.bouncycastle.tsp.TSPValidationException v ? v.getFailureCode() : -1;
            return rejected(failure > 0 ? failure : PKIFailureInfo.badRequest, "not a request that is served");
        } catch (IOException | RuntimeException e) {
            return rejected(PKIFailureInfo.badDataFormat, "not a TimeStampReq"); // hostile DER throws all sorts
        }
        return granted(read);
    }

    private static TimeStampRequest read(Bytes request) throws IOException {
        if (request.size() > MAX_REQUEST) {
            throw new IOException("too large");
        }
        var read = new TimeStampRequest(request.toArray());
        var nonce = read.getNonce();
        if (!Bytes.of(read.getEncoded()).equals(request) || (nonce != null && nonce.bitLength() > MAX_NONCE_BITS)) {
            throw new IOException("not DER or nonce too long");
        }
        return read;
    }

    private TimeStampResponse granted(TimeStampRequest request) throws TSPException {
        var serial = new BigInteger(126, die).setBit(126);
        return new TimeStampResponseGenerator(tokens(), Set.of(TSPAlgorithms.SHA256.getId()), POLICIES)
                .generateGrantedResponse(request, serial, Date.from(clock.instant()));
    }

    private TimeStampResponse rejected(int failure, String why) throws TSPException {
        return new TimeStampResponseGenerator(tokens(), TSPAlgorithms.ALLOWED)
                .generateFailResponse(org.bouncycastle.asn1.cmp.PKIStatus.REJECTION, failure, why);
    }

    private TimeStampTokenGenerator tokens() throws TSPException {
        try {
            var sha256 = new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256);
            var digests = new JcaDigestCalculatorProviderBuilder().build();
            var signer = new JcaSimpleSignerInfoGeneratorBuilder().build("SHA256withECDSA", key, chain.getFirst());
            var made = new TimeStampTokenGenerator(signer, digests.get(sha256), Arc.STAMP_POLICY);
            made.setAccuracySeconds(ACCURACY_SECONDS);
            made.addCertificates(new JcaCertStore(chain));
            return made;
        } catch (OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException("the stamp authority's key and certificate fit", e);
        }
    }
}
