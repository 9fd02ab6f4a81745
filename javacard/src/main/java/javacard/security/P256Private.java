package javacard.security;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.ECPrivateKeySpec;

final class P256Private extends P256Key implements ECPrivateKey {
    P256Private() {}

    P256Private(byte type) {
        super(type, 32);
    }

    @Override
    public void setS(byte[] buffer, short offset, short length) {
        put(0, buffer, offset, length);
    }

    @Override
    public short getS(byte[] buffer, short offset) {
        return get(0, buffer, offset);
    }

    @Override
    Object make() throws GeneralSecurityException {
        return KeyFactory.getInstance("EC").generatePrivate(new ECPrivateKeySpec(new BigInteger(1, part(0)), P256));
    }
}
