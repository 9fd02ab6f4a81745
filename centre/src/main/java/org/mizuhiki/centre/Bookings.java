package org.mizuhiki.centre;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.database.Database;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Connections for later. Nothing of them is in memory: whatever is booked begins also after a crash, late if
/// it must, and ends when it was to end.
///
/// @param told rings for routers that have new orders
record Bookings(Database database, Connecting connecting, Supplier<Instant> now, Consumer<List<String>> told) {
    private static final int AT_ONCE = 500;
    private static final Logger LOG = LoggerFactory.getLogger(Bookings.class);

    /// @throws Refusal `booking-time`, `bookings-too-many`
    void check(Handle rows, Request request, Instant asked) {
        var begins = request.begins();
        if (begins.isEmpty()) {
            return;
        }
        if (begins.get().isAfter(asked.plus(SubscriberDesk.FURTHEST))) {
            throw Refusal.of("booking-time", "予約は92日先までです", "A booking is for at most 92 days ahead");
        }
        if (BookingRows.count(rows, request.asking().identity(), asked) >= SubscriberDesk.MOST) {
            throw Refusal.of(
                    "bookings-too-many",
                    "この機器の予約が多すぎます。不要な予約を取り消してください",
                    "This router has too many bookings; take some back");
        }
    }

    /// Those whose time has come are decided again, as things stand now. One that fails stops no other.
    void begin() {
        for (var id : database.reading(rows -> BookingRows.due(rows, now.get(), AT_ONCE))) {
            try {
                told.accept(database.inTransaction(rows -> open(rows, id)
                        .map(request -> {
                            connecting.decide(rows, request, now.get());
                            return routers(request);
                        })
                        .orElse(List.of())));
            } catch (RuntimeException e) {
                LOG.warn("a booked connection could not begin, next try soon: {}", e.toString());
            }
        }
    }

    /// @throws Refusal `booking-unknown`
    void cancel(Digest id, Predicate<Request> mine) {
        database.inTransaction(rows -> {
            var request = open(rows, id).filter(mine).orElseThrow(Bookings::unknown);
            var outcome = Connecting.outcome(request, SubscriberDesk.State.CANCELLED, Optional.empty());
            ConnectionRows.request(rows, request, outcome);
            return outcome;
        });
    }

    /// Both routers first, then the look: it may have been taken back, or begun, meanwhile.
    private static Optional<Request> open(Handle rows, Digest id) {
        var request = ConnectionRows.request(rows, id).filter(r -> r.begins().isPresent());
        request.ifPresent(r -> RouterRows.lock(rows, routers(r)));
        return request.filter(_ -> ConnectionRows.outcome(rows, id)
                .filter(o -> o.state() == SubscriberDesk.State.BOOKED || o.state() == SubscriberDesk.State.WAITING)
                .isPresent());
    }

    private static List<String> routers(Request request) {
        return List.of(request.asking().identity(), request.asked().identity());
    }

    private static Refusal unknown() {
        return Refusal.of(
                "booking-unknown",
                "その予約はないか、すでに始まったか、関係者ではありません",
                "There is no such booking, it has begun, or it is not yours");
    }
}
