package org.mizuhiki.bridge.imap;

import java.util.ArrayList;
import java.util.List;

/// A set of numbers such as `1,4:7,9:*` (RFC 3501, sequence-set).
record Numbers(List<Range> ranges) {
    private static final int MOST = 2000;

    record Range(long from, long to) {}

    /// @param last what `*` stands for
    static Numbers read(String text, long last) throws Words.Bad {
        var parts = text.split(",", MOST + 1);
        if (parts.length > MOST) {
            throw new Words.Bad("too many numbers", false);
        }
        var ranges = new ArrayList<Range>();
        for (var part : parts) {
            int colon = part.indexOf(':');
            long from = number(colon < 0 ? part : part.substring(0, colon), last);
            long to = colon < 0 ? from : number(part.substring(colon + 1), last);
            ranges.add(new Range(Math.min(from, to), Math.max(from, to)));
        }
        return new Numbers(ranges);
    }

    static boolean isNumbers(String text) {
        return text.matches("[0-9*][0-9*:,]{0,20000}");
    }

    private static long number(String text, long last) throws Words.Bad {
        if (text.equals("*")) {
            return last;
        }
        if (!text.matches("[1-9][0-9]{0,9}")) {
            throw new Words.Bad("not a number", false);
        }
        return Long.parseLong(text);
    }

    boolean has(long number) {
        return ranges.stream().anyMatch(r -> r.from() <= number && number <= r.to());
    }
}
