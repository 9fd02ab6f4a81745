package org.mizuhiki.mail;

import java.util.Locale;
import java.util.Map;

/// The words of an HTML text: tags, comments, scripts and styles left out, in one pass. It is no HTML
/// parser and need
/// not be one: what it gives is shown as plain text, whatever it was.
final class MarkedUp {
    private static final Map<String, String> NAMED =
            Map.of("amp", "&", "lt", "<", "gt", ">", "quot", "\"", "nbsp", " ", "apos", "'");
    private static final int LONGEST_ENTITY = 8;

    private MarkedUp() {}

    static String words(String html) {
        var lower = html.toLowerCase(Locale.ROOT);
        var text = new StringBuilder();
        int at = 0;
        while (at < html.length()) {
            char c = html.charAt(at);
            if (c == '<') {
                at = behindTag(lower, at, text);
            } else if (c == '&') {
                at = entity(html, at, text);
            } else {
                text.append(c);
                at++;
            }
        }
        return withoutGaps(text.toString().replaceAll("[ \t]+", " "));
    }

    /// At most one empty line in a row; in a loop, as an expression would go as deep as there are lines.
    private static String withoutGaps(String text) {
        var out = new StringBuilder();
        int empty = 0;
        for (var line : (Iterable<String>) text.lines()::iterator) {
            empty = line.isBlank() ? empty + 1 : 0;
            if (empty < 2) {
                out.append(line.strip()).append('\n');
            }
        }
        return out.toString().strip();
    }

    private static int behindTag(String lower, int at, StringBuilder text) {
        if (lower.startsWith("<!--", at)) {
            return behind(lower, at, "-->");
        }
        for (var hidden : new String[] {"script", "style", "head", "title"}) {
            if (lower.startsWith("<" + hidden, at)) {
                return behind(lower, at, "</" + hidden + ">");
            }
        }
        if (lower.startsWith("<br", at) || lower.startsWith("</p", at) || lower.startsWith("</div", at)) {
            text.append('\n');
        }
        return behind(lower, at, ">");
    }

    private static int behind(String lower, int at, String end) {
        int found = lower.indexOf(end, at);
        return found < 0 ? lower.length() : found + end.length();
    }

    private static int entity(String html, int at, StringBuilder text) {
        int end = html.indexOf(';', at, Math.min(html.length(), at + LONGEST_ENTITY + 1));
        if (end > at) {
            var known = NAMED.get(html.substring(at + 1, end));
            if (known != null) {
                text.append(known);
                return end + 1;
            }
        }
        text.append('&');
        return at + 1;
    }
}
