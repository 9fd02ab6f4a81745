package org.mizuhiki.devices;

import java.util.List;
import java.util.Optional;
import org.mizuhiki.chip.OrderReceipt;
import org.mizuhiki.chip.SignedOrder;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.trust.Affiliation;
import org.mizuhiki.trust.Member;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Call;
import org.mizuhiki.wire.Caller;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Orders to chips over HTTP: institutions and their professionals place them, devices fetch them with
/// their tier-1 certificate. Nothing is remembered by `Idempotency-Key`: the same order, and the same
/// report, give the same answer by themselves.
public final class DeviceRoutes {
    static final String ORDERS = "/v1/chip-orders";
    static final String RECEIPTS = "/v1/chip-receipts";
    private static final int MAX_BODY = 4 << 10;

    private DeviceRoutes() {}

    /// @param form see [SignedOrder#form]
    public record ChipOrderBody(Bytes form, Bytes signature) {
        static ChipOrderBody of(SignedOrder signed) {
            return new ChipOrderBody(signed.form(), signed.signature());
        }

        SignedOrder signed() {
            return SignedOrder.read(form, signature);
        }
    }

    /// @param record see [OrderReceipt]
    public record ChipReceiptBody(Digest chip, Bytes record, Bytes signature) {}

    /// @param order absent when nothing waits
    public record NextOrderBody(Optional<ChipOrderBody> order) {}

    public static List<Route> of(PostgresChipOrders orders) {
        return List.of(
                Route.get(
                                ORDERS,
                                "A device's chip and the caller's orders to it (?device=vendor/model/serial)",
                                Access.INSTITUTION,
                                ChipOrders.ChipStanding.class,
                                call -> new Reply.Json(seen(orders, call)
                                        .standing(Member.Device.parse(
                                                call.query("device").orElse("")))))
                        .alsoFor(Access.PROFESSIONAL),
                Route.post(
                                ORDERS,
                                "Leave a signed order for a chip to fetch",
                                Access.INSTITUTION,
                                ChipOrderBody.class,
                                ChipOrderBody.class,
                                call -> place(orders, call))
                        .alsoFor(Access.PROFESSIONAL)
                        .upTo(MAX_BODY)
                        .remembersNothing(),
                Route.post(
                                RECEIPTS,
                                "A chip's word about its last order, for its next one",
                                Access.DEVICE,
                                ChipReceiptBody.class,
                                NextOrderBody.class,
                                call -> report(orders, call))
                        .upTo(MAX_BODY)
                        .remembersNothing());
    }

    private static Reply place(PostgresChipOrders orders, Call call) {
        var body = call.body(ChipOrderBody.class);
        seen(orders, call).place(body.signed());
        return new Reply.Json(body);
    }

    private static Reply report(PostgresChipOrders orders, Call call) {
        var body = call.body(ChipReceiptBody.class);
        var next = orders.report(device(call.caller()), body.chip(), new OrderReceipt(body.record(), body.signature()));
        return new Reply.Json(new NextOrderBody(next.map(ChipOrderBody::of)));
    }

    private static ChipOrders seen(PostgresChipOrders orders, Call call) {
        return orders.of(Affiliation.of(call.caller()).code());
    }

    /// A service on the device may not speak for its chip.
    private static Member.Device device(Caller caller) {
        if (caller instanceof Caller.Device d) {
            return new Member.Device(d.vendor(), d.model(), d.serial());
        }
        throw Refusal.of(
                "caller-not-allowed",
                "チップの報告は、機器証明書（1階層目）で接続して行ってください",
                "A chip reports over the device's own certificate (tier 1)");
    }
}
