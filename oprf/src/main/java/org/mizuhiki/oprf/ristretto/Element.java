package org.mizuhiki.oprf.ristretto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.mizuhiki.house.Refusal;

/// An element of ristretto255 (RFC 9496): a group of prime order, one encoding for each element. Inside, a
/// point (X, Y, Z, T) of the twisted Edwards curve of RFC 8032 with x = X/Z, y = Y/Z, x·y = T/Z.
public final class Element {
    public static final int BYTES = 32;
    public static final int UNIFORM_BYTES = 64;
    public static final Element IDENTITY = new Element(Field.zero(), Field.ONE, Field.ONE, Field.zero());

    /// The generator (RFC 9496, 4.1, by its encoding of appendix A.1).
    public static final Element GENERATOR =
            decode(HexFormat.of().parseHex("e2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76"));

    final int[] x;
    final int[] y;
    final int[] z;
    final int[] t;

    Element(int[] x, int[] y, int[] z, int[] t) {
        this.x = x;
        this.y = y;
        this.z = z;
        this.t = t;
    }

    /// RFC 9496, 4.3.1. Accepts the identity, which protocols have to refuse themselves.
    ///
    /// @throws Refusal `element-malformed` for everything that [#encode] never writes
    public static Element decode(byte... bytes) {
        if (bytes.length != BYTES) {
            throw malformed();
        }
        var s = Field.decode(bytes, 0);
        // 1. canonical (so the 256th bit is clear) and not negative
        if (!Arrays.equals(Field.encode(s), bytes) || (bytes[0] & 1) == 1) {
            throw malformed();
        }
        // 2. to 13.
        var ss = Field.sqr(s);
        var u1 = Field.sub(Field.ONE, ss);
        var u2 = Field.add(Field.ONE, ss);
        var u2Squared = Field.sqr(u2);
        var v = Field.sub(Field.negate(Field.mul(Field.D, Field.sqr(u1))), u2Squared);
        var inverted = Field.zero();
        int square = Field.sqrtRatio(Field.ONE, Field.mul(v, u2Squared), inverted);
        var denominatorX = Field.mul(inverted, u2);
        var denominatorY = Field.mul(Field.mul(inverted, denominatorX), v);
        var x = Field.abs(Field.mul(Field.add(s, s), denominatorX));
        var y = Field.mul(u1, denominatorY);
        var t = Field.mul(x, y);
        // what came in is on the wire for everybody, so these may branch
        if (square == 0 || Field.negative(t) != 0 || Field.zero(y) != 0) {
            throw malformed();
        }
        return new Element(x, y, Field.ONE, t);
    }

    /// RFC 9496, 4.3.2: 32 bytes.
    public byte[] encode() {
        var u1 = Field.mul(Field.add(z, y), Field.sub(z, y));
        var u2 = Field.mul(x, y);
        var inverted = Field.zero();
        Field.sqrtRatio(Field.ONE, Field.mul(u1, Field.sqr(u2)), inverted);
        var denominator1 = Field.mul(inverted, u1);
        var denominator2 = Field.mul(inverted, u2);
        var zInverted = Field.mul(Field.mul(denominator1, denominator2), t);
        int rotate = Field.negative(Field.mul(t, zInverted));
        var rotatedX = Field.choose(rotate, Field.mul(y, Field.SQRT_M1), x);
        var rotatedY = Field.choose(rotate, Field.mul(x, Field.SQRT_M1), y);
        var denominator = Field.choose(rotate, Field.mul(denominator1, Field.INVSQRT_A_MINUS_D), denominator2);
        int flip = Field.negative(Field.mul(rotatedX, zInverted));
        rotatedY = Field.choose(flip, Field.negate(rotatedY), rotatedY);
        return Field.encode(Field.abs(Field.mul(denominator, Field.sub(z, rotatedY))));
    }

    /// RFC 9496, 4.3.4: maps 64 uniform bytes to a uniform element, and nobody knows its logarithm.
    public static Element fromUniform(byte... uniform) {
        if (uniform.length != UNIFORM_BYTES) {
            throw new IllegalArgumentException("64 bytes are needed, not " + uniform.length);
        }
        return mapped(Field.decode(uniform, 0)).plus(mapped(Field.decode(uniform, Field.BYTES)));
    }

    /// MAP of RFC 9496, 4.3.4.
    private static Element mapped(int[] from) {
        var r = Field.mul(Field.SQRT_M1, Field.sqr(from));
        var u = Field.mul(Field.add(r, Field.ONE), Field.ONE_MINUS_D_SQ);
        var minusOne = Field.negate(Field.ONE);
        var v = Field.mul(Field.sub(minusOne, Field.mul(r, Field.D)), Field.add(r, Field.D));
        var s = Field.zero();
        int square = Field.sqrtRatio(u, v, s);
        var otherS = Field.negate(Field.abs(Field.mul(s, from)));
        s = Field.choose(square, s, otherS);
        var c = Field.choose(square, minusOne, r);
        var n = Field.sub(Field.mul(Field.mul(c, Field.sub(r, Field.ONE)), Field.D_MINUS_ONE_SQ), v);
        var ss = Field.sqr(s);
        var w0 = Field.mul(Field.add(s, s), v);
        var w1 = Field.mul(n, Field.SQRT_AD_MINUS_ONE);
        var w2 = Field.sub(Field.ONE, ss);
        var w3 = Field.add(Field.ONE, ss);
        return new Element(Field.mul(w0, w3), Field.mul(w2, w1), Field.mul(w1, w3), Field.mul(w0, w2));
    }

    public Element plus(Element other) {
        var sum = new Accumulator(this);
        sum.add(new Multiples(other, 1).table(), 0);
        return sum.toElement();
    }

    public Element negated() {
        return new Element(Field.negate(x), y, z, Field.negate(t));
    }

    /// This element added to itself `factor` times, in the same steps for every factor.
    public Element times(Scalar factor) {
        return new Multiples(this, Multiples.WINDOW).times(factor);
    }

    /// The generator times `factor`, faster than [#times].
    public static Element generatorTimes(Scalar factor) {
        return GeneratorTable.times(factor);
    }

    /// Its four points are those with x or y zero. Who meets it stops, so the branch tells nothing.
    public boolean isIdentity() {
        return (Field.zero(x) | Field.zero(y)) != 0;
    }

    /// One element has four points, and one encoding.
    @Override
    public boolean equals(Object other) {
        return other instanceof Element e && MessageDigest.isEqual(encode(), e.encode());
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(encode());
    }

    /// Nothing of its value: a password's element is as good as the password.
    @Override
    public String toString() {
        return "Element[redacted]";
    }

    private static Refusal malformed() {
        return Refusal.of(
                "element-malformed",
                "群の要素が正しくありません（ristretto255の32バイト）",
                "This is no encoding of a ristretto255 element (32 bytes, RFC 9496)");
    }
}
