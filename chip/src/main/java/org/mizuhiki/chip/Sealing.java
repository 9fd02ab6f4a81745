package org.mizuhiki.chip;

import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;

/// Whether a terminal's element is sealed, in its own signed words: whoever answers for it asks before it is
/// moved and after, as its host says what it likes.
///
/// @param sealed so that only the service opens it
/// @param life mu, unsigned: if it is the same as before, the element signed nothing that counts on its way
/// @param signature over `Z ‖ element ‖ nonce ‖ sealed(1) ‖ mu(8)`
public record Sealing(boolean sealed, long life, Bytes signature) {
    /// Bytes of the asker's nonce.
    public static final int NONCE = 32;

    private static final int SIGNATURE = 1 + Long.BYTES;
    private static final int LONGEST = SIGNATURE + 72;

    /// `sealed(1) ‖ mu(8) ‖ signature`, as [#encode] writes it.
    ///
    /// @throws Refusal `statement-malformed`
    public static Sealing read(Bytes encoded) {
        var raw = encoded.toArray();
        if (raw.length <= SIGNATURE || raw.length > LONGEST || (raw[0] != 0 && raw[0] != 1)) {
            throw Refusal.of("statement-malformed", "素子の言葉の形式が正しくありません", "The element's statement is malformed");
        }
        return new Sealing(
                raw[0] == 1, TickStamps.unsigned(raw, 1, Long.BYTES), TerminalElement.part(raw, SIGNATURE, raw.length));
    }

    public Bytes encode() {
        return EKey.joined(said(), signature);
    }

    private Bytes said() {
        return EKey.joined(Bytes.of((byte) (sealed ? 1 : 0)), TickStamps.long64(life));
    }

    /// @param nonce 32 fresh bytes of the asker's, as [TerminalElement#sealing] was given them
    public boolean isBy(ElementKey element, Bytes nonce) {
        return nonce.size() == NONCE && Crypto.verifies(element.key(), element.form('Z', nonce, said()), signature);
    }
}
