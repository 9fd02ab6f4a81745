package org.mizuhiki.chip;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.mizuhiki.chip.tpm.Reader;
import org.mizuhiki.chip.tpm.Statement;
import org.mizuhiki.chip.tpm.Tpm;
import org.mizuhiki.chip.tpm.Writer;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;

/// A stamp that a TPM 2.0 made, where an applet signs one form: two statements of the TPM, each with what was
/// stamped in it. The first says mu, the second C and what N comes from; the second names the first, so neither
/// is moved to another.
///
///     form    = "MZTPMS1" ‖ tag ‖ element(32) ‖ content
///     counted = TPM2_NV_Certify about SHA-256(form): mu
///     timed   = TPM2_GetTime about SHA-256("MZTPMS1" ‖ 'C' ‖ element(32) ‖ SHA-256(counted)): C, N
///     bytes   = size(2) ‖ counted ‖ r ‖ s ‖ size(2) ‖ timed ‖ r ‖ s
///
/// C is `time`, in milliseconds since power-on. N is the first half of SHA-256("MZTPMS1" ‖ 'N' ‖ element(32) ‖
/// resetCount(4) ‖ restartCount(4)).
record TpmTick(Tpm.Attested counted, Tpm.Attested timed) {
    /// The place of mu: a counter, by TPMA_NV, that has been counted; who has its code reads and counts.
    static final int COUNTER = 0x01804d80;

    private static final int BY_CODE = 1 << 2 | 1 << 18;
    private static final int COUNTS = 1 << 4;
    private static final int NO_LOCK_OUT = 1 << 25;
    private static final int WRITTEN = 1 << 29;
    private static final int SHA256 = 0x000b;
    private static final int SIGNATURE = 64;
    private static final int NONCE = 16;

    /// A TPM names a place by all that it is. Nobody can put another one there that has this name and is not a
    /// counter, and a counter that is made anew goes on where the highest one was (Part 1, 37.2.4).
    private static final Bytes NAME = new Writer()
            .number16(SHA256)
            .bytes(Bytes.of(counter(WRITTEN).sha256().toArray()))
            .done();

    /// TPMS_NV_PUBLIC of the counter as it is defined.
    static Bytes counter() {
        return counter(0);
    }

    private static Bytes counter(int more) {
        return new Writer()
                .number32(COUNTER)
                .number16(SHA256)
                .number32(BY_CODE | COUNTS | NO_LOCK_OUT | more)
                .number16(0)
                .number16(Long.BYTES)
                .done();
    }

    /// @throws Reader.Malformed when it is not so
    static TpmTick read(Bytes raw) {
        return Reader.whole(raw, r -> new TpmTick(attested(r), attested(r)));
    }

    private static Tpm.Attested attested(Reader reader) {
        return new Tpm.Attested(reader.sized(), reader.bytes(SIGNATURE));
    }

    Bytes encoded() {
        return new Writer()
                .sized(counted.statement())
                .bytes(counted.signature())
                .sized(timed.statement())
                .bytes(timed.signature())
                .done();
    }

    private static Bytes hash(Bytes content) {
        return Bytes.of(content.sha256().toArray());
    }

    /// What the second statement is about.
    static Bytes follows(ElementKey element, Tpm.Attested counted) {
        return hash(element.form('C', hash(counted.statement())));
    }

    /// As the host of the TPM sees it: unverified.
    ///
    /// @throws Reader.Malformed when it is not so
    TickStamps.Stamp stamp(ElementKey element) {
        if (Statement.read(counted.statement()) instanceof Statement.Counter mu
                && Statement.read(timed.statement()) instanceof Statement.Time c) {
            return new TickStamps.Stamp(c.time(), epoch(element, c), mu.value(), encoded());
        }
        throw new IllegalStateException("a TPM that says something else than it was asked");
    }

    private static Bytes epoch(ElementKey element, Statement.Time time) {
        var starts = ByteBuffer.allocate(8)
                .putInt(time.resets())
                .putInt(time.restarts())
                .array();
        var all = element.form('N', Bytes.of(starts)).sha256().toArray();
        return Bytes.of(Arrays.copyOf(all, NONCE));
    }

    /// Whether the element stamped this content, at the C, N and mu that the stamp says.
    static boolean isSigned(ElementKey element, char tag, Bytes content, TickStamps.Stamp stamp) {
        try {
            var tick = read(stamp.signature());
            return verifies(element, tick.counted)
                    && verifies(element, tick.timed)
                    && Statement.read(tick.counted.statement()) instanceof Statement.Counter mu
                    && mu.about().equals(hash(element.form(tag, content)))
                    && mu.name().equals(NAME)
                    && mu.value() == stamp.life()
                    && Statement.read(tick.timed.statement()) instanceof Statement.Time c
                    && c.about().equals(follows(element, tick.counted))
                    && c.time() == stamp.count()
                    && epoch(element, c).equals(stamp.epoch());
        } catch (Reader.Malformed e) {
            return false;
        }
    }

    private static boolean verifies(ElementKey element, Tpm.Attested attested) {
        return Crypto.verifies(
                "SHA256withECDSAinP1363Format", element.key(), attested.statement(), attested.signature());
    }
}
