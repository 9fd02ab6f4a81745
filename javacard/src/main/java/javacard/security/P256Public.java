package javacard.security;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECPublicKeySpec;

final class P256Public extends P256Key implements ECPublicKey {
    P256Public() {}

    P256Public(byte type) {
        super(type, 65);
    }

    @Override
    public void setW(byte[] buffer, short offset, short length) {
        if (length != 65) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        put(0, buffer, offset, length);
    }

    @Override
    public short getW(byte[] buffer, short offset) {
        return get(0, buffer, offset);
    }

    @Override
    Object make() throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(point(part(0)), P256));
    }
}
