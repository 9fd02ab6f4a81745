package javacard.security;

import java.util.Arrays;
import javax.crypto.spec.SecretKeySpec;

/// An HMAC key; it may be shorter than its array; zeros behind it do not change the MAC
/// (RFC 2104, section 2).
final class MacKey extends StoredKey implements HMACKey {
    MacKey() {}

    MacKey(byte type, short size, byte event, int length) {
        super(type, size, event, length);
    }

    @Override
    public boolean isInitialized() {
        return has(1);
    }

    @Override
    public void setKey(byte[] keyData, short kOff, short kLen) {
        if (kLen < 1 || kLen > part(0).length) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        java.util.Objects.checkFromIndexSize(kOff, kLen, keyData.length);
        var padded = Arrays.copyOf(Arrays.copyOfRange(keyData, kOff, kOff + kLen), part(0).length);
        put(0, padded, 0, padded.length);
        Arrays.fill(padded, (byte) 0);
    }

    @Override
    public byte getKey(byte[] keyData, short kOff) {
        return (byte) get(0, keyData, kOff);
    }

    @Override
    Object make() {
        return new SecretKeySpec(part(0), "HmacSHA256");
    }
}
