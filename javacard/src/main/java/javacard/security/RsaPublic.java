package javacard.security;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPublicKeySpec;

final class RsaPublic extends StoredKey implements RSAPublicKey {
    RsaPublic() {}

    RsaPublic(short bits) {
        super(KeyBuilder.TYPE_RSA_PUBLIC, bits, bits / 8, 3);
    }

    @Override
    public boolean isInitialized() {
        return has(3);
    }

    @Override
    public void setModulus(byte[] buffer, short offset, short length) {
        put(0, buffer, offset, length);
    }

    @Override
    public void setExponent(byte[] buffer, short offset, short length) {
        put(1, buffer, offset, length);
    }

    @Override
    public short getModulus(byte[] buffer, short offset) {
        return get(0, buffer, offset);
    }

    @Override
    public short getExponent(byte[] buffer, short offset) {
        return get(1, buffer, offset);
    }

    @Override
    Object make() throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA")
                .generatePublic(new RSAPublicKeySpec(new BigInteger(1, part(0)), new BigInteger(1, part(1))));
    }
}
