package org.mizuhiki.records.bounded;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Looks over a JSON text (RFC 8259) before a full parser sees it: real UTF-8, one value, no nesting or
/// size that exhausts a parser, and no name twice in an object. A doubled name is how two programs are made
/// to read two different letters under one signature.
public final class JsonGuard {
    /// Deepest nesting of objects and arrays; a national letter needs about 15.
    public static final int MAX_DEPTH = 64;
    /// Most values in one text.
    public static final int MAX_VALUES = 500_000;
    /// Longest number, in characters: a parser may spend quadratic time on longer ones.
    public static final int MAX_NUMBER = 64;

    /// What was wrong first.
    public enum Fault {
        NOT_UTF8,
        NOT_JSON,
        TOO_DEEP,
        TOO_MANY_VALUES,
        DOUBLED_NAME
    }

    /// @param offset in characters from the start
    public record Complaint(Fault fault, int offset) {}

    private static final class Stop extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final Fault fault;

        Stop(Fault fault) {
            super(fault.name(), null, false, false);
            this.fault = fault;
        }
    }

    private final String text;
    private final Deque<Optional<Set<String>>> open = new ArrayDeque<>();
    private int at;
    private int values;

    private JsonGuard(String text) {
        this.text = text;
    }

    public static Optional<Complaint> look(byte[] json) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(json))
                    .toString();
        } catch (CharacterCodingException e) {
            return Optional.of(new Complaint(Fault.NOT_UTF8, 0));
        }
        var guard = new JsonGuard(text);
        try {
            guard.document();
            return Optional.empty();
        } catch (Stop stop) {
            return Optional.of(new Complaint(stop.fault, guard.at));
        }
    }

    /// A loop with its own stack, since recursion is what deep nesting attacks.
    private void document() {
        boolean expectValue = true;
        while (true) {
            space();
            if (expectValue) {
                expectValue = startValue();
            } else if (open.isEmpty()) {
                if (at < text.length()) {
                    throw new Stop(Fault.NOT_JSON);
                }
                return;
            } else {
                expectValue = next();
            }
        }
    }

    /// Reads a scalar, or opens an object or array.
    ///
    /// @return whether a value must follow directly
    private boolean startValue() {
        if (++values > MAX_VALUES) {
            throw new Stop(Fault.TOO_MANY_VALUES);
        }
        return switch (peek()) {
            case '{' -> {
                push(Optional.of(new HashSet<>()));
                yield !closes('}') && name();
            }
            case '[' -> {
                push(Optional.empty());
                yield !closes(']');
            }
            case '"' -> {
                string();
                yield false;
            }
            default -> {
                scalar();
                yield false;
            }
        };
    }

    private void push(Optional<Set<String>> names) {
        if (open.size() >= MAX_DEPTH) {
            throw new Stop(Fault.TOO_DEEP);
        }
        open.push(names);
        at++;
        space();
    }

    private boolean closes(char bracket) {
        if (peek() != bracket) {
            return false;
        }
        at++;
        open.pop();
        return true;
    }

    private boolean next() {
        var names = open.element();
        if (closes(names.isPresent() ? '}' : ']')) {
            return false;
        }
        expect(',');
        space();
        return names.isEmpty() || name();
    }

    private boolean name() {
        var name = string();
        if (!open.element().orElseThrow().add(name)) {
            throw new Stop(Fault.DOUBLED_NAME);
        }
        space();
        expect(':');
        return true;
    }

    private String string() {
        expect('"');
        var out = new StringBuilder();
        while (peek() != '"') {
            char c = text.charAt(at++);
            if (c < ' ') {
                throw new Stop(Fault.NOT_JSON);
            }
            out.append(c == '\\' ? escaped() : c);
        }
        at++;
        return out.toString();
    }

    private char escaped() {
        char c = peek();
        at++;
        return switch (c) {
            case '"', '\\', '/' -> c;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> hex();
            default -> throw new Stop(Fault.NOT_JSON);
        };
    }

    private char hex() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            char c = peek();
            int digit = c < 128 ? Character.digit(c, 16) : -1;
            if (digit < 0) {
                throw new Stop(Fault.NOT_JSON);
            }
            at++;
            value = value * 16 + digit;
        }
        return (char) value;
    }

    private void scalar() {
        for (var word : new String[] {"true", "false", "null"}) {
            if (text.startsWith(word, at)) {
                at += word.length();
                return;
            }
        }
        int start = at;
        while (at < text.length() && "+-.0123456789eE".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
        var number = text.substring(start, Math.min(at, start + MAX_NUMBER + 1));
        if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?") || number.length() > MAX_NUMBER) {
            throw new Stop(Fault.NOT_JSON);
        }
    }

    private void space() {
        while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
            at++;
        }
    }

    private char peek() {
        if (at >= text.length()) {
            throw new Stop(Fault.NOT_JSON);
        }
        return text.charAt(at);
    }

    private void expect(char c) {
        if (peek() != c) {
            throw new Stop(Fault.NOT_JSON);
        }
        at++;
    }
}
