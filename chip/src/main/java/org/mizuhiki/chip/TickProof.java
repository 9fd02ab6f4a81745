package org.mizuhiki.chip;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Digest;
import org.mizuhiki.house.Refusal;

/// When an element with a timer stamped (Time Stamp with Tick Stamp, A1 to A4).
///
/// @param element whose C counts ticks
/// @param clock what its maker says of its ticks
/// @param stamps who verifies the time-stamping authority
public record TickProof(ElementKey element, TickClock clock, TimeStamps stamps) {
    /// Verifies a token of RFC 3161; room `seal` does.
    @FunctionalInterface
    public interface TimeStamps {
        /// @return the time it says
        /// @throws Refusal for any token that is not a good one over this imprint
        Instant verified(Bytes token, Digest imprint);
    }

    /// All three parts are kept with the stamps: without the last there is no lower bound.
    ///
    /// @param asked what the service asked for, of [TickStamps#asked]
    /// @param before TS1
    /// @param token DER TimeStampToken over [TickStamps.Stamp#imprint] of TS1
    /// @param after TS2, the element's over the token's hash
    public record Anchor(Bytes asked, TickStamps.Stamp before, Bytes token, TickStamps.Stamp after) {}

    public TickProof {
        if (!element.ticking()) {
            throw new IllegalArgumentException("an element whose C counts stamps proves a date, not a time");
        }
    }

    /// By one anchor before or after it; a closing anchor proves more.
    ///
    /// @throws Refusal `stamp-forged`, `stamp-other-epoch`, and those of [TickClock#when]
    public TickClock.Between when(Anchor anchor, Counted counted) {
        var ticks = verified(anchor);
        // a visit says by which anchor it was begun; one before it or after it is as good for its time
        genuine(counted, counted instanceof VisitEvidence v ? v.bound().anchor() : VisitEvidence.NO_ANCHOR);
        sameEpoch(anchor.before(), counted.stamp());
        return clock.when(ticks, counted.stamp().count());
    }

    /// All that was counted between two anchors of one power-on, each with its time, in the order given.
    ///
    /// @throws Refusal `tick-anchors-disagree` for an element that was slowed or hurried; `stamp-missing`
    ///     when it counted something that is not shown; `stamp-forged`, `stamp-other-epoch`,
    ///     `stamp-outside`
    public List<TickClock.Between> prove(Anchor opening, List<? extends Counted> all, Anchor closing) {
        var first = verified(opening);
        var last = verified(closing);
        sameEpoch(opening.before(), closing.before());
        // the element's own ticks must say of the closing anchor what the authority says of it
        var _ = clock.when(first, last.before()).and(clock.when(last, last.before()));
        complete(opening, all, closing);
        var times = new ArrayList<TickClock.Between>();
        for (var counted : all) {
            genuine(counted, opening.before().imprint());
            sameEpoch(opening.before(), counted.stamp());
            long count = counted.stamp().count();
            times.add(clock.when(first, count).and(clock.when(last, count)));
        }
        return List.copyOf(times);
    }

    private TickClock.Anchor verified(Anchor anchor) {
        boolean genuine = element.isAnchor(anchor.asked(), anchor.before())
                && element.isConfirmation(anchor.token().sha256(), anchor.after())
                && Long.compareUnsigned(anchor.before().life(), anchor.after().life()) < 0;
        if (!genuine) {
            throw forged();
        }
        sameEpoch(anchor.before(), anchor.after());
        var time = stamps.verified(anchor.token(), anchor.before().imprint());
        return new TickClock.Anchor(
                anchor.before().count(), time, anchor.after().count());
    }

    private void genuine(Counted counted, Digest anchor) {
        if (!counted.isGenuine(element, anchor)) {
            throw forged();
        }
    }

    private static Refusal forged() {
        return Refusal.of("stamp-forged", "素子の署名ではありません", "A stamp is not the element's");
    }

    private static void sameEpoch(TickStamps.Stamp one, TickStamps.Stamp other) {
        if (!one.epoch().equals(other.epoch())) {
            throw Refusal.of(
                    "stamp-other-epoch",
                    "素子の電源が切れたため、続きであることを証明できません。新しい時刻認証を取得してください",
                    "The element lost power in between, so nothing joins these stamps; get a new anchor");
        }
    }

    /// mu goes up by one: TS1, TS2 and all that was counted, to the closing TS1. TS2 too must lie before that: one
    /// that was asked for later would fill the place of a stamp that is held back.
    private static void complete(Anchor opening, List<? extends Counted> all, Anchor closing) {
        long end = closing.before().life() - opening.before().life();
        var taken = all.stream().flatMap(c -> c.places().stream()).map(Counted.Place::life);
        var lives = new HashSet<Long>();
        Stream.concat(Stream.of(opening.after().life()), taken).forEach(mu -> {
            long life = mu - opening.before().life();
            if (life <= 0 || life >= end || !lives.add(life)) {
                throw Refusal.of("stamp-outside", "時刻認証の間の署名ではありません", "A stamp does not lie between the anchors");
            }
        });
        if (lives.size() + 1L != end) {
            throw Refusal.of(
                    "stamp-missing",
                    "素子が行った署名の一部が提出されていません",
                    "The element made stamps between these anchors that are not shown");
        }
    }
}
