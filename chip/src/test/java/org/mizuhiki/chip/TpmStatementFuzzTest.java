package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.chip.tpm.Reader;
import org.mizuhiki.chip.tpm.Statement;
import org.mizuhiki.chip.tpm.Writer;
import org.mizuhiki.house.Bytes;

/// Whatever the bytes of a statement are, reading them ends: in a statement, or in the one exception.
@Tag("H8")
class TpmStatementFuzzTest {
    private static final Bytes NAME = Bytes.of(new byte[34]);
    private static final Bytes ABOUT = Bytes.of(new byte[32]);

    private static final ElementKey ELEMENT = new ElementKey(Factory.CA.getPublic(), ElementKey.Kind.TPM);

    private static Writer head(int type) {
        return new Writer()
                .number32(0xff544347)
                .number16(type)
                .sized(NAME)
                .sized(ABOUT)
                .bytes(Bytes.of(new byte[25]));
    }

    private static Bytes time() {
        return head(0x8019)
                .number32(0)
                .number32(77)
                .bytes(Bytes.of(new byte[8]))
                .number32(3)
                .number32(4)
                .bytes(Bytes.of(new byte[9]))
                .done();
    }

    private static Bytes counter() {
        return head(0x8014)
                .sized(NAME)
                .number16(0)
                .number16(8)
                .number32(0)
                .number32(9)
                .done();
    }

    private static void read(byte[] input) {
        var raw = Bytes.of(input);
        try {
            assertTrue(Statement.read(raw).about().size() <= input.length);
        } catch (Reader.Malformed e) {
            assertFalse(String.valueOf(e.getMessage()).isBlank());
        }
        var stamp = new TickStamps.Stamp(1, Bytes.of(new byte[16]), 1, raw);
        assertFalse(ELEMENT.isStamp(ABOUT.sha256(), stamp));
    }

    @Test
    void bothKindsAreReadAndNothingShorterOrLonger() {
        assertEquals(new Statement.Time(ABOUT, 77, 3, 4), Statement.read(time()));
        assertEquals(new Statement.Counter(ABOUT, NAME, 9), Statement.read(counter()));
        for (var whole : new Bytes[] {time(), counter()}) {
            for (int size = 0; size <= whole.size() + 1; size++) {
                var cut = Bytes.of(Arrays.copyOf(whole.toArray(), size));
                if (size != whole.size()) {
                    assertThrows(Reader.Malformed.class, () -> Statement.read(cut));
                }
            }
        }
    }

    @Test
    void statementsWithAFewBytesChangedAreReadToTheEnd() {
        var dice = new SplittableRandom(Cards.DIE.nextLong());
        for (int i = 0; i < 20_000; i++) {
            var input = (dice.nextBoolean() ? time() : counter()).toArray();
            for (int n = dice.nextInt(1, 4); n > 0; n--) {
                input[dice.nextInt(input.length)] = (byte) dice.nextInt(256);
            }
            read(Arrays.copyOf(input, dice.nextInt(4) == 0 ? dice.nextInt(input.length) : input.length));
        }
    }

    @FuzzTest
    void anyBytesAreAStatementOrMalformed(byte[] input) {
        read(input);
    }
}
