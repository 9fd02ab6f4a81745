package org.mizuhiki.seal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientIdentifier;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.OriginatorIdentifierOrKey;
import org.bouncycastle.asn1.cms.OriginatorPublicKey;
import org.bouncycastle.asn1.cms.RecipientEncryptedKey;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.bouncycastle.asn1.cms.ecc.ECCCMSSharedInfo;
import org.bouncycastle.asn1.sec.SECObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.der.Oids;

/// KeyAgreeRecipientInfo (RFC 5753): ephemeral ECDH on P-256, X9.63 KDF with SHA-256, AES-256 wrap. The
/// user keying material is the key's ID, so that the slot names its reader like every other slot.
final class EcdhSlot {
    private static final AlgorithmIdentifier P256 =
            new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, SECObjectIdentifiers.secp256r1);

    private EcdhSlot() {}

    static RecipientInfo wrap(Secret contentKey, Reader.Foreign reader, SecureRandom die)
            throws GeneralSecurityException {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), die);
        var own = generator.generateKeyPair();
        var point = SubjectPublicKeyInfo.getInstance(own.getPublic().getEncoded())
                .getPublicKeyData()
                .getOctets();
        try (var kek = kek(own.getPrivate(), reader.certificate().getPublicKey(), reader.keyId())) {
            return new RecipientInfo(info(
                    reader.keyId(), point, Certificates.name(reader.certificate()), Slots.keyWrap(kek, contentKey)));
        }
    }

    private static KeyAgreeRecipientInfo info(
            Digest keyId, byte[] point, IssuerAndSerialNumber certificate, byte[] wrapped) {
        return new KeyAgreeRecipientInfo(
                new OriginatorIdentifierOrKey(new OriginatorPublicKey(P256, point)),
                new DEROctetString(keyId.toArray()),
                Oids.ECDH_SHA256,
                new DERSequence(new RecipientEncryptedKey(
                        new KeyAgreeRecipientIdentifier(certificate), new DEROctetString(wrapped))));
    }

    static Secret unwrap(KeyAgreeRecipientInfo kari, Opener.Foreign opener)
            throws IOException, GeneralSecurityException {
        if (!keyId(kari).equals(opener.keyId())) {
            throw new IOException("slot of another key");
        }
        var theirs = kari.getOriginator().getOriginatorKey().getPublicKeyData().getOctets();
        var key = KeyFactory.getInstance("EC")
                .generatePublic(new X509EncodedKeySpec(Der.write(new SubjectPublicKeyInfo(P256, theirs))));
        try (var kek = kek(opener.key(), key, opener.keyId())) {
            return Slots.keyUnwrap(kek, only(kari).getEncryptedKey().getOctets());
        }
    }

    /// Takes the slot's free fields and builds it again: whatever else differs is not this suite's.
    static Digest keyId(KeyAgreeRecipientInfo kari) throws IOException {
        var id = Digest.ofHash(
                ASN1OctetString.getInstance(kari.getUserKeyingMaterial()).getOctets());
        var only = only(kari);
        var rebuilt = info(
                id,
                kari.getOriginator().getOriginatorKey().getPublicKeyData().getOctets(),
                only.getIdentifier().getIssuerAndSerialNumber(),
                only.getEncryptedKey().getOctets());
        Der.same(rebuilt, Der.write(kari));
        return id;
    }

    private static RecipientEncryptedKey only(KeyAgreeRecipientInfo kari) {
        return RecipientEncryptedKey.getInstance(
                kari.getRecipientEncryptedKeys().getObjectAt(0));
    }

    /// The provider checks that the point lies on the curve before it multiplies (invalid-curve attack).
    private static Secret kek(PrivateKey mine, PublicKey theirs, Digest ukm) throws GeneralSecurityException {
        var agreement = KeyAgreement.getInstance("ECDH");
        agreement.init(mine);
        agreement.doPhase(theirs, true);
        var shared = agreement.generateSecret();
        var bits = ByteBuffer.allocate(4).putInt(256).array();
        var info = Der.write(new ECCCMSSharedInfo(Oids.AES256_WRAP, ukm.toArray(), bits));
        // ANSI X9.63 KDF (SEC 1 section 3.6.1): one round is enough for 32 bytes.
        var hash = Digest.sha256();
        hash.update(shared);
        hash.update(new byte[] {0, 0, 0, 1});
        java.util.Arrays.fill(shared, (byte) 0);
        return Secret.taking(hash.digest(info));
    }
}
