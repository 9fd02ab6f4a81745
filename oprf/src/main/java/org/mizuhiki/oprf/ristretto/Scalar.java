package org.mizuhiki.oprf.ristretto;

import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// An integer modulo l = 2^252 + 27742317777372353535851937790883648493, the order of the group: a key, a
/// share of one, a blind. Always a secret: wiped on close, redacted, compared and computed in constant
/// time.
///
/// Kept as eight limbs of 32 bits, smallest first, smaller than l; multiplied as Montgomery did (CIOS, with
/// R = 2^256), whose steps are the same for all values.
public final class Scalar implements AutoCloseable {
    public static final int BYTES = 32;
    public static final int WIDE_BYTES = 64;
    static final BigInteger ORDER =
            BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

    private static final int LIMBS = 8;
    private static final long MASK = 0xffff_ffffL;
    private static final int[] L = limbs(ORDER);
    private static final long MINUS_L_INVERTED =
            ORDER.modInverse(BigInteger.TWO.pow(32)).negate().intValue() & MASK;
    private static final int[] R_SQUARED = limbs(BigInteger.TWO.pow(512).mod(ORDER));
    private static final int[] R_CUBED = limbs(BigInteger.TWO.pow(768).mod(ORDER));
    private static final int[] R_ONCE = limbs(BigInteger.TWO.pow(256).mod(ORDER));
    private static final int[] ONE = limbs(BigInteger.ONE);
    private static final BigInteger INVERTING = ORDER.subtract(BigInteger.TWO);

    private final int[] limbs;

    private Scalar(int[] limbs) {
        this.limbs = limbs;
    }

    /// Public constants only.
    private static int[] limbs(BigInteger constant) {
        var limbs = new int[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            limbs[i] = constant.shiftRight(32 * i).intValue();
        }
        return limbs;
    }

    /// Reads 32 bytes, little end first.
    ///
    /// @throws Refusal `scalar-malformed` when the length is another or the value is not smaller than l
    public static Scalar decode(byte... bytes) {
        if (bytes.length != BYTES) {
            throw malformed();
        }
        var limbs = read(bytes, 0);
        // without a borrow the value is l or more
        if (subtractInto(limbs, L, new int[LIMBS]) == 0) {
            wipe(limbs);
            throw malformed();
        }
        return new Scalar(limbs);
    }

    /// 64 uniform bytes, little end first, modulo l: the remainder is as good as uniform.
    public static Scalar reduce(byte... wide) {
        if (wide.length != WIDE_BYTES) {
            throw new IllegalArgumentException("64 bytes are needed, not " + wide.length);
        }
        var low = read(wide, 0);
        var high = read(wide, BYTES);
        // (low + high·R)·R, then out of Montgomery's form
        var lowR = montgomery(R_SQUARED, low);
        var highR = montgomery(R_CUBED, high);
        var sum = added(lowR, highR);
        var plain = montgomery(sum, ONE);
        wipe(low, high, lowR, highR, sum);
        return new Scalar(plain);
    }

    /// Uniform and not zero.
    public static Scalar random(SecureRandom die) {
        while (true) {
            var wide = new byte[WIDE_BYTES];
            die.nextBytes(wide);
            var drawn = reduce(wide);
            Arrays.fill(wide, (byte) 0);
            if (!drawn.isZero()) {
                return drawn;
            }
        }
    }

    public Scalar plus(Scalar other) {
        return new Scalar(added(limbs, other.limbs));
    }

    public Scalar minus(Scalar other) {
        var difference = new int[LIMBS];
        int borrowed = subtractInto(limbs, other.limbs, difference);
        // one l more when the difference is negative
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            carry += (difference[i] & MASK) + (L[i] & borrowed & MASK);
            difference[i] = (int) carry;
            carry >>>= 32;
        }
        return new Scalar(difference);
    }

    public Scalar times(Scalar other) {
        var reduced = montgomery(limbs, other.limbs);
        var product = montgomery(reduced, R_SQUARED);
        wipe(reduced);
        return new Scalar(product);
    }

    /// The number that gives one when multiplied with this: this^(l-2). Zero's is zero.
    public Scalar inverse() {
        var base = montgomery(limbs, R_SQUARED);
        var power = R_ONCE.clone();
        for (int bit = INVERTING.bitLength() - 1; bit >= 0; bit--) {
            var squared = montgomery(power, power);
            wipe(power);
            power = squared;
            // a bit of l - 2, which everybody knows
            if (INVERTING.testBit(bit)) {
                var multiplied = montgomery(power, base);
                wipe(power);
                power = multiplied;
            }
        }
        var plain = montgomery(power, ONE);
        wipe(base, power);
        return new Scalar(plain);
    }

    /// A zero key would give the same for every password; who meets one stops, so the branch tells nothing.
    public boolean isZero() {
        int all = 0;
        for (int limb : limbs) {
            all |= limb;
        }
        return all == 0;
    }

    /// Lends the 32 bytes, little end first, and wipes them afterwards.
    public <T> T lend(Function<byte[], T> use) {
        var bytes = encode();
        try {
            return use.apply(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    public Secret toSecret() {
        return Secret.taking(encode());
    }

    private byte[] encode() {
        var bytes = new byte[BYTES];
        for (int i = 0; i < BYTES; i++) {
            bytes[i] = (byte) (limbs[i >> 2] >>> (8 * (i & 3)));
        }
        return bytes;
    }

    /// 64 digits from -8 to 8, smallest first, whose sum of digit·16^i is this. The caller wipes them.
    int[] signedDigits() {
        var digits = new int[2 * BYTES];
        for (int i = 0; i < digits.length; i++) {
            digits[i] = (limbs[i >> 3] >>> (4 * (i & 7))) & 15;
        }
        int carry = 0;
        for (int i = 0; i < digits.length - 1; i++) {
            int digit = digits[i] + carry;
            carry = (digit + 8) >> 4;
            digits[i] = digit - (carry << 4);
        }
        digits[digits.length - 1] += carry;
        return digits;
    }

    private static int[] read(byte[] bytes, int offset) {
        var limbs = new int[LIMBS];
        for (int i = 0; i < BYTES; i++) {
            limbs[i >> 2] |= (bytes[offset + i] & 0xff) << (8 * (i & 3));
        }
        return limbs;
    }

    /// The sum modulo l of two numbers smaller than l.
    private static int[] added(int[] a, int[] b) {
        var sum = new int[LIMBS];
        long carry = 0;
        for (int i = 0; i < LIMBS; i++) {
            carry += (a[i] & MASK) + (b[i] & MASK);
            sum[i] = (int) carry;
            carry >>>= 32;
        }
        return atMostOnceL(sum);
    }

    /// a·b/R modulo l. Only a has to be smaller than l; a larger one would run out of the ninth limb.
    private static int[] montgomery(int[] a, int[] b) {
        var t = new int[LIMBS + 1];
        for (int i = 0; i < LIMBS; i++) {
            long factor = b[i] & MASK;
            long carry = 0;
            for (int j = 0; j < LIMBS; j++) {
                carry += (a[j] & MASK) * factor + (t[j] & MASK);
                t[j] = (int) carry;
                carry >>>= 32;
            }
            carry += t[LIMBS] & MASK;
            t[LIMBS] = (int) carry;
            long m = ((t[0] & MASK) * MINUS_L_INVERTED) & MASK;
            carry = (m * (L[0] & MASK) + (t[0] & MASK)) >>> 32;
            for (int j = 1; j < LIMBS; j++) {
                carry += m * (L[j] & MASK) + (t[j] & MASK);
                t[j - 1] = (int) carry;
                carry >>>= 32;
            }
            carry += t[LIMBS] & MASK;
            t[LIMBS - 1] = (int) carry;
            t[LIMBS] = (int) (carry >>> 32);
        }
        var result = atMostOnceL(Arrays.copyOf(t, LIMBS));
        wipe(t);
        return result;
    }

    /// Takes l off a number smaller than 2·l when it is l or more.
    private static int[] atMostOnceL(int[] a) {
        var less = new int[LIMBS];
        int borrowed = subtractInto(a, L, less);
        for (int i = 0; i < LIMBS; i++) {
            a[i] = (a[i] & borrowed) | (less[i] & ~borrowed);
        }
        wipe(less);
        return a;
    }

    /// a - b modulo 2^256; -1 when a is smaller than b, otherwise 0.
    private static int subtractInto(int[] a, int[] b, int[] difference) {
        long borrow = 0;
        for (int i = 0; i < LIMBS; i++) {
            borrow = (a[i] & MASK) - (b[i] & MASK) + borrow;
            difference[i] = (int) borrow;
            borrow >>= 32;
        }
        return (int) borrow;
    }

    private static void wipe(int[]... arrays) {
        for (var array : arrays) {
            Arrays.fill(array, 0);
        }
    }

    private static Refusal malformed() {
        return Refusal.of(
                "scalar-malformed",
                "鍵の値が正しくありません（位数より小さい32バイト）",
                "A scalar has 32 bytes and is smaller than the group's order");
    }

    @Override
    public void close() {
        wipe(limbs);
    }

    @Override
    public boolean equals(Object other) {
        if (!(other instanceof Scalar s)) {
            return false;
        }
        int different = 0;
        for (int i = 0; i < LIMBS; i++) {
            different |= limbs[i] ^ s.limbs[i];
        }
        return different == 0;
    }

    /// Constant: a hash of a secret would say something about it.
    @Override
    public int hashCode() {
        return 1;
    }

    @Override
    public String toString() {
        return "Scalar[redacted]";
    }
}
