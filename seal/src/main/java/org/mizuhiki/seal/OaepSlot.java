package org.mizuhiki.seal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientIdentifier;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.der.Oids;

/// KeyTransRecipientInfo with RSAES-OAEP (RFC 3560), SHA-256 throughout. The label is the key's ID, so that
/// the slot names its reader like every other slot.
final class OaepSlot {
    private OaepSlot() {}

    static RecipientInfo wrap(Secret contentKey, Reader.Foreign reader, SecureRandom die)
            throws GeneralSecurityException {
        var label = reader.keyId().toArray();
        var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(Cipher.ENCRYPT_MODE, reader.certificate().getPublicKey(), parameters(label), die);
        var wrapped = contentKey.lend(c -> No.READER_KEY.unless(() -> cipher.doFinal(c)));
        return new RecipientInfo(info(label, Certificates.name(reader.certificate()), wrapped));
    }

    private static KeyTransRecipientInfo info(byte[] label, IssuerAndSerialNumber certificate, byte[] wrapped) {
        return new KeyTransRecipientInfo(
                new RecipientIdentifier(certificate), Oids.oaep(label), new DEROctetString(wrapped));
    }

    static Secret unwrap(KeyTransRecipientInfo ktri, Opener.Foreign opener)
            throws IOException, GeneralSecurityException {
        if (!keyId(ktri).equals(opener.keyId())) {
            throw new IOException("slot of another key");
        }
        var cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
        cipher.init(Cipher.DECRYPT_MODE, opener.key(), parameters(opener.keyId().toArray()));
        return Secret.taking(cipher.doFinal(ktri.getEncryptedKey().getOctets()));
    }

    /// Takes the slot's free fields and builds it again: whatever else differs is not this suite's.
    static Digest keyId(KeyTransRecipientInfo ktri) throws IOException {
        var parameters =
                RSAESOAEPparams.getInstance(ktri.getKeyEncryptionAlgorithm().getParameters());
        var label = ASN1OctetString.getInstance(parameters.getPSourceAlgorithm().getParameters())
                .getOctets();
        var certificate =
                IssuerAndSerialNumber.getInstance(ktri.getRecipientIdentifier().getId());
        Der.same(info(label, certificate, ktri.getEncryptedKey().getOctets()), Der.write(ktri));
        return Digest.ofHash(label);
    }

    private static OAEPParameterSpec parameters(byte[] label) {
        return new OAEPParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, new PSource.PSpecified(label));
    }
}
