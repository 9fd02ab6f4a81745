package org.mizuhiki.devices;

import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.EKeyForms;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.Points;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Member;

/// Orders to chips that are elsewhere, as an institution gives them: it signs with the key of the chip's
/// manager, or with a provider's for its own service, and the chip itself checks that.
public interface ChipOrders {
    /// Most orders of an answer.
    int MOST = 200;

    /// What is known of a device's chip, and what this institution ordered of it, newest first.
    ///
    /// @throws Refusal `chip-unknown` (it never proved itself), `chip-not-heard` (it
    ///     never reported: `mizuhiki chip sync` at the device)
    ChipStanding standing(Member.Device device);

    /// Leaves an order for the chip to fetch. The same again gives the same answer. One that its manager
    /// signed takes the place of one of the same number that still waits, whoever left that.
    ///
    /// @throws Refusal `chip-unknown`, `chip-not-heard`, `order-number` (another came
    ///     before: sign again), `order-signer` (neither the manager's nor the provider's of that service),
    ///     `order-slot-changes` (a provider's, while its service may be coming or going), `orders-too-many`
    ///     (100; of a provider's, 5 about a slot)
    void place(SignedOrder signed);

    /// @param identity point of the chip's own key, after which it is named
    /// @param information what the manufacturer signed: the manager's key, and which device it is
    /// @param next number of the next order
    record ChipStanding(Digest chip, Bytes identity, Bytes information, int next, List<PlacedOrder> orders) {
        public ChipStanding {
            orders = List.copyOf(orders);
        }

        /// For whoever was told this by somebody else: what is said to be done or impossible the chip itself
        /// signed.
        ///
        /// @throws Refusal `chip-of-other-device`, `receipt-not-chips`
        public ChipStanding checked(Member.Device device) {
            var key = Points.key(identity);
            if (!EKeyForms.name(key).equals(chip)
                    || !EKeyForms.text(information).equals(device.identity())) {
                throw Refusal.of(
                        "chip-of-other-device",
                        "認証局が別の機器のチップを返しました",
                        "The authority answered with another device's chip");
            }
            var checked = orders.stream().map(o -> o.checked(key)).toList();
            return new ChipStanding(chip, identity, information, next, checked);
        }
    }

    /// How far an order has got.
    enum OrderState {
        WAITING,
        DONE,
        /// The chip found that it could not be done, such as an installation into a slot that is taken.
        IMPOSSIBLE,
        /// Its number was used, by it or by another order at the device itself; which, the chip did not say.
        UNKNOWN
    }

    /// @param service its name, as the chip has it
    /// @param form what was signed, see [SignedOrder#form]; all else about the order is read from it
    /// @param receipt the chip's words, once it has said them
    record PlacedOrder(
            Bytes form,
            Bytes signature,
            int number,
            ChipOrder.Action action,
            int slot,
            String service,
            Instant placed,
            OrderState state,
            Optional<KeptReceipt> receipt) {
        static PlacedOrder of(SignedOrder signed, boolean waits, Instant placed, Optional<KeptReceipt> receipt) {
            var order = signed.order();
            var state = receipt.map(KeptReceipt::said)
                    .map(said -> said.done() ? OrderState.DONE : OrderState.IMPOSSIBLE)
                    .orElse(waits ? OrderState.WAITING : OrderState.UNKNOWN);
            return new PlacedOrder(
                    signed.form(),
                    signed.signature(),
                    signed.number(),
                    order.action(),
                    order.slot(),
                    name(order.service()),
                    placed,
                    state,
                    receipt);
        }

        private PlacedOrder checked(PublicKey identity) {
            var signed = SignedOrder.read(form, signature);
            receipt.map(KeptReceipt::said).ifPresent(said -> {
                if (!said.isFor(signed) || !said.isBy(identity)) {
                    throw PostgresChipOrders.notTheChips();
                }
            });
            return of(signed, state == OrderState.WAITING, placed, receipt);
        }
    }

    /// The chip's signed word, see [OrderReceipt].
    record KeptReceipt(Bytes record, Bytes signature, Instant at) {
        OrderReceipt said() {
            return new OrderReceipt(record, signature);
        }
    }

    private static String name(Bytes service) {
        return new String(service.toArray(), StandardCharsets.US_ASCII).replace("\0", "");
    }
}
