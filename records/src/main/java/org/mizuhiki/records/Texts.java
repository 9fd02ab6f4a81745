package org.mizuhiki.records;

/// Text that came from outside, made fit for a line on a screen.
final class Texts {
    private Texts() {}

    /// At most `most` characters, and no control characters: they could rewrite a terminal (escape
    /// sequences) or reverse the reading order of a name (bidirectional overrides).
    static String shortened(String text, int most) {
        var out = new StringBuilder();
        text.codePoints()
                .map(c -> Character.isWhitespace(c) ? ' ' : c)
                .filter(Texts::printable)
                .limit(most)
                .forEach(out::appendCodePoint);
        return out.toString().strip();
    }

    private static boolean printable(int c) {
        var kind = Character.getType(c);
        return kind != Character.CONTROL
                && kind != Character.FORMAT
                && kind != Character.SURROGATE
                && kind != Character.UNASSIGNED;
    }
}
