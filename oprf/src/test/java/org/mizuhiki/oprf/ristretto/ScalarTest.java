package org.mizuhiki.oprf.ristretto;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

/// Scalars against [BigInteger], which is right but takes as long as its values say.
class ScalarTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final BigInteger L = Scalar.ORDER;

    static byte[] littleEndian(BigInteger value, int length) {
        var bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = value.shiftRight(8 * i).byteValue();
        }
        return bytes;
    }

    private static BigInteger value(Scalar scalar) {
        return scalar.lend(ScalarTest::bigEndian);
    }

    private static BigInteger bigEndian(byte... littleEndian) {
        var reversed = new byte[littleEndian.length];
        for (int i = 0; i < reversed.length; i++) {
            reversed[i] = littleEndian[littleEndian.length - 1 - i];
        }
        return new BigInteger(1, reversed);
    }

    private static void assertArithmetic(Scalar a, Scalar b) {
        var x = value(a);
        var y = value(b);
        assertEquals(x.add(y).mod(L), value(a.plus(b)));
        assertEquals(x.subtract(y).mod(L), value(a.minus(b)));
        assertEquals(x.multiply(y).mod(L), value(a.times(b)));
        assertEquals(x.signum() == 0 ? BigInteger.ZERO : x.modInverse(L), value(a.inverse()));
        assertEquals(a, Scalar.decode(littleEndian(x, Scalar.BYTES)));
        var digits = BigInteger.ZERO;
        var signed = a.signedDigits();
        for (int i = signed.length - 1; i >= 0; i--) {
            assertTrue(signed[i] >= -8 && signed[i] <= 8);
            digits = digits.shiftLeft(4).add(BigInteger.valueOf(signed[i]));
        }
        assertEquals(x, digits);
    }

    @RepeatedTest(300)
    void arithmeticIsThatOfWholeNumbers() {
        assertArithmetic(Scalar.random(DIE), Scalar.random(DIE));
    }

    @Test
    void arithmeticHoldsAtTheEdges() {
        var edges = new BigInteger[] {
            BigInteger.ZERO,
            BigInteger.ONE,
            BigInteger.TWO,
            L.subtract(BigInteger.ONE),
            L.subtract(BigInteger.TWO),
            BigInteger.ONE.shiftLeft(252),
            BigInteger.ONE.shiftLeft(252).subtract(BigInteger.ONE),
            L.shiftRight(1),
            new BigInteger("ffffffff".repeat(7), 16)
        };
        for (var a : edges) {
            for (var b : edges) {
                assertArithmetic(
                        Scalar.decode(littleEndian(a, Scalar.BYTES)), Scalar.decode(littleEndian(b, Scalar.BYTES)));
            }
        }
    }

    @Test
    void theOrderAndMoreAreRefused() {
        for (var large : new BigInteger[] {
            L,
            L.add(BigInteger.ONE),
            L.shiftLeft(1),
            BigInteger.TWO.pow(255),
            BigInteger.TWO.pow(256).subtract(BigInteger.ONE)
        }) {
            var refusal = assertThrows(Refusal.class, () -> Scalar.decode(littleEndian(large, Scalar.BYTES)));
            assertEquals("scalar-malformed", refusal.code());
        }
        assertThrows(Refusal.class, () -> Scalar.decode(new byte[31]));
        assertThrows(Refusal.class, () -> Scalar.decode(new byte[33]));
    }

    @Test
    void wideNumbersAreReduced() {
        var most = BigInteger.TWO.pow(512).subtract(BigInteger.ONE);
        var top = new byte[Scalar.WIDE_BYTES];
        Arrays.fill(top, 32, 64, (byte) 0xff);
        var low = new byte[Scalar.WIDE_BYTES];
        Arrays.fill(low, 0, 32, (byte) 0xff);
        for (var wide : new byte[][] {
            littleEndian(most, 64), top, low, new byte[64], littleEndian(L, 64), littleEndian(L.multiply(L), 64)
        }) {
            assertEquals(bigEndian(wide).mod(L), value(Scalar.reduce(wide)));
        }
    }

    @FuzzTest(maxDuration = "60s")
    void reducingIsTheRemainder(byte[] bytes) {
        var wide = Arrays.copyOf(bytes, Scalar.WIDE_BYTES);
        assertEquals(bigEndian(wide).mod(L), value(Scalar.reduce(wide)));
    }

    @RepeatedTest(300)
    void reducingChanceIsTheRemainder() {
        var wide = new byte[Scalar.WIDE_BYTES];
        DIE.nextBytes(wide);
        reducingIsTheRemainder(wide);
    }

    @Test
    void aScalarIsSilentAndCanBeWiped() {
        var secret = Scalar.random(DIE);
        assertEquals("Scalar[redacted]", secret.toString());
        assertEquals(Scalar.random(DIE).hashCode(), secret.hashCode());
        assertNotEquals(Scalar.random(DIE), secret);
        assertFalse(secret.isZero());
        secret.close();
        assertTrue(secret.isZero());
    }
}
