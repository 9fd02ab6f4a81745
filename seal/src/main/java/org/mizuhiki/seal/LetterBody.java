package org.mizuhiki.seal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.ASN1Set;
import org.bouncycastle.asn1.ASN1TaggedObject;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERSet;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.EncryptedContentInfo;
import org.bouncycastle.asn1.cms.GCMParameters;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.der.Oids;

/// The AuthEnvelopedData (RFC 5083, RFC 5084) around a letter, without its recipientInfos. `openssl cms`
/// can read neither authenticated nor unauthenticated attributes there, so the suite is the encrypted
/// content's type (and stands again, signed, inside), and the commitment to the content key is an
/// OtherCertificateFormat (RFC 5652 section 10.2.2), which readers who do not know it skip.
///
/// @param commitment HKDF of the content key: one body opens under one key only (AES-GCM alone does not
/// promise it)
record LetterBody(ASN1ObjectIdentifier suite, Bytes nonce, Bytes ciphertext, Bytes tag, Bytes commitment) {
    static final int KEY = 32;
    static final int NONCE = 12;
    static final int TAG = 16;

    /// Content, metadata, certificates and stamp together.
    static final int MAX_BYTES = Letters.MAX_CONTENT + (2 << 20);

    static final int MAX_SLOTS = 512;

    Bytes encode() {
        return Bytes.of(Der.write(info(new DERSet())));
    }

    /// The same with slots: an ordinary CMS file.
    static Bytes join(Bytes body, List<Slot> slots) {
        return No.SEAL_MALFORMED.unless(() -> {
            var infos = new ASN1EncodableVector();
            for (var slot : slots) {
                infos.add(Der.read(slot.encoded().toArray()));
            }
            return Bytes.of(Der.write(parse(body).info(new DERSet(infos))));
        });
    }

    static SealedLetter split(Bytes cms) {
        return No.SEAL_MALFORMED.unless(() -> {
            if (cms.size() > MAX_BYTES + MAX_SLOTS * Slots.MAX_BYTES) {
                throw new IOException("too large");
            }
            var bytes = cms.toArray();
            var parts = parts(bytes);
            var body = read(parts);
            Der.same(body.info(parts.recipients()), bytes);
            return new SealedLetter(body.encode(), slots(parts.recipients()));
        });
    }

    private static List<Slot> slots(ASN1Set infos) throws IOException {
        if (infos.size() == 0 || infos.size() > MAX_SLOTS) {
            throw new IOException("no reader, or too many");
        }
        var slots = new ArrayList<Slot>();
        for (var info : infos) {
            slots.add(Slots.read(info.toASN1Primitive().getEncoded()));
        }
        if (slots.stream().map(Slot::keyId).distinct().count() != slots.size()) {
            throw new IOException("two slots for one key");
        }
        return slots;
    }

    static LetterBody parse(Bytes body) throws IOException {
        if (body.size() > MAX_BYTES) {
            throw new IOException("too large");
        }
        var bytes = body.toArray();
        var read = read(parts(bytes));
        Der.same(read.info(new DERSet()), bytes);
        return read;
    }

    /// The five parts of our AuthEnvelopedData; BouncyCastle's own type refuses the empty recipientInfos
    /// of a body.
    private record Parts(ASN1TaggedObject originator, ASN1Set recipients, EncryptedContentInfo content, Bytes tag) {}

    private static Parts parts(byte[] bytes) throws IOException {
        var outer = ContentInfo.getInstance(Der.read(bytes));
        var inner = ASN1Sequence.getInstance(outer.getContent());
        if (!CMSObjectIdentifiers.authEnvelopedData.equals(outer.getContentType()) || inner.size() != 5) {
            throw new IOException("not our AuthEnvelopedData");
        }
        return new Parts(
                (ASN1TaggedObject) inner.getObjectAt(1),
                ASN1Set.getInstance(inner.getObjectAt(2)),
                EncryptedContentInfo.getInstance(inner.getObjectAt(3)),
                Bytes.of(ASN1OctetString.getInstance(inner.getObjectAt(4)).getOctets()));
    }

    private static LetterBody read(Parts parts) throws IOException {
        var content = parts.content();
        var gcm = GCMParameters.getInstance(
                content.getContentEncryptionAlgorithm().getParameters());
        if (content.getEncryptedContent() == null || gcm.getNonce().length != NONCE) {
            throw new IOException("lacks its content or has an odd nonce");
        }
        return new LetterBody(
                content.getContentType(),
                Bytes.of(gcm.getNonce()),
                Bytes.of(content.getEncryptedContent().getOctets()),
                parts.tag(),
                commitment(parts.originator()));
    }

    /// originatorInfo [0] { certs [0] { other [3] { KEY_COMMITMENT, OCTET STRING } } }; whatever else it
    /// may hold fails the comparison with what [#info] writes.
    private static Bytes commitment(ASN1TaggedObject originator) {
        var info = ASN1Sequence.getInstance(originator, false);
        var certificates = ASN1Set.getInstance((ASN1TaggedObject) info.getObjectAt(0), false);
        var other = ASN1Sequence.getInstance((ASN1TaggedObject) certificates.getObjectAt(0), false);
        return Bytes.of(ASN1OctetString.getInstance(other.getObjectAt(1)).getOctets());
    }

    private static ASN1Encodable originator(Bytes commitment) {
        var other =
                new DERSequence(new ASN1Encodable[] {Oids.KEY_COMMITMENT, new DEROctetString(commitment.toArray())});
        var certificates = new DERSet(new DERTaggedObject(false, 3, other));
        return new DERTaggedObject(false, 0, new DERSequence(new DERTaggedObject(false, 0, certificates)));
    }

    private ContentInfo info(ASN1Set recipients) {
        var algorithm =
                new AlgorithmIdentifier(NISTObjectIdentifiers.id_aes256_GCM, new GCMParameters(nonce.toArray(), TAG));
        return new ContentInfo(CMSObjectIdentifiers.authEnvelopedData, new DERSequence(new ASN1Encodable[] {
            new ASN1Integer(0),
            originator(commitment),
            recipients,
            new EncryptedContentInfo(suite, algorithm, new DEROctetString(ciphertext.toArray())),
            new DEROctetString(tag.toArray())
        }));
    }
}
