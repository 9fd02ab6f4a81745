package org.mizuhiki.devices;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Digest;
import org.mizuhiki.wire.Peer;

/// Fetches a chip's orders, has it carry them out, and brings back what it says. The chip knows what it did
/// last, and the device keeps what the chip said until it was told: after a crash between any two steps
/// the errand simply begins again.
///
/// @param authority with the device's own certificate (tier 1)
public record OrderErrand(Ordered chip, Peer authority) {
    /// A chip, and whoever keeps the codes of its slots.
    public interface Ordered {
        Digest name();

        OrderReceipt receipt();

        /// What the chip said and the authority may not have heard, oldest first; [#receipt] at the end, always.
        /// A device that keeps nothing knows the last only.
        default List<OrderReceipt> untold() {
            return List.of(receipt());
        }

        /// The authority has heard it: later ones are told only once this is on disk.
        default void told(OrderReceipt receipt) {}

        /// See [org.mizuhiki.chip.EKey#carryOut]; the code that an order gives to a slot is made here.
        OrderReceipt carryOut(SignedOrder signed);
    }

    /// @param done whether the chip could do it
    public record Result(SignedOrder signed, boolean done) {}

    /// @return the orders that the chip carried out or found impossible, in turn
    /// @throws org.mizuhiki.house.Refusal those of [PostgresChipOrders#report] and of [Ordered#carryOut]
    public List<Result> run() {
        var results = new ArrayList<Result>();
        var next = tell();
        while (next.isPresent()) {
            var receipt = chip.carryOut(next.get());
            results.add(new Result(next.get(), receipt.done()));
            next = report(receipt);
        }
        return results;
    }

    /// Says what the chip did, without asking it for more: before a key of a service is certified, or its
    /// predecessor's removal would be heard afterwards and end the new certificate.
    ///
    /// @return what waits for the chip
    /// @throws org.mizuhiki.house.Refusal those of [PostgresChipOrders#report]
    public Optional<SignedOrder> tell() {
        var next = Optional.<SignedOrder>empty();
        for (var receipt : chip.untold()) {
            next = report(receipt);
        }
        return next;
    }

    private Optional<SignedOrder> report(OrderReceipt receipt) {
        var said = new DeviceRoutes.ChipReceiptBody(chip.name(), receipt.record(), receipt.signature());
        var answer = authority.post(DeviceRoutes.RECEIPTS, said, DeviceRoutes.NextOrderBody.class);
        chip.told(receipt);
        return answer.order().map(DeviceRoutes.ChipOrderBody::signed);
    }
}
