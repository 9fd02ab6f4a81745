package org.mizuhiki.trust.status;

import java.io.IOException;
import java.math.BigInteger;
import java.security.PrivateKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ocsp.OCSPObjectIdentifiers;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cert.ocsp.BasicOCSPRespBuilder;
import org.bouncycastle.cert.ocsp.CertificateID;
import org.bouncycastle.cert.ocsp.CertificateStatus;
import org.bouncycastle.cert.ocsp.OCSPException;
import org.bouncycastle.cert.ocsp.OCSPReq;
import org.bouncycastle.cert.ocsp.OCSPResp;
import org.bouncycastle.cert.ocsp.OCSPRespBuilder;
import org.bouncycastle.cert.ocsp.RespID;
import org.bouncycastle.cert.ocsp.RevokedStatus;
import org.bouncycastle.cert.ocsp.UnknownStatus;
import org.bouncycastle.operator.DigestCalculatorProvider;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/// Answers OCSP requests of RFC 6960 with delegated signers, one a CA (RFC 6960, 4.2.2.2: each was issued
/// by the CA it answers for). Bounded: size, number of certificates asked about, length of the nonce.
public final class OcspResponder {
    /// Largest request read, in bytes.
    public static final int MAX_REQUEST = 4096;

    private static final int MAX_ASKED = 8;
    /// RFC 9654, 2.1: 1 to 128 octets.
    private static final int MAX_NONCE = 128;

    private static final Duration FRESH = Duration.ofHours(1);

    private final Supplier<Stream<Delegate>> delegates;
    private final Records records;
    private final Clock clock;
    private final DigestCalculatorProvider digests;

    /// A CA and who signs OCSP answers for it.
    public record Delegate(String ca, X509Certificate issuer, X509Certificate signer, PrivateKey key) {}

    /// What is known of a serial number.
    public sealed interface Known {
        record Good() implements Known {}

        /// @param reason RFC 5280, 5.3.1
        record Revoked(Instant at, int reason) implements Known {}

        /// This CA never issued it.
        record Never() implements Known {}
    }

    /// Looks a certificate up.
    @FunctionalInterface
    public interface Records {
        Known find(String ca, BigInteger serial);
    }

    /// @param delegates asked at every request, as far as needed: registrars' CAs come and go
    public OcspResponder(Supplier<Stream<Delegate>> delegates, Records records, Clock clock) {
        this.delegates = delegates;
        this.records = records;
        this.clock = clock;
        try {
            this.digests = new JcaDigestCalculatorProviderBuilder().build();
        } catch (OperatorCreationException e) {
            throw new IllegalStateException("every JDK has SHA-1 and SHA-256", e);
        }
    }

    /// DER OCSPRequest in, DER OCSPResponse out.
    public byte[] answer(byte... request) {
        try {
            return respond(request).getEncoded();
        } catch (IOException | OCSPException | OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException("an OCSP answer can be written", e);
        }
    }

    private OCSPResp respond(byte... request)
            throws OCSPException, OperatorCreationException, CertificateEncodingException {
        Optional<Asked> read = read(request);
        if (read.isEmpty()) {
            return failed(OCSPRespBuilder.MALFORMED_REQUEST);
        }
        var asked = read.get();
        var delegate = delegates.get().filter(d -> isAllFor(d, asked.ids())).findFirst();
        return delegate.isPresent()
                ? answered(delegate.get(), asked)
                // RFC 6960, 2.3: not ours to answer for
                : failed(OCSPRespBuilder.UNAUTHORIZED);
    }

    private record Asked(List<CertificateID> ids, Optional<Extension> nonce) {}

    private static Optional<Asked> read(byte... request) {
        if (request.length > MAX_REQUEST) {
            return Optional.empty();
        }
        try {
            var read = new OCSPReq(request);
            var list = read.getRequestList();
            if (list.length == 0 || list.length > MAX_ASKED || !java.util.Arrays.equals(read.getEncoded(), request)) {
                return Optional.empty();
            }
            var nonce = Optional.ofNullable(read.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce));
            if (nonce.isPresent() && !isFit(nonce.get())) {
                return Optional.empty();
            }
            var ids = java.util.Arrays.stream(list).map(r -> r.getCertID()).toList();
            ids.forEach(id -> id.getSerialNumber().bitLength());
            return Optional.of(new Asked(ids, nonce));
        } catch (IOException | RuntimeException e) {
            return Optional.empty(); // hostile DER throws all sorts
        }
    }

    /// RFC 9654: an OCTET STRING of 1 to 128 octets inside the extension's value.
    private static boolean isFit(Extension nonce) {
        int size = ASN1OctetString.getInstance(nonce.getParsedValue()).getOctetsLength();
        return size >= 1 && size <= MAX_NONCE;
    }

    private boolean isAllFor(Delegate delegate, List<CertificateID> ids) {
        var issuer = holder(delegate.issuer());
        return ids.stream().allMatch(id -> matches(id, issuer));
    }

    private boolean matches(CertificateID id, X509CertificateHolder issuer) {
        try {
            return id.matchesIssuer(issuer, digests);
        } catch (OCSPException | RuntimeException e) {
            return false; // an unknown hash algorithm names nobody of ours
        }
    }

    private OCSPResp answered(Delegate delegate, Asked asked)
            throws OCSPException, OperatorCreationException, CertificateEncodingException {
        var now = clock.instant();
        var builder =
                new BasicOCSPRespBuilder(new RespID(holder(delegate.signer()).getSubject()));
        for (var id : asked.ids()) {
            builder.addResponse(
                    id,
                    status(records.find(delegate.ca(), id.getSerialNumber())),
                    Date.from(now),
                    Date.from(now.plus(FRESH)));
        }
        asked.nonce().ifPresent(n -> builder.setResponseExtensions(new Extensions(n)));
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(delegate.key());
        var signed = builder.build(signer, new X509CertificateHolder[] {holder(delegate.signer())}, Date.from(now));
        return new OCSPRespBuilder().build(OCSPRespBuilder.SUCCESSFUL, signed);
    }

    private static CertificateStatus status(Known known) {
        return switch (known) {
            case Known.Good() -> CertificateStatus.GOOD;
            case Known.Revoked(var at, var reason) -> new RevokedStatus(Date.from(at), reason);
            case Known.Never() -> new UnknownStatus();
        };
    }

    private static OCSPResp failed(int status) throws OCSPException {
        return new OCSPRespBuilder().build(status, null);
    }

    private static X509CertificateHolder holder(X509Certificate certificate) {
        try {
            return new JcaX509CertificateHolder(certificate);
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("a parsed certificate has an encoding", e);
        }
    }
}
