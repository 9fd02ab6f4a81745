package org.mizuhiki.seal;

import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.nist.NISTObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.RSAESOAEPparams;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cms.CMSAlgorithm;
import org.bouncycastle.cms.RecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyAgreeRecipientInfoGenerator;
import org.bouncycastle.cms.jcajce.JceKeyTransRecipientInfoGenerator;

/// Slots for readers of other PKIs as their programs expect them (RFC 3560, RFC 5753): unlike this room's own
/// slots they carry no label that names the key, which such programs do not set.
final class MailReaders {
    private static final AlgorithmIdentifier SHA256 =
            new AlgorithmIdentifier(NISTObjectIdentifiers.id_sha256, DERNull.INSTANCE);
    private static final AlgorithmIdentifier OAEP = new AlgorithmIdentifier(
            PKCSObjectIdentifiers.id_RSAES_OAEP,
            new RSAESOAEPparams(
                    SHA256,
                    new AlgorithmIdentifier(PKCSObjectIdentifiers.id_mgf1, SHA256),
                    RSAESOAEPparams.DEFAULT_P_SOURCE_ALGORITHM));

    private MailReaders() {}

    static RecipientInfoGenerator of(X509Certificate reader, SecureRandom die, Provider provider)
            throws GeneralSecurityException {
        if (Certificates.isRsa(reader.getPublicKey())) {
            return new JceKeyTransRecipientInfoGenerator(reader, OAEP).setProvider(provider);
        }
        No.READER_KEY.check(Certificates.isP256(reader.getPublicKey()));
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), die);
        var own = generator.generateKeyPair();
        return new JceKeyAgreeRecipientInfoGenerator(
                        CMSAlgorithm.ECDH_SHA256KDF, own.getPrivate(), own.getPublic(), CMSAlgorithm.AES256_WRAP)
                .addRecipient(reader)
                .setSecureRandom(die)
                .setProvider(provider);
    }
}
