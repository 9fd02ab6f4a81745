package org.mizuhiki.devices;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.chip.ChipOrder;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.trust.Member;

/// Orders to chips that are elsewhere, as an institution gives them: it signs with the key of the chip's
/// manager, or with a provider's for its own service, and the chip itself checks that.
public interface ChipOrders {
    /// Most orders of an answer.
    int MOST = 200;

    /// What is known of a device's chip, and what this institution ordered of it, newest first.
    ///
    /// @throws org.mizuhiki.house.Refusal `chip-unknown` (it never proved itself), `chip-not-heard` (it
    ///     never reported: `mizuhiki chip sync` at the device)
    ChipStanding standing(Member.Device device);

    /// Leaves an order for the chip to fetch. The same again gives the same answer. One that its manager signed
    /// takes the place of one of the same number that still waits, whoever left that.
    ///
    /// @throws org.mizuhiki.house.Refusal `chip-unknown`, `chip-not-heard`, `order-number` (another came
    ///     before: sign again), `order-signer` (neither the manager's nor the provider's of that service),
    ///     `order-slot-changes` (a provider's, while its service may be coming or going), `orders-too-many`
    ///     (100; of a provider's, 5 about a slot)
    void place(SignedOrder signed);

    /// @param information what the manufacturer signed: the manager's key, and which device it is
    /// @param next number of the next order
    record ChipStanding(Digest chip, Bytes information, int next, List<PlacedOrder> orders) {
        public ChipStanding {
            orders = List.copyOf(orders);
        }
    }

    /// How far an order has got.
    enum OrderState {
        WAITING,
        DONE,
        /// The chip found that it could not be done, such as an installation into a slot that is taken.
        IMPOSSIBLE,
        /// Its number was used at the device itself meanwhile; it will never be carried out.
        OVERTAKEN
    }

    /// @param service its name, as the chip has it
    /// @param receipt the chip's words, once it has said them
    record PlacedOrder(
            int number,
            ChipOrder.Action action,
            int slot,
            String service,
            Instant placed,
            OrderState state,
            Optional<KeptReceipt> receipt) {
        static PlacedOrder of(
                SignedOrder signed,
                Optional<OrderReceipt> receipt,
                int last,
                Instant placed,
                Optional<Instant> received) {
            var order = signed.order();
            var state = receipt.map(r -> r.done() ? OrderState.DONE : OrderState.IMPOSSIBLE)
                    .orElse(signed.number() > last ? OrderState.WAITING : OrderState.OVERTAKEN);
            return new PlacedOrder(
                    signed.number(),
                    order.action(),
                    order.slot(),
                    name(order.service()),
                    placed,
                    state,
                    receipt.flatMap(r -> received.map(at -> new KeptReceipt(r.record(), r.signature(), at))));
        }
    }

    /// The chip's signed word, see [OrderReceipt].
    record KeptReceipt(Bytes record, Bytes signature, Instant at) {}

    private static String name(Bytes service) {
        return new String(service.toArray(), StandardCharsets.US_ASCII).replace("\0", "");
    }
}
