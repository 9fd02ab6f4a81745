package org.mizuhiki.oprf.ristretto;

import java.math.BigInteger;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/// Integers modulo p = 2^255 - 19 as ten limbs of 25 and 26 bits: BouncyCastle's [X25519Field], which has
/// no branches that depend on its arguments, in the words of RFC 9496, chapters 3 and 4. Every operation
/// gives a fresh, carried value, which may enter any other one.
final class Field {
    static final int BYTES = 32;
    static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));

    /// RFC 9496, 4.1: the constants, in decimal as they stand there.
    private static final BigInteger D_VALUE =
            new BigInteger("37095705934669439343138083508754565189542113879843219016388785533085940283555");

    static final int[] ONE = of(BigInteger.ONE);
    static final int[] D = of(D_VALUE);
    static final int[] TWO_D = of(D_VALUE.shiftLeft(1));
    static final int[] SQRT_M1 =
            of(new BigInteger("19681161376707505956807079304988542015446066515923890162744021073123829784752"));
    static final int[] SQRT_AD_MINUS_ONE =
            of(new BigInteger("25063068953384623474111414158702152701244531502492656460079210482610430750235"));
    static final int[] INVSQRT_A_MINUS_D =
            of(new BigInteger("54469307008909316920995813868745141605393597292927456921205312896311721017578"));
    static final int[] ONE_MINUS_D_SQ = of(BigInteger.ONE.subtract(D_VALUE.pow(2)));
    static final int[] D_MINUS_ONE_SQ = of(D_VALUE.subtract(BigInteger.ONE).pow(2));

    private Field() {}

    /// Public constants only: [BigInteger] takes as long as its value says.
    private static int[] of(BigInteger constant) {
        var bigEndian = constant.mod(P).toByteArray();
        var bytes = new byte[BYTES];
        for (int i = 0; i < Math.min(bigEndian.length, BYTES); i++) {
            bytes[i] = bigEndian[bigEndian.length - 1 - i];
        }
        return decode(bytes, 0);
    }

    static int[] zero() {
        return X25519Field.create();
    }

    /// 32 bytes, little end first; the highest bit is ignored, and values from p to 2^255 - 1 are reduced.
    static int[] decode(byte[] bytes, int offset) {
        var value = zero();
        X25519Field.decode255(bytes, offset, value, 0);
        return value;
    }

    /// The one encoding that is smaller than p.
    static byte[] encode(int[] a) {
        var reduced = a.clone();
        X25519Field.normalize(reduced);
        var bytes = new byte[BYTES];
        X25519Field.encode(reduced, bytes, 0);
        return bytes;
    }

    static int[] mul(int[] a, int[] b) {
        var r = zero();
        X25519Field.mul(a, b, r);
        return r;
    }

    static int[] sqr(int[] a) {
        return sqr(a, 1);
    }

    private static int[] sqr(int[] a, int times) {
        var r = zero();
        X25519Field.sqr(a, times, r);
        return r;
    }

    static int[] add(int[] a, int[] b) {
        var r = zero();
        X25519Field.add(a, b, r);
        X25519Field.carry(r);
        return r;
    }

    static int[] sub(int[] a, int[] b) {
        var r = zero();
        X25519Field.sub(a, b, r);
        X25519Field.carry(r);
        return r;
    }

    static int[] negate(int[] a) {
        return sub(zero(), a);
    }

    /// -1 when a is negative, that is odd (RFC 9496, 3.1), otherwise 0.
    static int negative(int[] a) {
        return -(encode(a)[0] & 1);
    }

    /// -1 when equal, otherwise 0.
    static int equal(int[] a, int[] b) {
        return zero(sub(a, b));
    }

    /// -1 when a is zero, otherwise 0.
    static int zero(int[] a) {
        int all = 0;
        for (byte b : encode(a)) {
            all |= b;
        }
        return ((all & 0xff) - 1) >> 31;
    }

    /// `yes` when the mask is -1, `no` when it is 0.
    static int[] choose(int mask, int[] yes, int[] no) {
        var r = no.clone();
        X25519Field.cmov(mask, yes, 0, r, 0);
        return r;
    }

    static int[] abs(int[] a) {
        return choose(negative(a), negate(a), a);
    }

    /// SQRT_RATIO_M1 of RFC 9496, 4.2: writes the root of u/v, or of i·u/v when u/v is no square; never
    /// negative.
    ///
    /// @return -1 when u/v is a square, otherwise 0
    static int sqrtRatio(int[] u, int[] v, int[] root) {
        var v3 = mul(sqr(v), v);
        var v7 = mul(sqr(v3), v);
        var r = mul(mul(u, v3), toThePowerOfPMinus5Over8(mul(u, v7)));
        var check = mul(v, sqr(r));
        var minusU = negate(u);
        int correct = equal(check, u);
        int flipped = equal(check, minusU);
        int flippedByI = equal(check, mul(minusU, SQRT_M1));
        r = choose(flipped | flippedByI, mul(SQRT_M1, r), r);
        X25519Field.copy(abs(r), 0, root, 0);
        return correct | flipped;
    }

    /// a^(2^252 - 3), by squaring and multiplying; the exponent is no secret.
    private static int[] toThePowerOfPMinus5Over8(int[] a) {
        var ones2 = mul(sqr(a), a);
        var ones4 = mul(sqr(ones2, 2), ones2);
        var ones5 = mul(sqr(ones4), a);
        var ones10 = mul(sqr(ones5, 5), ones5);
        var ones20 = mul(sqr(ones10, 10), ones10);
        var ones40 = mul(sqr(ones20, 20), ones20);
        var ones50 = mul(sqr(ones40, 10), ones10);
        var ones100 = mul(sqr(ones50, 50), ones50);
        var ones200 = mul(sqr(ones100, 100), ones100);
        var ones250 = mul(sqr(ones200, 50), ones50);
        return mul(sqr(ones250, 2), a);
    }
}
