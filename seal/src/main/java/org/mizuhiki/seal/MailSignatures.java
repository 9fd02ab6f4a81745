package org.mizuhiki.seal;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.smime.SMIMECapabilitiesAttribute;
import org.bouncycastle.asn1.smime.SMIMECapability;
import org.bouncycastle.asn1.smime.SMIMECapabilityVector;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.CMSSignedDataGenerator;
import org.bouncycastle.cms.DefaultSignedAttributeTableGenerator;
import org.bouncycastle.cms.SignerInformation;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.seal.MailSeals.Form;
import org.mizuhiki.seal.MailSeals.Signed;

/// SignedData of mail (RFC 8551, 3.5).
final class MailSignatures {
    private static final Set<ASN1ObjectIdentifier> DIGESTS =
            Set.of(NISTObjectIdentifiers.id_sha256, NISTObjectIdentifiers.id_sha384, NISTObjectIdentifiers.id_sha512);

    private final SecureRandom die;

    MailSignatures(SecureRandom die) {
        this.die = die;
    }

    Bytes sign(Bytes content, Author author) {
        return No.AUTHOR_KEY.unless(() -> {
            var generator = new CMSSignedDataGenerator();
            var signer = new JcaContentSignerBuilder("SHA256withECDSA")
                    .setSecureRandom(die)
                    .build(author.key());
            generator.addSignerInfoGenerator(
                    new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().build())
                            .setSignedAttributeGenerator(new DefaultSignedAttributeTableGenerator(abilities()))
                            .build(signer, author.certificate()));
            generator.addCertificates(new JcaCertStore(author.chain()));
            var signed = generator.generate(new CMSProcessableByteArray(content.toArray()), true);
            return Bytes.of(signed.toASN1Structure().getEncoded("DER"));
        });
    }

    /// What our readers open, the best first (RFC 8551, 2.5.2): partners' programs answer with it.
    private static AttributeTable abilities() {
        var known = new SMIMECapabilityVector();
        known.addCapability(NISTObjectIdentifiers.id_aes256_GCM);
        known.addCapability(NISTObjectIdentifiers.id_aes256_CBC);
        known.addCapability(NISTObjectIdentifiers.id_aes128_CBC);
        var attributes = new ASN1EncodableVector();
        attributes.add(new SMIMECapabilitiesAttribute(known));
        return new AttributeTable(attributes);
    }

    static Signed verify(Bytes signedData, Optional<Bytes> beside) {
        var read = No.SEAL_MALFORMED.unless(() -> beside.isPresent()
                ? new CMSSignedData(new CMSProcessableByteArray(beside.get().toArray()), signedData.toArray())
                : new CMSSignedData(signedData.toArray()));
        return No.SIGNATURE_BROKEN.unless(() -> {
            // 1. the content, in one place only: a signature beside a content that also carries another hides one
            boolean inside = encapsulates(read);
            if (inside == beside.isPresent()
                    || !CMSObjectIdentifiers.data.getId().equals(read.getSignedContentTypeOID())) {
                throw new IOException("no content, or two");
            }
            var content = beside.orElseGet(
                    () -> Bytes.of((byte[]) read.getSignedContent().getContent()));
            // 2. one signer, over attributes: without them a content that looks like attributes would pass as others
            var signers = read.getSignerInfos().getSigners();
            if (signers.size() != 1) {
                throw new IOException("not one signer");
            }
            var signer = signers.iterator().next();
            if (signer.getSignedAttributes() == null
                    || !DIGESTS.contains(signer.getDigestAlgorithmID().getAlgorithm())) {
                throw new IOException("no signed attributes, or a weak digest");
            }
            // 3. the signature; whether the certificate is to be believed, and when, is asked elsewhere
            var certificates = certificates(read, signer);
            var verifier = new JcaSimpleSignerInfoVerifierBuilder()
                    .build(Certificates.read(certificates.getFirst().getEncoded())
                            .getPublicKey());
            if (!signer.verify(verifier)) {
                throw new IOException("the signature does not fit the content");
            }
            return new Signed(content, encoded(certificates), reads(signer));
        });
    }

    private static boolean encapsulates(CMSSignedData read) {
        return org.bouncycastle.asn1.cms.SignedData.getInstance(
                                read.toASN1Structure().getContent())
                        .getEncapContentInfo()
                        .getContent()
                != null;
    }

    /// The signer's own first, the others as they came.
    private static List<X509CertificateHolder> certificates(CMSSignedData read, SignerInformation signer)
            throws IOException {
        Collection<X509CertificateHolder> all = read.getCertificates().getMatches(null);
        if (all.size() > MailSeals.MAX_CERTIFICATES) {
            throw new IOException("too many certificates");
        }
        var own = all.stream().filter(c -> signer.getSID().match(c)).toList();
        if (own.size() != 1) {
            throw new IOException("the signer's certificate is not there, or twice");
        }
        var sorted = new ArrayList<>(own);
        all.stream().filter(c -> !c.equals(own.getFirst())).forEach(sorted::add);
        return sorted;
    }

    private static List<Bytes> encoded(List<X509CertificateHolder> certificates) throws IOException {
        var all = new ArrayList<Bytes>();
        for (var certificate : certificates) {
            all.add(Bytes.of(certificate.getEncoded()));
        }
        return all;
    }

    private static Form reads(SignerInformation signer) {
        Attribute said = signer.getSignedAttributes().get(PKCSObjectIdentifiers.pkcs_9_at_smimeCapabilities);
        if (said == null || said.getAttrValues().size() != 1) {
            return Form.EVERYWHERE;
        }
        var all = org.bouncycastle.asn1.ASN1Sequence.getInstance(
                said.getAttrValues().getObjectAt(0));
        for (var one : all) {
            if (SMIMECapability.getInstance(one).getCapabilityID().equals(NISTObjectIdentifiers.id_aes256_GCM)) {
                return Form.AUTHENTICATED;
            }
        }
        return Form.EVERYWHERE;
    }
}
