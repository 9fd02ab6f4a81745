package org.mizuhiki.seal;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.cms.KEMRecipientInfo;
import org.bouncycastle.asn1.cms.KeyAgreeRecipientInfo;
import org.bouncycastle.asn1.cms.KeyTransRecipientInfo;
import org.bouncycastle.asn1.cms.OtherRecipientInfo;
import org.bouncycastle.asn1.cms.RecipientInfo;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Secret;
import org.mizuhiki.seal.der.Der;
import org.mizuhiki.seal.der.Oids;

/// Wraps a content key for a reader and unwraps it again; the three kinds of slot each have a class.
final class Slots {
    /// Largest slot that is read: RSA-8192 with a long issuer name stays below, X-Wing needs 1.4 KB.
    static final int MAX_BYTES = 8 << 10;

    private final SecureRandom die;

    Slots(SecureRandom die) {
        this.die = die;
    }

    Slot wrap(Secret contentKey, Reader reader) {
        return No.READER_KEY.unless(() -> {
            var info = switch (reader) {
                case Reader.XWing x -> XWingSlot.wrap(contentKey, x, die);
                case Reader.Foreign f
                when Certificates.isP256(f.certificate().getPublicKey()) -> EcdhSlot.wrap(contentKey, f, die);
                case Reader.Foreign f
                when Certificates.isRsa(f.certificate().getPublicKey()) -> OaepSlot.wrap(contentKey, f, die);
                case Reader.Foreign f -> throw No.READER_KEY.refusal();
            };
            return new Slot(reader.keyId(), Bytes.of(Der.write(info)));
        });
    }

    /// @return the 32-byte content key
    Secret unwrap(Slot slot, Opener opener) {
        return No.SEAL_BROKEN.unless(() -> {
            var info = info(slot.encoded());
            var key = switch (opener) {
                case Opener.XWing x -> XWingSlot.unwrap(kem(info), x);
                case Opener.Foreign f
                when info.getInfo() instanceof KeyAgreeRecipientInfo kari -> EcdhSlot.unwrap(kari, f);
                case Opener.Foreign f -> OaepSlot.unwrap(KeyTransRecipientInfo.getInstance(info.getInfo()), f);
            };
            if (key.size() != LetterBody.KEY) {
                throw new GeneralSecurityException("a content key has 32 bytes");
            }
            return key;
        });
    }

    /// Reads a RecipientInfo of one of our three kinds; the key's ID is found in it, so that slots can be
    /// told apart without any key.
    static Slot read(byte[] encoded) throws IOException {
        var info = info(Bytes.of(encoded));
        var keyId = switch (info.getInfo()) {
            case KeyAgreeRecipientInfo kari -> EcdhSlot.keyId(kari);
            case KeyTransRecipientInfo ktri -> OaepSlot.keyId(ktri);
            default -> XWingSlot.keyId(kem(info));
        };
        return new Slot(keyId, Bytes.of(encoded));
    }

    private static RecipientInfo info(Bytes encoded) throws IOException {
        if (encoded.size() > MAX_BYTES) {
            throw new IOException("slot too large");
        }
        var bytes = encoded.toArray();
        var info = RecipientInfo.getInstance(Der.read(bytes));
        var typed = switch (info.getInfo()) {
            case KeyAgreeRecipientInfo kari -> new RecipientInfo(kari);
            case KeyTransRecipientInfo ktri -> new RecipientInfo(ktri);
            default ->
                new RecipientInfo(new OtherRecipientInfo(
                        Oids.ORI_KEM,
                        KEMRecipientInfo.getInstance(
                                OtherRecipientInfo.getInstance(info.getInfo()).getValue())));
        };
        Der.same(typed, bytes);
        return typed;
    }

    private static KEMRecipientInfo kem(RecipientInfo info) throws IOException {
        if (!(info.getInfo() instanceof OtherRecipientInfo other)) {
            throw new IOException("not a KEM slot");
        }
        return KEMRecipientInfo.getInstance(other.getValue());
    }

    /// AES-256 key wrap (RFC 3394); its integrity check tells a wrong key.
    static byte[] keyWrap(Secret kek, Secret contentKey) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AESWrap");
        kek.lend(k -> unchecked(() -> {
            cipher.init(Cipher.WRAP_MODE, new SecretKeySpec(k, "AES"));
            return true;
        }));
        return contentKey.lend(c -> unchecked(() -> cipher.wrap(new SecretKeySpec(c, "AES"))));
    }

    static Secret keyUnwrap(Secret kek, byte[] wrapped) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AESWrap");
        kek.lend(k -> unchecked(() -> {
            cipher.init(Cipher.UNWRAP_MODE, new SecretKeySpec(k, "AES"));
            return true;
        }));
        return Secret.taking(cipher.unwrap(wrapped, "AES", Cipher.SECRET_KEY).getEncoded());
    }

    /// Lends cannot throw checked exceptions: they travel through as unchecked and meet [No#unless]
    /// outside.
    private static <T> T unchecked(java.util.concurrent.Callable<T> work) {
        try {
            return work.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
