package org.mizuhiki.chip;

import java.util.function.Supplier;
import org.mizuhiki.chip.tpm.Keys;
import org.mizuhiki.chip.tpm.Tpm;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// A TPM 2.0 as the element of a terminal: it stamps by its own clock since power-on (Time Stamp with Tick Stamp,
/// A1 to A4). One key, which signs only what the TPM says, and one counter for its whole life.
///
/// Unlike the applet it asks nobody's permission and keeps no quota, and its host decides when mu goes up: a host
/// that stamps two messages at one mu and shows one of them is not found. What it shows is still true, in order,
/// and of this TPM.
public final class TpmTicks {
    private static final int KEY = 0x814d5a80;

    private final TpmElement element;
    private final Secret code;
    private final Secret privacy;

    TpmTicks(TpmElement element, Secret code, Secret privacy) {
        this.element = element;
        this.code = code;
        this.privacy = privacy;
    }

    private <T> T alone(Supplier<T> commands) {
        synchronized (element) {
            return element.asking(commands);
        }
    }

    /// Makes key and counter; what is there already stays as it is.
    ///
    /// @return the key, whose public area the TPM has shown to be that of one that signs nothing else
    /// @throws Refusal `chip-not-permitted` without the owner's word
    public ElementKey install() {
        return alone(() -> {
            element.makeParent();
            if (element.tpm().place(TpmTick.COUNTER).isEmpty()) {
                element.tpm().define(element.owner(), code, TpmTick.counter());
            }
            if (element.tpm().area(KEY).isEmpty()) {
                element.tpm().makeKey(element.owner(), element.parent(), Keys.TICKS, code, KEY);
            }
            return key();
        });
    }

    /// @throws Refusal `chip-empty` before it is installed
    public ElementKey key() {
        return alone(() -> {
            var area = element.tpm().area(KEY).orElseThrow(Slots::empty);
            return new ElementKey(Points.key(Keys.TICKS.point(area)), ElementKey.Kind.TPM);
        });
    }

    /// A1.
    ///
    /// @param asked of [TickStamps#asked]
    public TickStamps.Stamp anchor(Bytes asked) {
        return stamp('1', asked);
    }

    /// A3.
    ///
    /// @param token SHA-256 of the time-stamping authority's token over the anchor
    public TickStamps.Stamp confirm(Digest token) {
        return stamp('2', Bytes.of(token.toArray()));
    }

    /// A4.
    public TickStamps.Stamp stamp(Digest message) {
        return stamp('m', Bytes.of(message.toArray()));
    }

    /// mu goes up first: if the power goes now, a stamp is missing, and none has its place.
    private TickStamps.Stamp stamp(char tag, Bytes content) {
        return alone(() -> {
            var key = key();
            var signs = new Tpm.Shown(KEY, code);
            var counts = new Tpm.Shown(TpmTick.COUNTER, code);
            element.tpm().increment(counts, TpmTick.COUNTER);
            var about = Bytes.of(key.form(tag, content).sha256().toArray());
            var counted = element.tpm().counter(signs, counts, TpmTick.COUNTER, about);
            var timed =
                    element.tpm().time(new Tpm.Shown(Tpm.ENDORSEMENT, privacy), signs, TpmTick.follows(key, counted));
            return new TpmTick(counted, timed).stamp(key);
        });
    }
}
