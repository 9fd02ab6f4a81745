package org.mizuhiki.seal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.cms.CMSObjectIdentifiers;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateHolder;
import org.bouncycastle.cms.CMSAuthEnvelopedData;
import org.bouncycastle.cms.CMSAuthEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSEnvelopedData;
import org.bouncycastle.cms.CMSEnvelopedDataGenerator;
import org.bouncycastle.cms.CMSException;
import org.bouncycastle.cms.CMSProcessableByteArray;
import org.bouncycastle.cms.KeyTransRecipientId;
import org.bouncycastle.cms.RecipientInformation;
import org.bouncycastle.cms.RecipientInformationStore;
import org.bouncycastle.cms.jcajce.JceCMSContentEncryptorBuilder;
import org.bouncycastle.cms.jcajce.JceKeyAgreeAuthEnvelopedRecipient;
import org.bouncycastle.cms.jcajce.JceKeyAgreeEnvelopedRecipient;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.seal.der.Ber;

/// Envelopes and signatures of mail over BouncyCastle's CMS, bounded before and gated after it.
final class CmsMail implements MailSeals {
    private static final Provider PROVIDER = new BouncyCastleProvider();

    /// What is opened; the name is shown, so that an old cipher is seen for what it is. A letter that a clinic's old
    /// program closed is worth more opened than lost; RC2 and DES, which anybody opens, are refused.
    private static final Map<ASN1ObjectIdentifier, String> CIPHERS = Map.of(
            NISTObjectIdentifiers.id_aes128_CBC, "AES-128-CBC",
            NISTObjectIdentifiers.id_aes192_CBC, "AES-192-CBC",
            NISTObjectIdentifiers.id_aes256_CBC, "AES-256-CBC",
            NISTObjectIdentifiers.id_aes128_GCM, "AES-128-GCM",
            NISTObjectIdentifiers.id_aes256_GCM, "AES-256-GCM",
            PKCSObjectIdentifiers.des_EDE3_CBC, "3DES-CBC (weak)");

    private final SecureRandom die;

    CmsMail(SecureRandom die) {
        this.die = die;
    }

    @Override
    public Bytes sign(Bytes content, Author author) {
        return new MailSignatures(die).sign(content, author);
    }

    @Override
    public Signed verify(Bytes signedData) {
        return MailSignatures.verify(bounded(signedData), Optional.empty());
    }

    @Override
    public Signed verify(Bytes signedData, Bytes content) {
        return MailSignatures.verify(bounded(signedData), Optional.of(content));
    }

    @Override
    public Bytes close(Bytes content, List<X509Certificate> readers, Form form) {
        if (readers.isEmpty() || readers.size() > MAX_READERS) {
            throw No.READERS_MISSING.refusal();
        }
        return No.READER_KEY.unless(() -> {
            var plain = new CMSProcessableByteArray(content.toArray());
            var cipher = form == Form.AUTHENTICATED
                    ? NISTObjectIdentifiers.id_aes256_GCM
                    : NISTObjectIdentifiers.id_aes256_CBC;
            var encryptor = new JceCMSContentEncryptorBuilder(cipher)
                    .setProvider(PROVIDER)
                    .setSecureRandom(die)
                    .build();
            if (form == Form.AUTHENTICATED) {
                var generator = new CMSAuthEnvelopedDataGenerator();
                for (var reader : readers) {
                    generator.addRecipientInfoGenerator(MailReaders.of(reader, die, PROVIDER));
                }
                return Bytes.of(generator
                        .generate(plain, (OutputAEADEncryptor) encryptor)
                        .toASN1Structure()
                        .getEncoded("DER"));
            }
            var generator = new CMSEnvelopedDataGenerator();
            for (var reader : readers) {
                generator.addRecipientInfoGenerator(MailReaders.of(reader, die, PROVIDER));
            }
            return Bytes.of(
                    generator.generate(plain, encryptor).toASN1Structure().getEncoded("DER"));
        });
    }

    @Override
    public boolean isFor(Bytes envelope, X509Certificate reader) {
        return No.SEAL_MALFORMED.unless(
                () -> slot(parse(envelope).readers(), reader).isPresent());
    }

    @Override
    public Envelope open(Bytes envelope, List<Key> keys) {
        var parsed = No.SEAL_MALFORMED.unless(() -> parse(envelope));
        var name = Optional.ofNullable(CIPHERS.get(parsed.cipher())).orElseThrow(No.SUITE_UNKNOWN::refusal);
        for (var key : keys) {
            var slot = No.SEAL_MALFORMED.unless(() -> slot(parsed.readers(), key.certificate()));
            if (slot.isPresent()) {
                // one answer for every failure: a key, padding or tag that is wrong must not be told apart
                var content = No.SEAL_BROKEN.unless(() -> slot.get().getContent(recipient(key, parsed.sealed())));
                return new Envelope(Bytes.of(content), name, parsed.sealed());
            }
        }
        throw No.SEAL_NOT_FOR_YOU.refusal();
    }

    private static org.bouncycastle.cms.Recipient recipient(Key key, boolean sealed) {
        return sealed
                ? new JceKeyAgreeAuthEnvelopedRecipient(key.secret()).setProvider(PROVIDER)
                : new JceKeyAgreeEnvelopedRecipient(key.secret()).setProvider(PROVIDER);
    }

    /// @param sealed with a tag that every change breaks
    private record Parsed(RecipientInformationStore readers, ASN1ObjectIdentifier cipher, boolean sealed) {}

    private static Parsed parse(Bytes envelope) throws IOException, CMSException {
        var info = ContentInfo.getInstance(org.bouncycastle.asn1.ASN1Primitive.fromByteArray(
                bounded(envelope).toArray()));
        if (info.getContentType().equals(CMSObjectIdentifiers.authEnvelopedData)) {
            var read = new CMSAuthEnvelopedData(info);
            return bounded(new Parsed(
                    read.getRecipientInfos(),
                    org.bouncycastle.asn1.cms.AuthEnvelopedData.getInstance(info.getContent())
                            .getAuthEncryptedContentInfo()
                            .getContentEncryptionAlgorithm()
                            .getAlgorithm(),
                    true));
        }
        if (!info.getContentType().equals(CMSObjectIdentifiers.envelopedData)) {
            throw new IOException("no envelope");
        }
        var read = new CMSEnvelopedData(info);
        return bounded(new Parsed(
                read.getRecipientInfos(), read.getContentEncryptionAlgorithm().getAlgorithm(), false));
    }

    private static Parsed bounded(Parsed parsed) throws IOException {
        if (parsed.readers().size() == 0 || parsed.readers().size() > MAX_READERS) {
            throw new IOException("no reader, or too many");
        }
        return parsed;
    }

    /// Named by issuer and serial number, or by the key's identifier.
    private static Optional<RecipientInformation> slot(RecipientInformationStore readers, X509Certificate certificate)
            throws GeneralSecurityException {
        var holder = new JcaX509CertificateHolder(certificate);
        Collection<RecipientInformation> all = readers.getRecipients();
        return all.stream().filter(r -> names(r, holder)).findFirst();
    }

    private static boolean names(RecipientInformation reader, X509CertificateHolder certificate) {
        return reader.getRID() instanceof org.bouncycastle.cms.KeyAgreeRecipientId agreed
                ? agreed.match(certificate)
                : reader.getRID() instanceof KeyTransRecipientId transported && transported.match(certificate);
    }

    /// Its bytes and its elements, before anything is parsed: strangers write these.
    private static Bytes bounded(Bytes cms) {
        No.SEAL_MALFORMED.check(cms.size() <= MAX_BYTES);
        return No.SEAL_MALFORMED.unless(() -> {
            Ber.mustBeBounded(cms.toArray());
            return cms;
        });
    }
}
