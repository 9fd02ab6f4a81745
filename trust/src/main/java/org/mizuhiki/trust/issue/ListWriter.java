package org.mizuhiki.trust.issue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.Optional;
import java.util.function.Consumer;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Enumerated;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.CRLNumber;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.operator.ContentSigner;

/// Writes revocation lists (RFC 5280, 5) entry by entry: one of 100,000 entries needs little more memory than
/// its own 4 MB.
final class ListWriter {
    private ListWriter() {}

    /// What a list tells of.
    ///
    /// @param number higher than that of every list before
    /// @param point the distribution point that it is limited to, absent for a whole list
    /// @param of whose certificates, if not the signer's own
    record Head(BigInteger number, Instant made, Duration life, Optional<String> point, Optional<X500Name> of) {}

    static byte[] write(
            Head head, X500Name issuer, byte[] keyId, ContentSigner signer, Consumer<Consumer<Issuer.Ended>> ended)
            throws IOException {
        var signed = new ByteArrayOutputStream();
        put(signed, new ASN1Integer(1)); // version 2
        put(signed, signer.getAlgorithmIdentifier());
        put(signed, issuer);
        put(signed, new Time(Date.from(head.made())));
        put(signed, new Time(Date.from(head.made().plus(head.life()))));
        var entries = new ByteArrayOutputStream();
        ended.accept(e -> entries.writeBytes(entry(e, entries.size() == 0 ? head.of() : Optional.empty())));
        if (entries.size() > 0) { // RFC 5280, 5.1.2.6: absent when there are none
            wrap(signed, entries);
        }
        put(signed, new DERTaggedObject(true, 0, extensions(head, keyId)));
        var body = new ByteArrayOutputStream(signed.size() + 8);
        wrap(body, signed);
        try (var out = signer.getOutputStream()) {
            body.writeTo(out);
        }
        var list = new ByteArrayOutputStream(body.size() + 128);
        body.writeTo(list);
        put(list, signer.getAlgorithmIdentifier());
        put(list, new DERBitString(signer.getSignature()));
        var whole = new ByteArrayOutputStream(list.size() + 8);
        wrap(whole, list);
        return whole.toByteArray();
    }

    /// @param of named once, for this entry and all that follow (RFC 5280, 5.3.3)
    private static byte[] entry(Issuer.Ended ended, Optional<X500Name> of) {
        try {
            var told = new java.util.ArrayList<Extension>();
            if (ended.reason() != CRLReason.unspecified) { // RFC 5280, 5.3.1: left out then
                told.add(extension(Extension.reasonCode, false, new ASN1Enumerated(ended.reason())));
            }
            if (of.isPresent()) {
                told.add(extension(Extension.certificateIssuer, true, new GeneralNames(new GeneralName(of.get()))));
            }
            var serial = new ASN1Integer(ended.serial());
            var at = new Time(Date.from(ended.at()));
            var entry = told.isEmpty()
                    ? new DERSequence(new ASN1Encodable[] {serial, at})
                    : new DERSequence(new ASN1Encodable[] {serial, at, new Extensions(told.toArray(Extension[]::new))});
            return entry.getEncoded("DER");
        } catch (IOException e) {
            throw new IllegalStateException("no I/O in memory", e);
        }
    }

    private static Extensions extensions(Head head, byte[] keyId) throws IOException {
        var all = new java.util.ArrayList<Extension>();
        all.add(extension(Extension.authorityKeyIdentifier, false, new AuthorityKeyIdentifier(keyId)));
        all.add(extension(Extension.cRLNumber, false, new CRLNumber(head.number())));
        if (head.point().isPresent() || head.of().isPresent()) {
            // RFC 5280, 5.2.5: critical, or a part would pass for the whole
            all.add(extension(Extension.issuingDistributionPoint, true, scope(head)));
        }
        return new Extensions(all.toArray(Extension[]::new));
    }

    private static IssuingDistributionPoint scope(Head head) {
        var point = head.point()
                .map(url -> new DistributionPointName(
                        new GeneralNames(new GeneralName(GeneralName.uniformResourceIdentifier, url))))
                .orElse(null);
        return new IssuingDistributionPoint(point, false, false, null, head.of().isPresent(), false);
    }

    private static Extension extension(
            org.bouncycastle.asn1.ASN1ObjectIdentifier id, boolean critical, ASN1Encodable value) throws IOException {
        return new Extension(
                id, critical, new DEROctetString(value.toASN1Primitive().getEncoded("DER")));
    }

    private static void put(ByteArrayOutputStream to, ASN1Encodable value) throws IOException {
        to.writeBytes(value.toASN1Primitive().getEncoded("DER"));
    }

    /// As a SEQUENCE.
    private static void wrap(ByteArrayOutputStream to, ByteArrayOutputStream content) throws IOException {
        int size = content.size();
        to.write(0x30);
        if (size < 0x80) {
            to.write(size);
        } else {
            int octets = (39 - Integer.numberOfLeadingZeros(size)) / 8;
            to.write(0x80 | octets);
            for (int i = octets - 1; i >= 0; i--) {
                to.write(size >> (8 * i));
            }
        }
        content.writeTo(to);
    }
}
