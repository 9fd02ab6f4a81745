package org.mizuhiki.usage;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// A calendar month in Japan, by which everything is counted and paid.
public record Month(YearMonth value) implements Comparable<Month> {
    private static final ZoneId JAPAN = ZoneId.of("Asia/Tokyo");
    private static final Pattern FORM = Pattern.compile("2[0-9]{3}-(0[1-9]|1[0-2])");

    /// @param text such as `2026-10`
    /// @throws Refusal `month-malformed`
    public static Month parse(String text) {
        if (!FORM.matcher(text).matches()) {
            throw Refusal.of("month-malformed", "月は 2026-10 の形で書いてください", "A month is written as 2026-10");
        }
        return new Month(YearMonth.parse(text));
    }

    public static Month of(Instant at) {
        return new Month(YearMonth.from(at.atZone(JAPAN)));
    }

    /// The first moment after it.
    public Instant end() {
        return value.plusMonths(1).atDay(1).atStartOfDay(JAPAN).toInstant();
    }

    public Month next() {
        return new Month(value.plusMonths(1));
    }

    @Override
    public int compareTo(Month other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
