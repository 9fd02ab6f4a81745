package javacard.security;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.javacard.Machine;

/// ECDH on P-256; the result is the x coordinate.
public final class KeyAgreement {
    public static final byte ALG_EC_SVDP_DH_PLAIN = 3;

    private transient @Nullable P256Private key;

    private KeyAgreement() {}

    public static KeyAgreement getInstance(byte algorithm, boolean externalAccess) {
        if (algorithm != ALG_EC_SVDP_DH_PLAIN) {
            throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        }
        return new KeyAgreement();
    }

    public byte getAlgorithm() {
        return ALG_EC_SVDP_DH_PLAIN;
    }

    public void init(PrivateKey privKey) {
        if (!(privKey instanceof P256Private p256)) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        if (!p256.isInitialized()) {
            throw new CryptoException(CryptoException.UNINITIALIZED_KEY);
        }
        key = p256;
    }

    public short generateSecret(
            byte[] publicData, short publicOffset, short publicLength, byte[] secret, short secretOffset) {
        if (key == null) {
            throw new CryptoException(CryptoException.INVALID_INIT);
        }
        if (publicLength != 65) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        Machine.current().memory().spend(10_000);
        try {
            var point = P256Key.point(Arrays.copyOfRange(publicData, publicOffset, publicOffset + publicLength));
            var other = KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point, P256Key.P256));
            var agreement = javax.crypto.KeyAgreement.getInstance("ECDH");
            agreement.init(key.ready(java.security.PrivateKey.class));
            agreement.doPhase(other, true);
            var shared = agreement.generateSecret();
            Machine.current().memory().copyApart(shared, 0, secret, secretOffset, shared.length);
            int length = shared.length;
            Arrays.fill(shared, (byte) 0);
            return (short) length;
        } catch (GeneralSecurityException e) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
    }
}
