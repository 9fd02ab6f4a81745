package org.mizuhiki.ledger.tree;

import java.util.Optional;
import java.util.regex.Pattern;

/// The address of a tile or an entry bundle, as in C2SP tlog-tiles.
///
/// @param level 0 and up, or [#ENTRIES] for a bundle of entries
/// @param n which one of its level
/// @param width hashes or entries in it, 1 to 256
public record Tile(int level, long n, int width) {
    public static final int ENTRIES = -1;
    public static final int FULL = 256;

    private static final Pattern FORM = Pattern.compile(
            "tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\\.p/([1-9][0-9]{0,2}))?");

    public boolean full() {
        return width == FULL;
    }

    /// Such as `tile/0/x001/234.p/7`.
    public String path() {
        return "tile/" + (level == ENTRIES ? "entries" : level) + "/" + index() + (full() ? "" : ".p/" + width);
    }

    private String index() {
        var text = "%03d".formatted(n % 1000);
        for (long rest = n / 1000; rest > 0; rest /= 1000) {
            text = "x%03d/".formatted(rest % 1000) + text;
        }
        return text;
    }

    /// Reads a path strictly: what is not exactly an address of the specification (`..`, a leading zero)
    /// is nothing.
    public static Optional<Tile> parse(String path) {
        var m = FORM.matcher(path);
        if (!m.matches()) {
            return Optional.empty();
        }
        int level = m.group(1).equals("entries") ? ENTRIES : Integer.parseInt(m.group(1));
        long n = Long.parseLong(m.group(2).replaceAll("[x/]", ""));
        int width = m.group(3) == null ? FULL : Integer.parseInt(m.group(3));
        var tile = new Tile(level, n, width);
        return tile.path().equals(path) && (m.group(3) == null || width < FULL) ? Optional.of(tile) : Optional.empty();
    }
}
