package javacard.security;

import javacard.framework.JCSystem;
import org.mizuhiki.javacard.Allowance;

public class KeyBuilder {
    public static final byte TYPE_RSA_PUBLIC = 4;
    public static final byte TYPE_RSA_CRT_PRIVATE = 6;
    public static final byte TYPE_EC_FP_PUBLIC = 11;
    public static final byte TYPE_EC_FP_PRIVATE = 12;
    public static final byte TYPE_HMAC_TRANSIENT_RESET = 19;
    public static final byte TYPE_HMAC_TRANSIENT_DESELECT = 20;
    public static final byte TYPE_HMAC = 21;

    public static final short LENGTH_RSA_2048 = 2048;
    public static final short LENGTH_EC_FP_256 = 256;
    public static final short LENGTH_HMAC_SHA_256_BLOCK_64 = 64;

    private KeyBuilder() {}

    public static Key buildKey(byte keyType, short keyLength, boolean keyEncryption) {
        Allowance.allot(1024);
        return switch (keyType) {
            case TYPE_EC_FP_PUBLIC -> sized(keyLength == LENGTH_EC_FP_256, new P256Public(keyType));
            case TYPE_EC_FP_PRIVATE -> sized(keyLength == LENGTH_EC_FP_256, new P256Private(keyType));
            case TYPE_RSA_PUBLIC -> sized(keyLength == LENGTH_RSA_2048, new RsaPublic(LENGTH_RSA_2048));
            case TYPE_RSA_CRT_PRIVATE -> sized(keyLength == LENGTH_RSA_2048, new RsaPrivate(LENGTH_RSA_2048));
            case TYPE_HMAC_TRANSIENT_RESET, TYPE_HMAC_TRANSIENT_DESELECT, TYPE_HMAC -> hmac(keyType, keyLength);
            default -> throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        };
    }

    private static Key hmac(byte type, short bytes) {
        boolean known = bytes == LENGTH_HMAC_SHA_256_BLOCK_64;
        return sized(known, new MacKey(type, bytes, event(type), 64));
    }

    private static byte event(byte type) {
        return switch (type) {
            case TYPE_HMAC_TRANSIENT_RESET -> JCSystem.CLEAR_ON_RESET;
            case TYPE_HMAC_TRANSIENT_DESELECT -> JCSystem.CLEAR_ON_DESELECT;
            default -> JCSystem.NOT_A_TRANSIENT_OBJECT;
        };
    }

    private static Key sized(boolean known, Key key) {
        if (!known) {
            throw new CryptoException(CryptoException.NO_SUCH_ALGORITHM);
        }
        return key;
    }
}
