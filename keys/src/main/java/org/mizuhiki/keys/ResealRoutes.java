package org.mizuhiki.keys;

import java.util.List;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.keys.Resealing.OwnerSlot;
import org.mizuhiki.seal.Slot;
import org.mizuhiki.wire.Access;
import org.mizuhiki.wire.Reply;
import org.mizuhiki.wire.Route;

/// Sealing again for patients with new keys, over HTTP.
public record ResealRoutes(Resealing resealing) {
    private static final int SMALL = 1024;

    /// A signed statement of 256 KiB in base64, and a slot beside it.
    private static final int MAX_BODY = 400 << 10;

    /// From which letter on.
    public record WrittenBody(Digest after) {}

    /// For which key the owners' slots are.
    public record Written(List<OwnerSlot> slots) {}

    /// The author's statement, and the owner's next slot.
    public record ResealBody(Bytes signed, Slot slot) {}

    public List<Route> routes() {
        return List.of(
                Route.post(
                                "/v1/letters/written",
                                "For which keys the owners' slots of the caller's letters were made",
                                Access.PROFESSIONAL,
                                WrittenBody.class,
                                Written.class,
                                call -> new Reply.Json(new Written(resealing.written(
                                        call.person(),
                                        call.body(WrittenBody.class).after()))))
                        .upTo(SMALL)
                        .remembersNothing(),
                Route.post(
                                "/v1/letters/reseal",
                                "Replaces the owner's slot of the caller's letter by one for the owner's new key",
                                Access.PROFESSIONAL,
                                ResealBody.class,
                                Void.class,
                                call -> {
                                    var body = call.body(ResealBody.class);
                                    resealing.reseal(call.person(), body.signed(), body.slot());
                                    return new Reply.Done();
                                })
                        .upTo(MAX_BODY)
                        .remembersNothing());
    }
}
