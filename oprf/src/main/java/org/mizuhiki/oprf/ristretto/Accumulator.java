package org.mizuhiki.oprf.ristretto;

import org.bouncycastle.math.ec.rfc7748.X25519Field;

/// A point that is doubled and added to in place, with the complete formulas for a = -1 of Hisil, Wong,
/// Carter and Dawson (2008), the same for all points: there is no case that a branch would have to tell
/// apart.
final class Accumulator {
    private static final int SIZE = X25519Field.SIZE;

    private final int[] x;
    private final int[] y;
    private final int[] z;
    private final int[] t;
    private final int[] a = Field.zero();
    private final int[] b = Field.zero();
    private final int[] c = Field.zero();
    private final int[] d = Field.zero();
    private final int[] e = Field.zero();
    private final int[] f = Field.zero();
    private final int[] g = Field.zero();
    private final int[] h = Field.zero();

    Accumulator(Element start) {
        x = start.x.clone();
        y = start.y.clone();
        z = start.z.clone();
        t = start.t.clone();
    }

    Element toElement() {
        return new Element(x.clone(), y.clone(), z.clone(), t.clone());
    }

    /// Adds the point that stands in `table` at `offset` as {Y+X, Y-X, 2dT, 2Z}.
    void add(int[] table, int offset) {
        sub(y, x, a);
        sum(y, x, b);
        X25519Field.copy(table, offset + SIZE, c, 0);
        X25519Field.mul(a, c, a);
        X25519Field.copy(table, offset, c, 0);
        X25519Field.mul(b, c, b);
        X25519Field.copy(table, offset + 2 * SIZE, c, 0);
        X25519Field.mul(t, c, c);
        X25519Field.copy(table, offset + 3 * SIZE, d, 0);
        X25519Field.mul(z, d, d);
        sub(b, a, e);
        sub(d, c, f);
        sum(d, c, g);
        sum(b, a, h);
        finish(true);
    }

    /// T is needed by an addition only; a doubling that another one follows saves it.
    void twice(boolean withT) {
        X25519Field.sqr(x, a);
        X25519Field.sqr(y, b);
        X25519Field.sqr(z, c);
        sum(c, c, c);
        sum(a, b, h);
        sum(x, y, e);
        X25519Field.sqr(e, e);
        sub(h, e, e);
        sub(a, b, g);
        sum(c, g, f);
        finish(withT);
    }

    private void finish(boolean withT) {
        X25519Field.mul(e, f, x);
        X25519Field.mul(g, h, y);
        X25519Field.mul(f, g, z);
        if (withT) {
            X25519Field.mul(e, h, t);
        }
    }

    private static void sum(int[] p, int[] q, int[] r) {
        X25519Field.add(p, q, r);
        X25519Field.carry(r);
    }

    private static void sub(int[] p, int[] q, int[] r) {
        X25519Field.sub(p, q, r);
        X25519Field.carry(r);
    }

    void wipe() {
        for (var part : new int[][] {x, y, z, t, a, b, c, d, e, f, g, h}) {
            X25519Field.zero(part);
        }
    }
}
