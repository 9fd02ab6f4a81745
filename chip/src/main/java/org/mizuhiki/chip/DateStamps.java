package org.mizuhiki.chip;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;

/// On which date an element stamped messages (Date Stamp with Tick Stamp). One anchor proves only that what
/// follows was later. So there is one before and one after; the date is proven when both fall on it.
public final class DateStamps {
    /// The calendar of the visits.
    public static final ZoneId ZONE = ZoneId.of("Asia/Tokyo");

    /// @param asked what the service asked the anchor for
    /// @param time of the time stamp (RFC 3161) over the anchor, which the caller has verified
    public record Anchor(Bytes asked, TickStamps.Stamp stamp, Instant time) {}

    /// @param date absent when the day changed between the anchors: then only the interval is proven
    public record Proven(Instant after, Instant before, Optional<LocalDate> date) {}

    private DateStamps() {}

    /// All that one element stamped between two anchors of one power-on.
    ///
    /// @throws Refusal `stamp-forged`, `stamp-other-epoch` after a loss of power, `stamp-outside` of the
    ///     anchors, `stamp-missing` when the element stamped something that is not shown
    public static Proven prove(ElementKey element, Anchor opening, List<? extends Counted> stamps, Anchor closing) {
        // 1. every signature is the element's, and its C counts stamps
        boolean genuine = !element.ticking()
                && element.isAnchor(opening.asked(), opening.stamp())
                && element.isAnchor(closing.asked(), closing.stamp())
                && stamps.stream()
                        .allMatch(s -> s.isGenuine(element, opening.stamp().imprint()));
        if (!genuine) {
            throw forged();
        }
        // 2. one power-on: C begins anew after each
        var epoch = opening.stamp().epoch();
        if (!closing.stamp().epoch().equals(epoch)
                || stamps.stream().anyMatch(s -> !s.stamp().epoch().equals(epoch))) {
            throw Refusal.of(
                    "stamp-other-epoch",
                    "素子の電源が切れたため、続きであることを証明できません。新しい時刻認証を取得してください",
                    "The element lost power in between, so nothing joins these stamps; get a new anchor");
        }
        // 3. each lies between the anchors, and none is missing: C and mu go up by one, together
        var taken = stamps.stream().flatMap(s -> s.places().stream()).toList();
        complete(opening.stamp(), taken, closing.stamp());
        // 4. the dates of both anchors
        if (closing.time().isBefore(opening.time())) {
            throw outside();
        }
        return proven(opening, closing);
    }

    /// Between which anchors something was counted, whatever power-on it was of: mu goes on when C begins
    /// anew. All that is proven of what was made offline, in an epoch that ended before it had an anchor;
    /// that nothing is missing is not proven.
    ///
    /// @throws Refusal `stamp-forged`, `stamp-outside` of the anchors
    public static Proven bracket(ElementKey element, Anchor opening, Counted orphan, Anchor closing) {
        var own = orphan instanceof VisitEvidence visit ? visit.bound().anchor() : VisitEvidence.NO_ANCHOR;
        boolean genuine = element.isAnchor(opening.asked(), opening.stamp())
                && element.isAnchor(closing.asked(), closing.stamp())
                && orphan.isGenuine(element, own);
        if (!genuine) {
            throw forged();
        }
        boolean inside = orphan.places().stream()
                        .allMatch(p -> Long.compareUnsigned(opening.stamp().life(), p.life()) < 0
                                && Long.compareUnsigned(
                                                p.life(), closing.stamp().life())
                                        < 0)
                && !closing.time().isBefore(opening.time());
        if (!inside) {
            throw outside();
        }
        return proven(opening, closing);
    }

    private static Proven proven(Anchor opening, Anchor closing) {
        var first = LocalDate.ofInstant(opening.time(), ZONE);
        boolean oneDay = first.equals(LocalDate.ofInstant(closing.time(), ZONE));
        return new Proven(opening.time(), closing.time(), oneDay ? Optional.of(first) : Optional.empty());
    }

    private static void complete(TickStamps.Stamp opening, List<Counted.Place> taken, TickStamps.Stamp closing) {
        var counts = new HashSet<Long>();
        for (var one : taken) {
            long place = one.count() - opening.count();
            boolean inside = place > 0
                    && one.life() - opening.life() == place
                    && closing.count() - opening.count() > place
                    && counts.add(place);
            if (!inside) {
                throw outside();
            }
        }
        boolean whole = closing.count() - opening.count() == taken.size() + 1L
                && closing.life() - opening.life() == taken.size() + 1L;
        if (!whole) {
            throw Refusal.of(
                    "stamp-missing",
                    "素子が行った署名の一部が提出されていません",
                    "The element made stamps between these anchors that are not shown");
        }
    }

    private static Refusal forged() {
        return Refusal.of("stamp-forged", "素子の署名ではありません", "A stamp is not the element's");
    }

    private static Refusal outside() {
        return Refusal.of("stamp-outside", "時刻認証の間の署名ではありません", "A stamp does not lie between the anchors");
    }
}
