package org.mizuhiki.centre;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.mizuhiki.centre.ConnectionRows.Live;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.InstitutionCode;
import org.mizuhiki.house.PersonId;

/// One institution at the centre.
record SubscriberCounter(PostgresCentre centre, InstitutionCode institution) implements SubscriberDesk {
    /// An answer to what was asked long ago is none to what is wanted today.
    private static final Duration LONGEST_WAIT = Duration.ofDays(1);

    @Override
    public Filed declare(Bytes signed) {
        var checked = centre.filing().checked(signed, institution);
        centre.file(checked);
        return new Filed(checked.id());
    }

    @Override
    public List<Bytes> declarations() {
        return centre.reading(rows -> SaidRows.of(rows, institution, MOST));
    }

    @Override
    public Outcome ask(Wish wish, Optional<PersonId> by) {
        return centre.ask(wish, by, router -> router.subscriber().equals(institution.value()));
    }

    @Override
    public Outcome outcome(Digest request) {
        return centre.reading(rows -> ConnectionRows.request(rows, request)
                        .filter(r -> Connecting.isParty(r, institution))
                        .flatMap(_ -> ConnectionRows.outcome(rows, request)))
                .orElseThrow(Filing::requestUnknown);
    }

    @Override
    public List<Waiting> waiting() {
        return centre.reading(rows -> ConnectionRows.waiting(rows, centre.now(), LONGEST_WAIT)).stream()
                .filter(w -> w.whom().stream().anyMatch(p -> p.owner().equals(institution.value())))
                .toList();
    }

    @Override
    public List<Running> connections() {
        return centre
                .reading(rows -> centre.isProvider(institution)
                        ? ConnectionRows.all(rows, MOST)
                        : ConnectionRows.of(rows, RouterRows.of(rows, institution)))
                .stream()
                .map(SubscriberCounter::running)
                .toList();
    }

    private static Running running(Live live) {
        var i = live.information();
        return new Running(
                i.connection(),
                i.asking().router().identity(),
                i.asked().router().identity(),
                i.service().name(),
                i.group(),
                i.serial(),
                i.since(),
                i.until(),
                live.asking(),
                live.asked());
    }

    @Override
    public void end(String connection) {
        centre.end(connection, "disconnected", live -> centre.isProvider(institution) || isMine(live));
    }

    private boolean isMine(Live live) {
        return PostgresCentre.routers(live).stream().anyMatch(r -> r.startsWith(institution.value() + "/"));
    }

    @Override
    public List<Booked> bookings() {
        return centre.reading(rows -> BookingRows.of(rows, RouterRows.of(rows, institution), centre.now(), MOST));
    }

    @Override
    public void cancel(Digest request) {
        centre.bookings().cancel(request, r -> Connecting.isParty(r, institution));
    }

    @Override
    public List<Maintained> maintained() {
        return centre.reading(rows -> ConnectionRows.maintained(rows, RouterRows.of(rows, institution), MOST));
    }

    @Override
    public Recorded recorded(String connection, long after) {
        return centre.reading(rows -> {
            mayRead(rows, connection);
            return LogRows.of(rows, connection, after).orElseThrow(PostgresCentre::unknown);
        });
    }

    private void mayRead(Handle rows, String connection) {
        if (!centre.isProvider(institution)
                && !ConnectionRows.isOf(rows, connection, RouterRows.of(rows, institution))) {
            throw PostgresCentre.unknown();
        }
    }
}
