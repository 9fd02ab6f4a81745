package javacard.security;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.spec.RSAPrivateCrtKeySpec;

/// By its primes, as chips keep it; the public exponent is 65537, without which JCA makes no such key.
final class RsaPrivate extends StoredKey implements RSAPrivateCrtKey {
    static final BigInteger EXPONENT = BigInteger.valueOf(65_537);
    private static final int P = 0;
    private static final int Q = 1;
    private static final int DP = 2;
    private static final int DQ = 3;
    private static final int PQ = 4;

    RsaPrivate() {}

    RsaPrivate(short bits) {
        super(KeyBuilder.TYPE_RSA_CRT_PRIVATE, bits, bits / 16, bits / 16, bits / 16, bits / 16, bits / 16);
    }

    @Override
    public boolean isInitialized() {
        return has(0b11111);
    }

    @Override
    public void setP(byte[] buffer, short offset, short length) {
        put(P, buffer, offset, length);
    }

    @Override
    public void setQ(byte[] buffer, short offset, short length) {
        put(Q, buffer, offset, length);
    }

    @Override
    public void setDP1(byte[] buffer, short offset, short length) {
        put(DP, buffer, offset, length);
    }

    @Override
    public void setDQ1(byte[] buffer, short offset, short length) {
        put(DQ, buffer, offset, length);
    }

    @Override
    public void setPQ(byte[] buffer, short offset, short length) {
        put(PQ, buffer, offset, length);
    }

    @Override
    public short getP(byte[] buffer, short offset) {
        return get(P, buffer, offset);
    }

    @Override
    public short getQ(byte[] buffer, short offset) {
        return get(Q, buffer, offset);
    }

    @Override
    public short getDP1(byte[] buffer, short offset) {
        return get(DP, buffer, offset);
    }

    @Override
    public short getDQ1(byte[] buffer, short offset) {
        return get(DQ, buffer, offset);
    }

    @Override
    public short getPQ(byte[] buffer, short offset) {
        return get(PQ, buffer, offset);
    }

    private BigInteger number(int part) {
        return new BigInteger(1, part(part));
    }

    @Override
    Object make() throws GeneralSecurityException {
        var p = number(P);
        var q = number(Q);
        var phi = p.subtract(BigInteger.ONE).multiply(q.subtract(BigInteger.ONE));
        return KeyFactory.getInstance("RSA")
                .generatePrivate(new RSAPrivateCrtKeySpec(
                        p.multiply(q), EXPONENT, EXPONENT.modInverse(phi), p, q, number(DP), number(DQ), number(PQ)));
    }
}
