package org.mizuhiki.chip;

import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// An order as it travels: for one chip, at one place of that chip's sequence, signed. Whoever carries it
/// can hold it up, but neither have it carried out twice nor change it, nor bring another before it. Which
/// chip and which number to sign for the authority says: whoever signs remembers both.
///
/// @param number one more than that of the last order
public record SignedOrder(Digest chip, int number, ChipOrder order, Bytes signature) {
    private static final int HEAD = 8;
    private static final int CHIP = 32;
    private static final int COMMAND = HEAD + CHIP + Integer.BYTES;
    private static final int LONGEST_SIGNATURE = 72;

    /// @throws Refusal `order-malformed`
    public SignedOrder {
        if (number < 1 || signature.size() < HEAD || signature.size() > LONGEST_SIGNATURE) {
            throw malformed();
        }
    }

    public static SignedOrder of(Digest chip, int number, ChipOrder order, ChipSigner by) {
        return new SignedOrder(chip, number, order, by.apply(EKeyForms.management(chip, number, order)));
    }

    /// What is signed: `"MZEKEY1M" ‖ chip(32) ‖ number(4) ‖ INS ‖ P1 ‖ P2 ‖ body`.
    public Bytes form() {
        return EKeyForms.management(chip, number, order);
    }

    /// Reads [#form].
    ///
    /// @throws Refusal `order-malformed`
    public static SignedOrder read(Bytes form, Bytes signature) {
        var raw = form.toArray();
        if (raw.length < COMMAND + 3) {
            throw malformed();
        }
        var order = new ChipOrder(
                raw[COMMAND] & 0xff,
                raw[COMMAND + 1] & 0xff,
                raw[COMMAND + 2] & 0xff,
                Bytes.of(Arrays.copyOfRange(raw, COMMAND + 3, raw.length)));
        var chip = Digest.ofHash(Arrays.copyOfRange(raw, HEAD, HEAD + CHIP));
        var read = new SignedOrder(chip, ByteBuffer.wrap(raw).getInt(HEAD + CHIP), order, signature);
        if (!read.form().equals(form)) {
            throw malformed(); // another head
        }
        return read;
    }

    public boolean isBy(PublicKey signer) {
        return Crypto.verifies(signer, form(), signature);
    }

    static void mustBePoint(Bytes point) {
        try {
            Points.key(point);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    static Refusal malformed() {
        return Refusal.of("order-malformed", "チップへの指示の形式が正しくありません", "The order to the chip is malformed");
    }

    static Refusal outOfTurn() {
        return Refusal.of(
                "chip-order-number",
                "指示の番号が、このチップの次の番号ではありません。チップは指示を一度ずつ、番号の順に実行します",
                "The order's number is not this chip's next one: a chip carries orders out once each, in turn");
    }
}
