package org.mizuhiki.seal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerIdentifier;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.ess.ESSCertIDv2;
import org.bouncycastle.asn1.ess.SigningCertificateV2;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.Certificate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.der.Oids;

/// One narrow CAdES profile (EN 319 122-2, E-T): one ECDSA P-256 signer, attached content,
/// signing-certificate-v2 over the whole chain, our suite, and a signature time stamp. No claimed signing
/// time: the stamp says when, and a claim beside it could only differ. Reading accepts this profile and
/// nothing else.
final class CadesSignatures {
    private static final int MAX_CHAIN = 8;
    private static final ASN1ObjectIdentifier STAMP = PKCSObjectIdentifiers.id_aa_signatureTimeStampToken;
    private static final ASN1ObjectIdentifier ESS = PKCSObjectIdentifiers.id_aa_signingCertificateV2;

    private final SecureRandom die;
    private final Rfc3161Stamps stamps;

    CadesSignatures(SecureRandom die) {
        this.die = die;
        this.stamps = new Rfc3161Stamps(die);
    }

    /// What was signed: content and the attributes beyond the profile's own (only [Oids#METADATA] is ever
    /// asked for).
    record Checked(Bytes content, Map<ASN1ObjectIdentifier, ASN1Encodable> extra, org.mizuhiki.seal.Signature by) {}

    /// @param extra signed attributes beside the profile's own
    Bytes sign(Bytes content, String suite, List<Attribute> extra, Author author, StampAuthority authority) {
        if (!Certificates.isP256(author.certificate().getPublicKey())
                || author.chain().size() > MAX_CHAIN) {
            throw No.AUTHOR_KEY.refusal();
        }
        var attributes = No.AUTHOR_KEY.unless(() -> attributes(content, suite, extra, author.chain()));
        var value = No.AUTHOR_KEY.unless(() -> {
            var signer = Signature.getInstance("SHA256withECDSA");
            signer.initSign(author.key(), die);
            signer.update(Der.write(attributes));
            return signer.sign();
        });
        var token = No.STAMP_BROKEN.unless(() -> distinguished(authority.stamp(Digest.of(value))));
        // A token that does not verify must not reach a record that others will rely on for years.
        stamps.verify(token, Digest.of(value));
        return No.AUTHOR_KEY.unless(
                () -> Bytes.of(Der.write(assembled(content, attributes, value, token, author.chain()))));
    }

    /// Some authorities answer in BER; what is built into a record is DER.
    private static Bytes distinguished(Bytes token) throws IOException {
        if (token.size() > Rfc3161Stamps.MAX_BYTES) {
            throw new IOException("token too large");
        }
        return Bytes.of(Der.write(ASN1Primitive.fromByteArray(token.toArray())));
    }

    private static ASN1Set attributes(Bytes content, String suite, List<Attribute> extra, List<X509Certificate> chain)
            throws GeneralSecurityException {
        var ids = new ArrayList<ESSCertIDv2>();
        for (var certificate : chain) {
            ids.add(new ESSCertIDv2(Digest.of(certificate.getEncoded()).toArray()));
        }
        var all = new ASN1EncodableVector();
        all.add(attribute(CMSAttributes.contentType, CMSObjectIdentifiers.data));
        all.add(attribute(
                CMSAttributes.messageDigest, new DEROctetString(content.sha256().toArray())));
        all.add(attribute(ESS, new SigningCertificateV2(ids.toArray(ESSCertIDv2[]::new))));
        all.add(attribute(Oids.SUITE, new DERUTF8String(suite)));
        extra.forEach(all::add);
        return new DERSet(all);
    }

    static Attribute attribute(ASN1ObjectIdentifier type, ASN1Encodable value) {
        return new Attribute(type, new DERSet(value));
    }

    private static ContentInfo assembled(
            Bytes content, ASN1Set attributes, byte[] value, Bytes token, List<X509Certificate> chain)
            throws GeneralSecurityException, IOException {
        var certificates = new ASN1EncodableVector();
        for (var certificate : chain) {
            certificates.add(Certificate.getInstance(certificate.getEncoded()));
        }
        var stamp = attribute(STAMP, ASN1Primitive.fromByteArray(token.toArray()));
        var signer = new SignerInfo(
                new SignerIdentifier(Certificates.name(chain.getFirst())),
                Oids.SHA256,
                attributes,
                Oids.ECDSA_SHA256,
                new DEROctetString(value),
                new DERSet(stamp));
        var data = new SignedData(
                new DERSet(Oids.SHA256),
                new ContentInfo(CMSObjectIdentifiers.data, new DEROctetString(content.toArray())),
                new DERSet(certificates),
                null,
                new DERSet(signer));
        return new ContentInfo(CMSObjectIdentifiers.signedData, data);
    }

    /// @param malformed what to say when the bytes are not of the profile at all
    Checked verify(Bytes signed, String suite, boolean withMetadata, No malformed) {
        var data = malformed.unless(() -> parsed(signed));
        return No.SIGNATURE_BROKEN.unless(() -> checked(data, signed, suite, withMetadata));
    }

    private static SignedData parsed(Bytes signed) throws IOException {
        var outer = ContentInfo.getInstance(Der.read(signed.toArray()));
        var data = SignedData.getInstance(outer.getContent());
        if (!CMSObjectIdentifiers.signedData.equals(outer.getContentType())
                || data.getEncapContentInfo().getContent() == null
                || data.getCertificates() == null
                || data.getCertificates().size() > MAX_CHAIN
                || data.getSignerInfos().size() != 1) {
            throw new IOException("not of the profile");
        }
        return data;
    }

    private Checked checked(SignedData data, Bytes signed, String suite, boolean withMetadata)
            throws IOException, GeneralSecurityException {
        var content =
                Bytes.of(ASN1OctetString.getInstance(data.getEncapContentInfo().getContent())
                        .getOctets());
        var signer = SignerInfo.getInstance(data.getSignerInfos().getObjectAt(0));
        var attributes = single(signer.getAuthenticatedAttributes());
        var chain = chain(attributes.remove(ESS), data.getCertificates());
        var value = Bytes.of(signer.getEncryptedDigest().getOctets());
        No.SIGNATURE_BROKEN.check(CMSObjectIdentifiers.data.equals(attributes.remove(CMSAttributes.contentType))
                && new DEROctetString(content.sha256().toArray()).equals(attributes.remove(CMSAttributes.messageDigest))
                // A letter's signature must never pass as a statement's, nor the other way round.
                && new DERUTF8String(suite).equals(attributes.remove(Oids.SUITE))
                && attributes.size() == (withMetadata ? 1 : 0)
                && attributes.containsKey(Oids.METADATA) == withMetadata);
        No.SIGNATURE_BROKEN.check(holds(signer, chain.getFirst(), value));
        var token = token(signer);
        // Built again from what was understood: versions, tags and algorithms can then not differ from the profile.
        Der.same(
                assembled(content, signer.getAuthenticatedAttributes(), value.toArray(), token, chain),
                signed.toArray());
        var stamp = stamps.verify(token, value.sha256());
        var by = new org.mizuhiki.seal.Signature(chain, stamp.at(), stamp.chain(), token, value);
        return new Checked(content, attributes, by);
    }

    private static boolean holds(SignerInfo signer, X509Certificate certificate, Bytes value)
            throws GeneralSecurityException {
        if (!Certificates.isP256(certificate.getPublicKey()) || !Der.isEcdsaSignature(value.toArray())) {
            return false;
        }
        var verifier = Signature.getInstance("SHA256withECDSA");
        verifier.initVerify(certificate.getPublicKey());
        verifier.update(Der.write(signer.getAuthenticatedAttributes()));
        return verifier.verify(value.toArray());
    }

    private static Bytes token(SignerInfo signer) throws IOException {
        var token = single(signer.getUnauthenticatedAttributes()).get(STAMP);
        if (token == null) {
            throw No.STAMP_BROKEN.refusal();
        }
        return Bytes.of(token.toASN1Primitive().getEncoded());
    }

    /// Every certificate is named by hash in the signed attribute, in the chain's order: none can be
    /// exchanged, added or left out (RFC 5035 section 3).
    private static List<X509Certificate> chain(@org.jspecify.annotations.Nullable ASN1Encodable ess, ASN1Set found)
            throws IOException, GeneralSecurityException {
        var ids = SigningCertificateV2.getInstance(ess).getCerts();
        var byHash = new HashMap<Digest, X509Certificate>();
        for (var certificate : found) {
            var bytes = certificate.toASN1Primitive().getEncoded();
            byHash.put(Digest.of(bytes), Certificates.read(bytes));
        }
        var chain = new ArrayList<X509Certificate>();
        for (var id : ids) {
            No.SIGNATURE_BROKEN.check(Oids.SHA256.equals(id.getHashAlgorithm()));
            var certificate = byHash.remove(Digest.ofHash(id.getCertHash()));
            if (certificate == null) {
                throw No.SIGNATURE_BROKEN.refusal();
            }
            chain.add(certificate);
        }
        No.SIGNATURE_BROKEN.check(byHash.isEmpty() && !chain.isEmpty());
        return chain;
    }

    /// Attributes with exactly one value each, none twice.
    private static Map<ASN1ObjectIdentifier, ASN1Encodable> single(@org.jspecify.annotations.Nullable ASN1Set set)
            throws IOException {
        var found = new HashMap<ASN1ObjectIdentifier, ASN1Encodable>();
        if (set == null) {
            return found;
        }
        for (var element : set) {
            var attribute = Attribute.getInstance(element);
            if (attribute.getAttrValues().size() != 1
                    || found.put(
                                    attribute.getAttrType(),
                                    attribute.getAttrValues().getObjectAt(0))
                            != null) {
                throw new IOException("attribute repeated or not single");
            }
        }
        return found;
    }
}
