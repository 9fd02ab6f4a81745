package org.mizuhiki.wire.bound;

import java.util.Optional;
import java.util.regex.Pattern;
import org.mizuhiki.house.Refusal;

/// One part of a file, `from` to before `end` (RFC 9110, 14).
public record ByteRange(long from, long end) {
    private static final Pattern FORM = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

    public long length() {
        return end - from;
    }

    /// Reads a `Range` header. Several ranges, other units and nonsense are ignored, as the RFC allows: the
    /// whole file is the answer then.
    ///
    /// @throws Refusal `range-unsatisfiable` when the range lies outside the file
    public static Optional<ByteRange> parse(String header, long size) {
        var form = FORM.matcher(header);
        if (!form.matches() || header.equals("bytes=-")) {
            return Optional.empty();
        }
        if (form.group(1).isEmpty()) {
            long count = Math.min(size, Long.parseLong(form.group(2)));
            return Optional.of(checked(new ByteRange(size - count, size), size));
        }
        long from = Long.parseLong(form.group(1));
        long last = form.group(2).isEmpty() ? size - 1 : Long.parseLong(form.group(2));
        if (last < from && !form.group(2).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(checked(new ByteRange(from, Math.min(size, last + 1)), size));
    }

    private static ByteRange checked(ByteRange range, long size) {
        if (range.length() <= 0 || range.from() >= size) {
            throw Refusal.of(
                    "range-unsatisfiable",
                    "要求された範囲はファイル（" + size + "バイト）の外です",
                    "The range asked for lies outside the file of " + size + " bytes");
        }
        return range;
    }

    /// For `Content-Range`.
    public String describe(long size) {
        return "bytes " + from + "-" + (end - 1) + "/" + size;
    }
}
