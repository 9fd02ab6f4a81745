package javacard.security;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.Allowance;
import org.mizuhiki.javacard.Machine;

/// ECDSA, RSA (PKCS#1 v1.5) and HMAC with SHA-256. After a power cut it must be initialised again.
public final class Signature {
    public static final byte ALG_HMAC_SHA_256 = 25;
    public static final byte ALG_ECDSA_SHA_256 = 33;
    public static final byte ALG_RSA_SHA_256_PKCS1 = 40;
    public static final byte MODE_SIGN = 1;
    public static final byte MODE_VERIFY = 2;

    private final byte algorithm;
    /// In steps: a signature, or a look at one.
    private static final int COST = 20_000;

    private transient byte mode;
    private transient @Nullable StoredKey key;
    private transient java.security.@Nullable Signature engine;
    private transient @Nullable Mac mac;

    @SuppressWarnings("unused") // revival from an image fills the field
    private Signature() {
        this((byte) 0);
    }

    private Signature(byte algorithm) {
        this.algorithm = algorithm;
    }

    public static Signature getInstance(byte algorithm, boolean externalAccess) {
        Allowance.allot(1024);
        return switch (algorithm) {
            case ALG_HMAC_SHA_256, ALG_ECDSA_SHA_256, ALG_RSA_SHA_256_PKCS1 -> new Signature(algorithm);
            default -> throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        };
    }

    public byte getAlgorithm() {
        return algorithm;
    }

    public short getLength() {
        return switch (algorithm) {
            case ALG_HMAC_SHA_256 -> 32;
            case ALG_ECDSA_SHA_256 -> 72;
            default -> 256;
        };
    }

    public void init(Key theKey, byte theMode) {
        var fits = theMode == MODE_SIGN
                ? theKey instanceof P256Private || theKey instanceof RsaPrivate || theKey instanceof MacKey
                : theKey instanceof P256Public || theKey instanceof RsaPublic || theKey instanceof MacKey;
        if (!fits || (theMode != MODE_SIGN && theMode != MODE_VERIFY) || !(theKey instanceof StoredKey stored)) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        if (!stored.isInitialized()) {
            throw new CryptoException(CryptoException.UNINITIALIZED_KEY);
        }
        mode = theMode;
        key = stored;
        try {
            start(stored);
        } catch (GeneralSecurityException e) {
            // the key's numbers are no key of this algorithm
            key = null;
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
    }

    private void start(StoredKey stored) throws GeneralSecurityException {
        if (algorithm == ALG_HMAC_SHA_256) {
            var made = Mac.getInstance("HmacSHA256");
            made.init(stored.ready(javax.crypto.SecretKey.class));
            mac = made;
            return;
        }
        var made = engine;
        if (made == null) {
            made = java.security.Signature.getInstance(
                    algorithm == ALG_ECDSA_SHA_256 ? "SHA256withECDSA" : "SHA256withRSA");
            engine = made;
        }
        if (mode == MODE_SIGN) {
            made.initSign(
                    stored.ready(java.security.PrivateKey.class),
                    Machine.current().die());
        } else {
            made.initVerify(stored.ready(java.security.PublicKey.class));
        }
    }

    public void update(byte[] inBuff, short inOffset, short inLength) {
        if (key == null) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
        java.util.Objects.checkFromIndexSize(inOffset, inLength, inBuff.length);
        Machine.current().memory().spend(inLength);
        try {
            if (mac != null) {
                mac.update(inBuff, inOffset, inLength);
            } else if (engine != null) {
                engine.update(inBuff, inOffset, inLength);
            }
        } catch (GeneralSecurityException e) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
    }

    public short sign(byte[] inBuff, short inOffset, short inLength, byte[] sigBuff, short sigOffset) {
        if (mode != MODE_SIGN) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
        update(inBuff, inOffset, inLength);
        try {
            return give(finish(), sigBuff, sigOffset);
        } catch (GeneralSecurityException e) {
            throw new CryptoException(CryptoException.ILLEGAL_USE);
        }
    }

    private byte[] finish() throws GeneralSecurityException {
        if (mac != null) {
            return mac.doFinal();
        }
        Machine.current().memory().spend(COST);
        if (engine == null) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
        return engine.sign();
    }

    /// ECDSA over a hash that the applet computed itself; what was updated before is forgotten.
    public short signPreComputedHash(
            byte[] hashBuff, short hashOffset, short hashLength, byte[] sigBuff, short sigOffset) {
        if (mode != MODE_SIGN || key == null) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
        if (algorithm != ALG_ECDSA_SHA_256 || hashLength != 32) {
            throw new CryptoException(CryptoException.ILLEGAL_USE);
        }
        try {
            Machine.current().memory().spend(COST);
            var raw = java.security.Signature.getInstance("NONEwithECDSA");
            raw.initSign(
                    key.ready(java.security.PrivateKey.class), Machine.current().die());
            raw.update(hashBuff, hashOffset, hashLength);
            start(key);
            return give(raw.sign(), sigBuff, sigOffset);
        } catch (GeneralSecurityException e) {
            throw new CryptoException(CryptoException.ILLEGAL_USE);
        }
    }

    private static short give(byte[] signature, byte[] target, short offset) {
        Machine.current().memory().copyApart(signature, 0, target, offset, signature.length);
        return (short) signature.length;
    }

    public boolean verify(
            byte[] inBuff, short inOffset, short inLength, byte[] sigBuff, short sigOffset, short sigLength) {
        if (mode != MODE_VERIFY) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
        java.util.Objects.checkFromIndexSize(sigOffset, sigLength, sigBuff.length);
        update(inBuff, inOffset, inLength);
        try {
            if (mac != null) {
                return MessageDigest.isEqual(
                        mac.doFinal(), Arrays.copyOfRange(sigBuff, sigOffset, sigOffset + sigLength));
            }
            Machine.current().memory().spend(COST);
            return engine != null && engine.verify(sigBuff, sigOffset, sigLength);
        } catch (GeneralSecurityException e) {
            // bytes that are no signature at all; the providers say so by an exception
            return false;
        }
    }
}
