package javacard.security;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.util.Arrays;
import java.util.HexFormat;
import org.mizuhiki.javacard.Machine;

/// The parameters of the curve must be set, as on a chip; only those of P-256 are accepted, so there is no
/// other curve on which anybody could be tricked to compute.
abstract class P256Key extends StoredKey implements ECKey {
    static final ECParameterSpec P256 = p256();
    private static final byte[] P = hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    private static final byte[] A = hex("ffffffff00000001000000000000000000000000fffffffffffffffffffffffc");
    private static final byte[] B = hex("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    private static final byte[] G = hex("046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
            + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5");
    private static final byte[] R = hex("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    private static final int DOMAIN = 0b0111_1100;

    P256Key() {}

    P256Key(byte type, int length) {
        super(type, (short) 256, length);
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }

    private static ECParameterSpec p256() {
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec("secp256r1"));
            return parameters.getParameterSpec(ECParameterSpec.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has P-256", e);
        }
    }

    /// On the curve and not the point at infinity: a point that is not would betray the other's key.
    static ECPoint point(byte[] w) {
        var x = new BigInteger(1, w, 1, 32);
        var y = new BigInteger(1, w, 33, 32);
        var p = new BigInteger(1, P);
        var right = x.pow(3).add(new BigInteger(1, A).multiply(x)).add(new BigInteger(1, B));
        boolean on = w[0] == 4
                && x.compareTo(p) < 0
                && y.compareTo(p) < 0
                && y.multiply(y).mod(p).equals(right.mod(p));
        if (!on) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        return new ECPoint(x, y);
    }

    private void expect(byte[] expected, int bit, byte[] buffer, short offset, short length) {
        if (!Arrays.equals(expected, 0, expected.length, buffer, offset, offset + length)) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
        mark(bit);
    }

    final boolean hasDomain() {
        return has(DOMAIN);
    }

    /// As a key of a pair that is made without parameters: the curve is the one of its size.
    final void assumeDomain() {
        for (int bit = 2; bit < 7; bit++) {
            mark(bit);
        }
    }

    @Override
    final byte domainBits() {
        return DOMAIN;
    }

    @Override
    public boolean isInitialized() {
        return hasDomain() && has(1);
    }

    @Override
    public void setFieldFP(byte[] buffer, short offset, short length) {
        expect(P, 2, buffer, offset, length);
    }

    @Override
    public void setA(byte[] buffer, short offset, short length) {
        expect(A, 3, buffer, offset, length);
    }

    @Override
    public void setB(byte[] buffer, short offset, short length) {
        expect(B, 4, buffer, offset, length);
    }

    @Override
    public void setG(byte[] buffer, short offset, short length) {
        expect(G, 5, buffer, offset, length);
    }

    @Override
    public void setR(byte[] buffer, short offset, short length) {
        expect(R, 6, buffer, offset, length);
    }

    @Override
    public void setK(short K) {
        if (K != 1) {
            throw new CryptoException(CryptoException.ILLEGAL_VALUE);
        }
    }

    @Override
    public short getField(byte[] buffer, short offset) {
        return give(P, buffer, offset);
    }

    @Override
    public short getA(byte[] buffer, short offset) {
        return give(A, buffer, offset);
    }

    @Override
    public short getB(byte[] buffer, short offset) {
        return give(B, buffer, offset);
    }

    @Override
    public short getG(byte[] buffer, short offset) {
        return give(G, buffer, offset);
    }

    @Override
    public short getR(byte[] buffer, short offset) {
        return give(R, buffer, offset);
    }

    @Override
    public short getK() {
        return 1;
    }

    private static short give(byte[] value, byte[] buffer, short offset) {
        Machine.current().memory().copyApart(value, 0, buffer, offset, value.length);
        return (short) value.length;
    }
}
