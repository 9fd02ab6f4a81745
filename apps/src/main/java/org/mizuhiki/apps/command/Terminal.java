package org.mizuhiki.apps.command;

/// Somebody else's text on a terminal.
final class Terminal {
    private Terminal() {}

    /// Without escape sequences, which move the cursor, and turn a warning above into praise.
    static String plain(String text) {
        return text.codePoints()
                .filter(c -> c == '\n' || (!Character.isISOControl(c) && Character.getType(c) != Character.FORMAT))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
