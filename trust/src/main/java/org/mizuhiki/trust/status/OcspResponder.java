package org.mizuhiki.trust.status;

import java.io.IOException;
import java.math.BigInteger;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
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
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.mizuhiki.house.Bytes;

/// Answers OCSP requests (RFC 6960) with delegated signers, one a CA. Without a nonce, and about one
/// certificate (RFC 5019), an answer is signed at most once in half its life and then served from memory;
/// with a nonce it is signed for the request. Bounded: size, number of certificates asked about, length of
/// the nonce, number of answers in memory.
public final class OcspResponder {
    /// Largest request read, in bytes.
    public static final int MAX_REQUEST = 4096;

    private static final int MAX_ASKED = 8;
    /// RFC 9654, 2.1: 1 to 128 octets.
    private static final int MAX_NONCE = 128;

    private static final Duration LIFE = Duration.ofHours(1);
    private static final Duration SERVED = LIFE.dividedBy(2);

    /// About 1 kB each.
    private static final int REMEMBERED = 10_000;

    private final CertificateNames names;
    private final Records records;
    private final Clock clock;
    private final StatusMemory memory = new StatusMemory(REMEMBERED, SERVED);

    /// Looks a certificate up.
    @FunctionalInterface
    public interface Records {
        Known find(String ca, BigInteger serial);
    }

    /// @param delegates asked as far as needed, when a CA is asked about that was not asked about before:
    /// registrars' CAs come and go
    public OcspResponder(Supplier<Stream<Delegate>> delegates, Records records, Clock clock) {
        this.names = new CertificateNames(delegates);
        this.records = records;
        this.clock = clock;
    }

    /// @param der OCSPResponse
    /// @param made and `until`, when the next is to be had: absent for what is meant for this request alone
    public record Answer(Bytes der, Optional<Instant> made, Optional<Instant> until) {
        private static Answer once(OCSPResp response) throws IOException {
            return new Answer(Bytes.of(response.getEncoded()), Optional.empty(), Optional.empty());
        }
    }

    /// DER OCSPRequest in, DER OCSPResponse out.
    public Answer answer(byte... request) {
        try {
            return respond(request);
        } catch (IOException | OCSPException | OperatorCreationException | CertificateEncodingException e) {
            throw new IllegalStateException("an OCSP answer can be written", e);
        }
    }

    /// A revocation that is about to be committed; close it when that is done, however it went.
    public Revoking revoking() {
        return new Revoking(memory.new Change());
    }

    /// While this is open nobody is answered from memory.
    public static final class Revoking implements AutoCloseable {
        private final StatusMemory.Change change;

        private Revoking(StatusMemory.Change change) {
            this.change = change;
        }

        /// What was committed; without this word everything is forgotten.
        public void ended(Collection<Ended> certificates) {
            change.ended(certificates.stream()
                    .map(c -> new StatusMemory.Slot(c.ca(), c.serial()))
                    .toList());
        }

        @Override
        public void close() {
            change.close();
        }
    }

    /// One certificate that was revoked.
    public record Ended(String ca, BigInteger serial) {}

    private Answer respond(byte... request)
            throws IOException, OCSPException, OperatorCreationException, CertificateEncodingException {
        // 1. read as hostile
        Optional<Asked> read = read(request);
        if (read.isEmpty()) {
            return Answer.once(failed(OCSPRespBuilder.MALFORMED_REQUEST));
        }
        var asked = read.get();
        // 2. whose certificates; of one CA, or nobody could sign for all (RFC 6960, 2.3: not ours to answer for)
        var issuers = asked.ids().stream().map(names::issuer).distinct().toList();
        if (issuers.size() != 1 || issuers.getFirst().isEmpty()) {
            return Answer.once(failed(OCSPRespBuilder.UNAUTHORIZED));
        }
        var delegate = issuers.getFirst().get();
        // 3. the answer: from memory, or signed for this request
        var first = asked.ids().getFirst();
        int kind = CertificateNames.kind(first);
        var now = clock.instant();
        if (asked.nonce().isEmpty() && asked.ids().size() == 1 && kind >= 0) {
            return kept(delegate, first, kind, now);
        }
        var singles = asked.ids().stream()
                .map(id -> new Single(id, entry(delegate, id, now).known()))
                .toList();
        return Answer.once(signed(delegate, singles, asked.nonce(), now));
    }

    private StatusMemory.Entry entry(Delegate delegate, CertificateID id, Instant now) {
        var slot = new StatusMemory.Slot(delegate.ca(), id.getSerialNumber());
        return memory.of(slot, now, () -> records.find(slot.ca(), slot.serial()));
    }

    private Answer kept(Delegate delegate, CertificateID id, int kind, Instant now)
            throws IOException, OCSPException, OperatorCreationException, CertificateEncodingException {
        var entry = entry(delegate, id, now);
        var held = entry.signed(kind)
                .filter(s -> !now.isBefore(s.made()) && now.isBefore(s.made().plus(SERVED)));
        if (held.isPresent()) {
            return kept(held.get());
        }
        var response = signed(delegate, List.of(new Single(id, entry.known())), Optional.empty(), now);
        var made = new StatusMemory.Signed(Bytes.of(response.getEncoded()), now, now.plus(LIFE));
        entry.keep(kind, made);
        return kept(made);
    }

    private static Answer kept(StatusMemory.Signed signed) {
        return new Answer(signed.der(), Optional.of(signed.made()), Optional.of(signed.until()));
    }

    private record Asked(List<CertificateID> ids, Optional<Extension> nonce) {}

    private static Optional<Asked> read(byte... request) {
        if (request.length > MAX_REQUEST) {
            return Optional.empty();
        }
        try {
            var read = new OCSPReq(request);
            var list = read.getRequestList();
            if (list.length == 0 || list.length > MAX_ASKED || !Arrays.equals(read.getEncoded(), request)) {
                return Optional.empty();
            }
            var nonce = Optional.ofNullable(read.getExtension(OCSPObjectIdentifiers.id_pkix_ocsp_nonce));
            if (nonce.isPresent() && !isFit(nonce.get())) {
                return Optional.empty();
            }
            var ids = Arrays.stream(list).map(r -> r.getCertID()).toList();
            ids.forEach(id -> id.getSerialNumber().bitLength());
            return Optional.of(new Asked(ids, nonce));
        } catch (IOException | RuntimeException | StackOverflowError e) {
            return Optional.empty(); // hostile DER throws all sorts
        }
    }

    /// RFC 9654: an OCTET STRING of 1 to 128 octets inside the extension's value.
    private static boolean isFit(Extension nonce) {
        int size = ASN1OctetString.getInstance(nonce.getParsedValue()).getOctetsLength();
        return size >= 1 && size <= MAX_NONCE;
    }

    private record Single(CertificateID id, Known known) {}

    private static OCSPResp signed(Delegate delegate, List<Single> singles, Optional<Extension> nonce, Instant now)
            throws OCSPException, OperatorCreationException, CertificateEncodingException {
        var holder = holder(delegate.signer());
        var builder = new BasicOCSPRespBuilder(new RespID(holder.getSubject()));
        for (var single : singles) {
            builder.addResponse(single.id(), status(single.known()), Date.from(now), Date.from(now.plus(LIFE)));
        }
        nonce.ifPresent(n -> builder.setResponseExtensions(new Extensions(n)));
        var signer = new JcaContentSignerBuilder("SHA256withECDSA").build(delegate.key());
        var signed = builder.build(signer, new X509CertificateHolder[] {holder}, Date.from(now));
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

    private static X509CertificateHolder holder(X509Certificate certificate) throws CertificateEncodingException {
        return new JcaX509CertificateHolder(certificate);
    }
}
