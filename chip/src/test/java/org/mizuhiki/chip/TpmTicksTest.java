package org.mizuhiki.chip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.chip.tpm.Line;
import org.mizuhiki.chip.tpm.Tpm;
import org.mizuhiki.chip.tpm.Writer;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// What a TPM says of its time and counter, and nothing else, is a stamp; shown with swtpm.
@Tag("H8")
class TpmTicksTest {
    private static final Digest MESSAGE = Bytes.utf8("visit").sha256();
    private static final Bytes CONTENT = Bytes.of(MESSAGE.toArray());

    @TempDir
    Path folder;

    @SuppressWarnings("NullAway.Init")
    private Swtpm chip;

    @SuppressWarnings("NullAway.Init")
    private TpmElement element;

    @SuppressWarnings("NullAway.Init")
    private TpmTicks ticks;

    @SuppressWarnings("NullAway.Init")
    private ElementKey key;

    @BeforeEach
    void powerOn() throws Exception {
        chip = new Swtpm(folder);
        open();
        key = ticks.install();
    }

    private void open() {
        element = TpmElement.open(chip.socket(), Secret.taking());
        ticks = element.ticks(Factory.code(9), Secret.taking());
    }

    @AfterEach
    void powerOff() {
        element.close();
        chip.close();
    }

    private boolean isStamp(TickStamps.Stamp stamp) {
        return key.isStamp(MESSAGE, stamp);
    }

    @Test
    void stampsOfOnePowerOnRiseTogether() throws Exception {
        var first = ticks.stamp(MESSAGE);
        Thread.sleep(20);
        var second = ticks.stamp(MESSAGE);
        assertTrue(isStamp(first) && isStamp(second));
        assertEquals(first.epoch(), second.epoch());
        assertEquals(first.life() + 1, second.life());
        assertTrue(second.count() >= first.count() + 20);
        assertEquals(key, ticks.install(), "what is there stays");
    }

    @Test
    void aLossOfPowerBeginsAnEpochAndTheLifeGoesOn() throws Exception {
        var before = ticks.stamp(MESSAGE);
        element.close();
        chip.cutPower();
        open();
        var after = ticks.stamp(MESSAGE);
        assertTrue(isStamp(after));
        assertNotEquals(before.epoch(), after.epoch());
        assertTrue(after.life() > before.life());
    }

    @Test
    void anyBitOfAStampThatChangesIsFound() {
        var stamp = ticks.stamp(MESSAGE);
        var raw = stamp.signature().toArray();
        for (int bit = 0; bit < raw.length * 8; bit++) {
            var flipped = raw.clone();
            flipped[bit / 8] ^= (byte) (1 << (bit % 8));
            assertFalse(isStamp(with(stamp, Bytes.of(flipped))), "bit " + bit);
        }
        assertFalse(isStamp(with(stamp, EKey.joined(stamp.signature(), Bytes.of((byte) 0)))));
        assertFalse(isStamp(with(stamp, Bytes.of(java.util.Arrays.copyOf(raw, raw.length - 1)))));
        assertFalse(isStamp(with(stamp, Bytes.of())));
        assertFalse(isStamp(new TickStamps.Stamp(stamp.count() + 1, stamp.epoch(), stamp.life(), stamp.signature())));
        assertFalse(isStamp(new TickStamps.Stamp(stamp.count(), stamp.epoch(), stamp.life() + 1, stamp.signature())));
        assertFalse(
                isStamp(new TickStamps.Stamp(stamp.count(), Bytes.of(new byte[16]), stamp.life(), stamp.signature())));
    }

    private static TickStamps.Stamp with(TickStamps.Stamp stamp, Bytes signature) {
        return new TickStamps.Stamp(stamp.count(), stamp.epoch(), stamp.life(), signature);
    }

    @Test
    void noFormOrElementIsTakenForAnother() {
        var stamp = ticks.stamp(MESSAGE);
        assertFalse(key.isConfirmation(MESSAGE, stamp), "a stamp is no confirmation");
        assertTrue(key.isConfirmation(MESSAGE, ticks.confirm(MESSAGE)));
        assertFalse(key.isStamp(MESSAGE, ticks.confirm(MESSAGE)));
        assertFalse(key.isStamp(Bytes.utf8("other").sha256(), stamp));
        assertFalse(new ElementKey(Factory.pair().getPublic(), ElementKey.Kind.TPM).isStamp(MESSAGE, stamp));
    }

    @Test
    void statementsOfTwoStampsAreNotMixed() {
        var one = ticks.stamp(MESSAGE);
        var two = ticks.stamp(MESSAGE);
        var mixed = new TpmTick(
                        TpmTick.read(one.signature()).counted(),
                        TpmTick.read(two.signature()).timed())
                .stamp(key);
        assertFalse(isStamp(mixed), "the mu of one, the time of another");
    }

    /// The host owns the memory of the TPM, and may have the key certify a place that is no counter.
    @Test
    void aPlaceThatIsNoCounterProvesNoLife() {
        try (var tpm = new Tpm(Line.to(chip.socket()))) {
            element.close();
            int place = 0x01804d90;
            var owner = new Tpm.Shown(Tpm.OWNER, Secret.taking());
            var mine = new Tpm.Shown(place, Factory.code(9));
            tpm.define(
                    owner,
                    Factory.code(9),
                    new Writer()
                            .number32(place)
                            .number16(0x000b)
                            .number32(1 << 2 | 1 << 18)
                            .number16(0)
                            .number16(8)
                            .done());
            tpm.write(mine, place, Bytes.of(new byte[] {0, 0, 0, 0, 0, 0, 0, 7}), 0);
            var signs = new Tpm.Shown(0x814d5a80, Factory.code(9));
            var about = Bytes.of(key.form('m', CONTENT).sha256().toArray());
            var counted = tpm.counter(signs, mine, place, about);
            var timed = tpm.time(new Tpm.Shown(Tpm.ENDORSEMENT, Secret.taking()), signs, TpmTick.follows(key, counted));
            var forged = new TpmTick(counted, timed).stamp(key);
            assertEquals(7, forged.life());
            assertFalse(isStamp(forged));
            open();
        }
    }

    @Test
    void theKeySignsNothingThatAHostGivesIt() {
        element.close();
        try (var tpm = new Tpm(Line.to(chip.socket()))) {
            var signs = new Tpm.Shown(0x814d5a80, Factory.code(9));
            assertThrows(RuntimeException.class, () -> tpm.sign(signs, MESSAGE));
        }
        open();
        var stranger = element.ticks(Factory.code(8), Secret.taking());
        assertEquals(
                "chip-not-permitted",
                assertThrows(Refusal.class, () -> stranger.stamp(MESSAGE)).code());
    }
}
