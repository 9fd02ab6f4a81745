package javacardx.crypto;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Objects;
import javacard.security.CryptoException;
import javacard.security.Key;
import javacard.security.RSAPrivateCrtKey;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.JcaKey;
import org.mizuhiki.javacard.Machine;

/// RSA with the padding of PKCS#1 v1.5 and a private key, which is how a card signs a DigestInfo that was
/// made outside: "encrypts" with block type 1. After a power cut it must be initialised again.
public final class Cipher {
    public static final byte ALG_RSA_PKCS1 = 10;
    public static final byte MODE_ENCRYPT = 2;

    /// What the padding needs at least (RFC 8017, 9.2).
    private static final int PADDING = 11;

    private final byte algorithm;
    private transient @Nullable Key key;

    @SuppressWarnings("unused") // revival from an image fills the field
    private Cipher() {
        this((byte) 0);
    }

    private Cipher(byte algorithm) {
        this.algorithm = algorithm;
    }

    public static Cipher getInstance(byte algorithm, boolean externalAccess) {
        if (algorithm != ALG_RSA_PKCS1) {
            throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        }
        return new Cipher(algorithm);
    }

    public byte getAlgorithm() {
        return algorithm;
    }

    public void init(Key theKey, byte theMode) {
        if (!(theKey instanceof RSAPrivateCrtKey) || theMode != MODE_ENCRYPT) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        if (!theKey.isInitialized()) {
            throw new CryptoException(CryptoException.UNINITIALIZED_KEY);
        }
        key = theKey;
    }

    public short doFinal(byte[] inBuff, short inOffset, short inLength, byte[] outBuff, short outOffset) {
        if (!(key instanceof JcaKey jca)) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
        Objects.checkFromIndexSize(inOffset, inLength, inBuff.length);
        int size = key.getSize() / 8;
        if (inLength > size - PADDING) {
            throw new CryptoException(CryptoException.ILLEGAL_USE);
        }
        Machine.current().memory().spend(20_000);
        try {
            var engine = javax.crypto.Cipher.getInstance("RSA/ECB/PKCS1Padding");
            engine.init(javax.crypto.Cipher.ENCRYPT_MODE, jca.ready(PrivateKey.class));
            var out = engine.doFinal(inBuff, inOffset, inLength);
            Machine.current().memory().copyApart(out, 0, outBuff, outOffset, out.length);
            return (short) out.length;
        } catch (GeneralSecurityException e) {
            throw new CryptoException(CryptoException.ILLEGAL_USE);
        }
    }
}
