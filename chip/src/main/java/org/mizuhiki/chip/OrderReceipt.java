package org.mizuhiki.chip;

import java.nio.ByteBuffer;
import java.security.PublicKey;
import java.util.Arrays;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Crypto;
import org.mizuhiki.house.Refusal;

/// What became of an order, in the chip's own words.
///
/// @param record `number(4) ‖ INS ‖ P1 ‖ P2 ‖ SHA-256 of the body ‖ status(2)`; zeros before the first
///     order
/// @param signature the chip's identity key over `"MZEKEY1R" ‖ chip(32) ‖ record`
public record OrderReceipt(Bytes record, Bytes signature) {
    private static final int RECORD = 4 + 3 + 32 + 2;
    private static final int DONE = 0x9000;
    private static final int LONGEST_SIGNATURE = 72;

    /// @throws Refusal `receipt-malformed`
    public OrderReceipt {
        if (record.size() != RECORD || signature.size() == 0 || signature.size() > LONGEST_SIGNATURE) {
            throw Refusal.of("receipt-malformed", "チップの受領証の形式が正しくありません", "The chip's receipt is malformed");
        }
    }

    static OrderReceipt read(Bytes answer) {
        var raw = answer.toArray();
        return new OrderReceipt(
                Bytes.of(Arrays.copyOf(raw, RECORD)), Bytes.of(Arrays.copyOfRange(raw, RECORD, raw.length)));
    }

    /// Of the last order; 0 before the first.
    public int number() {
        return ByteBuffer.wrap(record.toArray()).getInt();
    }

    /// Which slot it was about.
    public int slot() {
        return record.toArray()[Integer.BYTES + 1];
    }

    public boolean done() {
        return status() == DONE;
    }

    private int status() {
        return ByteBuffer.wrap(record.toArray()).getShort(RECORD - 2) & 0xffff;
    }

    /// Whether it speaks of exactly this order.
    public boolean isFor(SignedOrder signed) {
        return isFor(signed.number(), signed.order());
    }

    /// Whether the chip says that this service is gone from it.
    ///
    /// @param service 16 bytes
    public boolean isRemovalOf(Bytes service) {
        return done() && slot() > 0 && isFor(number(), ChipOrder.remove(slot(), service));
    }

    private boolean isFor(int number, ChipOrder order) {
        var expected = EKey.joined(
                EKey.number(number, 4),
                Bytes.of((byte) order.instruction(), (byte) order.slot(), (byte) order.parameter()),
                Bytes.of(order.body().sha256().toArray()));
        return Bytes.of(Arrays.copyOf(record.toArray(), RECORD - 2)).equals(expected);
    }

    /// Whether the chip said so.
    public boolean isBy(PublicKey identity) {
        return Crypto.verifies(identity, EKeyForms.receipt(identity, record), signature);
    }

    /// @throws Refusal `chip-state`, `chip-service-exists`, `chip-slot-unknown`, `chip-held-by-manager`: why
    ///     the chip could not do it
    public void mustBeDone() {
        if (status() == 0x6986) {
            throw Refusal.of(
                    "chip-held-by-manager",
                    "このサービスはチップの管理者が停止しています。再開は管理者に頼んでください",
                    "The chip's manager has suspended this service; only its manager lets it go on");
        }
        if (status() == 0x6a89) {
            throw Refusal.of(
                    "chip-service-exists",
                    "同じ名前のサービスがもうこのチップにあります。先に削除するか、別の名前にしてください",
                    "A service of this name is on the chip already; remove it first, or name this one otherwise");
        }
        if (!done()) {
            throw Command.refused(status());
        }
    }
}
