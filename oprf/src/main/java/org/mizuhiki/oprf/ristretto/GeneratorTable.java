package org.mizuhiki.oprf.ristretto;

import java.util.Arrays;

/// Multiples of 256^i times the generator, computed once: 64 additions and four doublings give any multiple
/// of the generator.
final class GeneratorTable {
    private static final int ROWS = 32;
    private static final Multiples[] TABLE = table();

    private GeneratorTable() {}

    private static Multiples[] table() {
        var rows = new Multiples[ROWS];
        var power = new Accumulator(Element.GENERATOR);
        for (int i = 0; i < ROWS; i++) {
            rows[i] = new Multiples(power.toElement(), Multiples.WINDOW);
            for (int bit = 0; bit < 8; bit++) {
                power.twice(bit == 7);
            }
        }
        return rows;
    }

    /// Digits of odd places first, then times 16, then those of even places.
    static Element times(Scalar factor) {
        var digits = factor.signedDigits();
        var chosen = new int[Multiples.POINT];
        var sum = new Accumulator(Element.IDENTITY);
        for (int i = 1; i < digits.length; i += 2) {
            TABLE[i >> 1].choose(digits[i], chosen);
            sum.add(chosen, 0);
        }
        for (int bit = 0; bit < 4; bit++) {
            sum.twice(bit == 3);
        }
        for (int i = 0; i < digits.length; i += 2) {
            TABLE[i >> 1].choose(digits[i], chosen);
            sum.add(chosen, 0);
        }
        var product = sum.toElement();
        sum.wipe();
        Arrays.fill(digits, 0);
        Arrays.fill(chosen, 0);
        return product;
    }
}
