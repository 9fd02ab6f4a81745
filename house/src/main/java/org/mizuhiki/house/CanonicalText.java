package org.mizuhiki.house;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The text form of [Canonical]: RFC 8785 restricted to one flat object of strings.
final class CanonicalText {
    private final String text;
    private int at;

    private CanonicalText(String text) {
        this.text = text;
    }

    static String write(Map<String, String> fields) {
        var out = new StringBuilder("{");
        fields.forEach((key, value) -> {
            out.append(out.length() > 1 ? "," : "");
            quote(key, out);
            out.append(':');
            quote(value, out);
        });
        return out.append('}').toString();
    }

    /// What needs no escape, nearly all there is, is copied as it stands.
    private static void quote(String value, StringBuilder out) {
        out.append('"');
        int plain = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\' || c < ' ') {
                out.append(value, plain, i).append(escaped(c));
                plain = i + 1;
            }
        }
        out.append(value, plain, value.length()).append('"');
    }

    private static String escaped(char c) {
        return switch (c) {
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            case '\b' -> "\\b";
            case '\f' -> "\\f";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> "\\u%04x".formatted((int) c);
        };
    }

    static SortedMap<String, String> read(String text) {
        var reader = new CanonicalText(text);
        var fields = reader.object();
        if (reader.at != text.length()) {
            throw refused();
        }
        return fields;
    }

    private SortedMap<String, String> object() {
        var fields = new TreeMap<String, String>();
        expect('{');
        if (peek() == '}') {
            at++;
            return fields;
        }
        while (true) {
            var key = string();
            expect(':');
            if (fields.put(key, string()) != null) {
                throw refused();
            }
            if (peek() == '}') {
                at++;
                return fields;
            }
            expect(',');
        }
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (peek() != '"') {
            char c = next();
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = next();
        return switch (c) {
            case '"', '\\' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw refused();
        };
    }

    private char hex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(next(), 16);
            if (digit < 0) {
                throw refused();
            }
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private char peek() {
        if (at >= text.length()) {
            throw refused();
        }
        return text.charAt(at);
    }

    private char next() {
        char c = peek();
        at++;
        return c;
    }

    private void expect(char c) {
        if (next() != c) {
            throw refused();
        }
    }

    static Refusal refused() {
        return Refusal.of(
                "record-not-canonical",
                "記録が正規の形ではありません。改ざんまたは破損の可能性があるため受け付けません",
                "The record is not in its canonical form; it was damaged or altered and is refused");
    }
}
