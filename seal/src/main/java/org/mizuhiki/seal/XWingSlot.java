package org.mizuhiki.seal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.CMSORIforKEMOtherInfo;
import org.bouncycastle.asn1.cms.KEMRecipientInfo;
import org.bouncycastle.asn1.cms.OtherRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientIdentifier;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.der.Oids;
import org.mizuhiki.seal.kem.Hkdf;
import org.mizuhiki.seal.kem.XWing;

/// KEMRecipientInfo (RFC 9629): X-Wing, HKDF-SHA256, AES-256 wrap; the subjectKeyIdentifier is the key's
/// ID.
final class XWingSlot {
    private static final int KEK = 32;

    private XWingSlot() {}

    static RecipientInfo wrap(Secret contentKey, Reader.XWing reader, SecureRandom die)
            throws GeneralSecurityException {
        var made = XWing.encapsulate(reader.publicKey(), die);
        try (var shared = made.shared();
                var kek = kek(shared)) {
            var kem = info(reader.keyId(), made.ciphertext().toArray(), Slots.keyWrap(kek, contentKey));
            return new RecipientInfo(new OtherRecipientInfo(Oids.ORI_KEM, kem));
        }
    }

    static Secret unwrap(KEMRecipientInfo kem, Opener.XWing opener) throws IOException, GeneralSecurityException {
        if (!keyId(kem).equals(opener.keyId())) {
            throw new IOException("slot of another key");
        }
        try (var shared =
                        XWing.decapsulate(opener.seed(), Bytes.of(kem.getKemct().getOctets()));
                var kek = kek(shared)) {
            return Slots.keyUnwrap(kek, kem.getEncryptedKey().getOctets());
        }
    }

    /// Takes the slot's three free fields and builds it again: whatever else differs is not this suite's,
    /// and nothing is negotiated.
    static Digest keyId(KEMRecipientInfo kem) throws IOException {
        var id = Digest.ofHash(
                ASN1OctetString.getInstance(kem.getRecipientIdentifier().getId())
                        .getOctets());
        var ciphertext = kem.getKemct().getOctets();
        Der.same(info(id, ciphertext, kem.getEncryptedKey().getOctets()), Der.write(kem));
        if (ciphertext.length != XWing.CIPHERTEXT) {
            throw new IOException("not an X-Wing ciphertext");
        }
        return id;
    }

    private static KEMRecipientInfo info(Digest keyId, byte[] ciphertext, byte[] wrapped) {
        return new KEMRecipientInfo(
                new RecipientIdentifier(new DEROctetString(keyId.toArray())),
                Oids.X_WING,
                new DEROctetString(ciphertext),
                Oids.HKDF_SHA256,
                new ASN1Integer(KEK),
                null,
                Oids.AES256_WRAP,
                new DEROctetString(wrapped));
    }

    private static Secret kek(Secret shared) {
        var info = new CMSORIforKEMOtherInfo(Oids.AES256_WRAP, KEK);
        return Hkdf.derive(shared, new byte[0], Der.write(info), KEK);
    }
}
