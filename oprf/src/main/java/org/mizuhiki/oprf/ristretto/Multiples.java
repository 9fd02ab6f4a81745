package org.mizuhiki.oprf.ristretto;

import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/// A point's first multiples, ready for additions: point number n (from one) stands at (n-1)·40 limbs as
/// {Y+X, Y-X, 2dT, 2Z}. Looking one up reads all of them, so that the cache tells nothing about which it
/// was.
final class Multiples {
    /// Signed digits of four bits: 1 to 8 times the point, or its negative.
    static final int WINDOW = 8;

    private static final int SIZE = X25519Field.SIZE;
    static final int POINT = 4 * SIZE;

    private final int[] table;

    Multiples(Element point, int count) {
        table = new int[count * POINT];
        write(point, 0);
        var sum = new Accumulator(point);
        for (int n = 1; n < count; n++) {
            sum.add(table, 0);
            write(sum.toElement(), n * POINT);
        }
        sum.wipe();
    }

    int[] table() {
        return table;
    }

    private void write(Element point, int offset) {
        X25519Field.copy(Field.add(point.y, point.x), 0, table, offset);
        X25519Field.copy(Field.sub(point.y, point.x), 0, table, offset + SIZE);
        X25519Field.copy(Field.mul(Field.TWO_D, point.t), 0, table, offset + 2 * SIZE);
        X25519Field.copy(Field.add(point.z, point.z), 0, table, offset + 3 * SIZE);
    }

    /// 64 windows: four doublings and one addition each.
    Element times(Scalar factor) {
        var digits = factor.signedDigits();
        var chosen = new int[POINT];
        var sum = new Accumulator(Element.IDENTITY);
        for (int i = digits.length - 1; i >= 0; i--) {
            sum.twice(false);
            sum.twice(false);
            sum.twice(false);
            sum.twice(true);
            choose(digits[i], chosen);
            sum.add(chosen, 0);
        }
        var product = sum.toElement();
        sum.wipe();
        Arrays.fill(digits, 0);
        Arrays.fill(chosen, 0);
        return product;
    }

    /// Writes the point times `digit`, from -8 to 8.
    void choose(int digit, int[] chosen) {
        int negative = digit >> 31;
        int wanted = (digit ^ negative) - negative;
        Arrays.fill(chosen, 0);
        chosen[0] = 1;
        chosen[SIZE] = 1;
        chosen[3 * SIZE] = 2;
        for (int n = 1; n <= WINDOW; n++) {
            int same = ((n ^ wanted) - 1) >> 31;
            int offset = (n - 1) * POINT;
            for (int part = 0; part < POINT; part += SIZE) {
                X25519Field.cmov(same, table, offset + part, chosen, part);
            }
        }
        negate(negative, chosen);
    }

    /// The negative of a point: Y+X and Y-X change places, 2dT its sign.
    private static void negate(int mask, int[] chosen) {
        for (int i = 0; i < SIZE; i++) {
            int difference = (chosen[i] ^ chosen[SIZE + i]) & mask;
            chosen[i] ^= difference;
            chosen[SIZE + i] ^= difference;
            chosen[2 * SIZE + i] = (chosen[2 * SIZE + i] ^ mask) - mask;
        }
    }
}
