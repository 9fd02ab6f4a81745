package org.mizuhiki.oprf.ristretto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

class ElementTest {
    private static final SecureRandom DIE = new SecureRandom();

    private static Scalar number(long value) {
        var bytes = new byte[Scalar.BYTES];
        for (int i = 0; i < Long.BYTES; i++) {
            bytes[i] = (byte) (value >>> (8 * i));
        }
        return Scalar.decode(bytes);
    }

    private static Element random() {
        var uniform = new byte[Element.UNIFORM_BYTES];
        DIE.nextBytes(uniform);
        return Element.fromUniform(uniform);
    }

    @Test
    void theGeneratorsMultiplesAreThoseOfTheRfcBySumAndByProduct() {
        var sum = Element.IDENTITY;
        var multiples = Vectors.of("multiple");
        for (int n = 0; n < multiples.size(); n++) {
            var expected = multiples.get(n).getFirst();
            assertEquals(expected, Vectors.hex(sum.encode()), n + " by sum");
            assertEquals(
                    expected, Vectors.hex(Element.GENERATOR.times(number(n)).encode()), n + " by product");
            assertEquals(expected, Vectors.hex(Element.generatorTimes(number(n)).encode()), n + " by table");
            assertEquals(
                    expected,
                    Vectors.hex(Element.decode(Vectors.bytes(expected)).encode()),
                    n + " decoded");
            sum = sum.plus(Element.GENERATOR);
        }
        assertEquals(16, multiples.size());
    }

    @Test
    void everyInvalidEncodingOfTheRfcIsRefused() {
        var invalid = Vectors.of("invalid");
        for (var v : invalid) {
            var bytes = Vectors.bytes(v.getFirst());
            var refusal = assertThrows(Refusal.class, () -> Element.decode(bytes), v.getFirst());
            assertEquals("element-malformed", refusal.code());
        }
        assertEquals(29, invalid.size());
    }

    @Test
    void otherLengthsAreRefused() {
        for (int length : new int[] {0, 1, 31, 33, 64}) {
            assertThrows(Refusal.class, () -> Element.decode(new byte[length]), length + " bytes");
        }
    }

    @Test
    void uniformBytesMapToTheElementsOfTheRfc() {
        var uniform = Vectors.of("uniform");
        for (var v : uniform) {
            assertEquals(
                    v.getLast(),
                    Vectors.hex(Element.fromUniform(Vectors.bytes(v.getFirst())).encode()));
        }
        assertEquals(11, uniform.size());
    }

    @Test
    void rootsOfRatiosAreThoseOfTheRfc() {
        for (var v : Vectors.of("root")) {
            var root = Field.zero();
            int square = Field.sqrtRatio(
                    Field.decode(Vectors.bytes(v.get(0)), 0), Field.decode(Vectors.bytes(v.get(1)), 0), root);
            assertEquals(v.get(2), String.valueOf(square == -1));
            assertEquals(v.get(3), Vectors.hex(Field.encode(root)));
        }
    }

    /// RFC 9380, K.3 has no vector of 64 bytes with SHA-512 that is not longer than a line; the one of
    /// RFC 9497 comes through here as well ([org.mizuhiki.oprf.OprfTest]).
    @Test
    void hashingSeparatesTags() {
        var message = "a password".getBytes(java.nio.charset.StandardCharsets.UTF_8);
        assertEquals(Expansion.toElement(message, new byte[] {1}), Expansion.toElement(message, new byte[] {1}));
        assertNotEquals(Expansion.toElement(message, new byte[] {1}), Expansion.toElement(message, new byte[] {2}));
        assertThrows(IllegalArgumentException.class, () -> Expansion.toScalar(message, new byte[0]));
        assertThrows(IllegalArgumentException.class, () -> Expansion.toScalar(message, new byte[256]));
    }

    @RepeatedTest(20)
    void theLawsOfAGroupHold() {
        var p = random();
        var q = random();
        var r = random();
        assertEquals(p.plus(q), q.plus(p));
        assertEquals(p.plus(q).plus(r), p.plus(q.plus(r)));
        assertEquals(p, p.plus(Element.IDENTITY));
        assertEquals(Element.IDENTITY, p.plus(p.negated()));
        assertEquals(p.plus(p), p.times(number(2)));
        assertNotEquals(p, q);
        assertTrue(p.plus(p.negated()).isIdentity());
        assertFalse(p.isIdentity());
    }

    @RepeatedTest(20)
    void multiplyingFollowsTheScalars() {
        var p = random();
        var a = Scalar.random(DIE);
        var b = Scalar.random(DIE);
        assertEquals(p.times(a.plus(b)), p.times(a).plus(p.times(b)));
        assertEquals(p.times(a.minus(b)), p.times(a).plus(p.times(b).negated()));
        assertEquals(p.times(a.times(b)), p.times(a).times(b));
        assertEquals(p, p.times(a).times(a.inverse()));
        assertEquals(Element.generatorTimes(a), Element.GENERATOR.times(a));
    }

    /// The edges of the signed digits: all 8, all 7, l - 1, a carry through every place.
    @Test
    void multiplyingHoldsAtTheEdgesOfItsDigits() {
        var p = random();
        for (var edge : new BigInteger[] {
            BigInteger.ZERO,
            BigInteger.ONE,
            Scalar.ORDER.subtract(BigInteger.ONE),
            new BigInteger("8".repeat(62), 16),
            new BigInteger("7".repeat(62), 16),
            new BigInteger("f".repeat(62), 16),
            BigInteger.ONE.shiftLeft(252)
        }) {
            var bytes = ScalarTest.littleEndian(edge, Scalar.BYTES);
            var expected = Element.IDENTITY;
            for (int bit = edge.bitLength() - 1; bit >= 0; bit--) {
                expected = expected.plus(expected);
                if (edge.testBit(bit)) {
                    expected = expected.plus(p);
                }
            }
            assertEquals(expected, p.times(Scalar.decode(bytes)), edge.toString(16));
        }
    }

    @RepeatedTest(50)
    void encodingAndDecodingGiveTheSame() {
        var p = random();
        var bytes = p.encode();
        var again = Element.decode(bytes);
        assertEquals(p, again);
        assertEquals(p.hashCode(), again.hashCode());
        assertArrayEquals(bytes, again.encode());
    }

    /// The four points of one element, reached by adding a point of order four on the curve.
    @Test
    void allPointsOfAnElementAreTheSameElement() {
        var p = random();
        var rotated = new Element(Field.mul(p.y, Field.SQRT_M1), Field.mul(p.x, Field.SQRT_M1), p.z, Field.negate(p.t));
        assertEquals(p, rotated);
        assertArrayEquals(p.encode(), rotated.encode());
    }

    /// Whatever is accepted is written back as it came: no element has a second encoding.
    @FuzzTest(maxDuration = "60s")
    void decodingIsExact(byte[] bytes) {
        try {
            assertArrayEquals(bytes, Element.decode(bytes).encode());
        } catch (Refusal refusal) {
            assertEquals("element-malformed", refusal.code());
        }
    }

    @RepeatedTest(200)
    void decodingRandomBytesIsExactOrRefused() throws Exception {
        var bytes = Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(random().encode()), Element.BYTES);
        bytes[0] &= (byte) 0xfe;
        bytes[31] &= 0x7f;
        decodingIsExact(bytes);
    }
}
