package org.mizuhiki.vpn;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/// A part of the week, Japanese time.
///
/// @param from minute of the day, 0 to 1439
/// @param to minute of the day at which it is over, 1 to 1440
public record Hours(List<DayOfWeek> days, int from, int to) {
    private static final ZoneOffset JAPAN = ZoneOffset.ofHours(9);

    /// @throws org.mizuhiki.house.Refusal `declaration-malformed`
    public Hours {
        days = List.copyOf(days);
        Words.need(!days.isEmpty(), "days");
        Words.distinct(days, "days");
        Words.need(from >= 0 && from < to && to <= 24 * 60, "hours");
    }

    boolean contain(Instant time) {
        var there = time.atOffset(JAPAN);
        int minute = there.getHour() * 60 + there.getMinute();
        return days.contains(there.getDayOfWeek()) && minute >= from && minute < to;
    }

    /// When the part is over in which this time lies.
    Instant end(Instant time) {
        return time.atOffset(JAPAN).toLocalDate().atStartOfDay().plusMinutes(to).toInstant(JAPAN);
    }
}
