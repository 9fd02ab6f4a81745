package org.mizuhiki.bridge.imap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// One command as words (RFC 3501, 9): atoms, quoted strings, literals, lists. Lines, literals and
/// nesting are bounded
/// before anything is kept of them.
public final class Words {
    static final int LONGEST_LINE = 64 << 10;
    private static final int MOST_WORDS = 4000;
    private static final int DEEPEST = 8;

    /// One word.
    public sealed interface Word {
        /// @param text each byte a character, as it came
        /// @param quoted a string, never a keyword
        record Text(String text, boolean quoted) implements Word {
            String upper() {
                return text.toUpperCase(Locale.ROOT);
            }

            byte[] bytes() {
                return text.getBytes(StandardCharsets.ISO_8859_1);
            }

            String utf8() {
                return new String(bytes(), StandardCharsets.UTF_8);
            }
        }

        record Many(List<Word> words) implements Word {
            public Many {
                words = List.copyOf(words);
            }
        }
    }

    /// The client broke the grammar or a bound.
    public static final class Bad extends Exception {
        private static final long serialVersionUID = 1L;
        private final boolean fatal;

        Bad(String message, boolean fatal) {
            super(message);
            this.fatal = fatal;
        }

        /// Nothing that follows can be understood.
        public boolean fatal() {
            return fatal;
        }
    }

    private final InputStream in;
    private final OutputStream out;
    private final int largestLiteral;
    private int most;
    private int ahead = -2;
    private int read;
    private long spent;
    private int kept;

    /// @param out for the answer to a literal that waits for one
    public Words(InputStream in, OutputStream out, int largestLiteral) {
        this.in = in;
        this.out = out;
        this.largestLiteral = largestLiteral;
        this.most = largestLiteral + LONGEST_LINE;
    }

    /// From the next command on, so many bytes of one command are kept, all its literals together.
    void atMost(int bytes) {
        this.most = bytes;
    }

    /// @param bytes that are about to be kept
    private void spend(long bytes) throws Bad {
        spent += bytes;
        if (spent > most) {
            throw new Bad("a command of more than " + most + " bytes", true);
        }
    }

    /// The next command, or nothing at the end of the connection.
    public Optional<List<Word>> next() throws IOException, Bad {
        read = 0;
        kept = 0;
        spent = 0;
        if (peek() < 0) {
            return Optional.empty();
        }
        var words = new ArrayList<Word>();
        while (true) {
            int c = peek();
            if (c == ' ') {
                take();
            } else if (c == '\r' || c == '\n' || c < 0) {
                end();
                return Optional.of(words);
            } else {
                words.add(word(0));
            }
        }
    }

    /// The rest of a line, such as the end of IDLE.
    public Optional<String> line() throws IOException, Bad {
        read = 0;
        spent = 0;
        var text = new StringBuilder();
        for (int c = take(); c != '\n'; c = take()) {
            if (c < 0) {
                return Optional.empty();
            }
            text.append((char) c);
        }
        return Optional.of(text.toString().strip());
    }

    private void end() throws IOException, Bad {
        if (peek() == '\r') {
            take();
        }
        if (peek() == '\n') {
            take();
        }
    }

    private Word word(int depth) throws IOException, Bad {
        if (++kept > MOST_WORDS || depth > DEEPEST) {
            throw bad("too many words, or nested too deep");
        }
        return switch (peek()) {
            case '(' -> many(depth);
            case '"' -> quoted();
            case '{' -> literal();
            case ')' -> throw bad("a closing parenthesis too many");
            default -> atom();
        };
    }

    private Word many(int depth) throws IOException, Bad {
        take();
        var words = new ArrayList<Word>();
        while (peek() != ')') {
            if (peek() == ' ') {
                take();
            } else if (peek() == '\r' || peek() == '\n' || peek() < 0) {
                throw bad("a list without its end");
            } else {
                words.add(word(depth + 1));
            }
        }
        take();
        return new Word.Many(words);
    }

    private Word quoted() throws IOException, Bad {
        take();
        var text = new StringBuilder();
        while (true) {
            int c = take();
            if (c == '"') {
                return new Word.Text(text.toString(), true);
            }
            if (c == '\\') {
                c = take();
            }
            if (c < 0 || c == '\r' || c == '\n') {
                throw bad("a string without its end");
            }
            text.append((char) c);
        }
    }

    /// An atom; brackets hold spaces and parentheses, as in `BODY[HEADER.FIELDS (DATE FROM)]`.
    private Word atom() throws IOException, Bad {
        var text = new StringBuilder();
        int open = 0;
        while (true) {
            int c = peek();
            boolean ends =
                    c < 0 || c == '\r' || c == '\n' || (open == 0 && (c == ' ' || c == '(' || c == ')' || c == '"'));
            if (ends) {
                if (text.isEmpty()) {
                    throw bad("an unexpected character");
                }
                return new Word.Text(text.toString(), false);
            }
            open += c == '[' ? 1 : c == ']' ? -1 : 0;
            text.append((char) take());
        }
    }

    private Word literal() throws IOException, Bad {
        take();
        var digits = new StringBuilder();
        while (peek() >= '0' && peek() <= '9' && digits.length() < 10) {
            digits.append((char) take());
        }
        boolean waits = peek() != '+';
        if (!waits) {
            take();
        }
        if (digits.isEmpty() || take() != '}') {
            throw bad("a malformed literal");
        }
        end();
        long size = Long.parseLong(digits.toString());
        if (size > largestLiteral) {
            throw new Bad("a literal of more than " + largestLiteral + " bytes", true);
        }
        spend(size);
        if (waits) {
            out.write("+ Ready\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }
        var content = new ByteArrayOutputStream((int) Math.min(size, 1 << 16));
        for (long left = size; left > 0; left--) {
            int c = ahead == -2 ? in.read() : ahead;
            ahead = -2;
            if (c < 0) {
                throw new Bad("the connection ended", true);
            }
            content.write(c);
        }
        return new Word.Text(content.toString(StandardCharsets.ISO_8859_1), true);
    }

    private int peek() throws IOException {
        if (ahead == -2) {
            ahead = in.read();
        }
        return ahead;
    }

    private int take() throws IOException, Bad {
        int c = peek();
        ahead = -2;
        if (++read > LONGEST_LINE) {
            throw new Bad("a line of more than " + LONGEST_LINE + " bytes", true);
        }
        spend(1);
        return c;
    }

    /// What is left of the line is read and forgotten, so that the next command is one.
    private Bad bad(String why) throws IOException, Bad {
        while (peek() >= 0 && peek() != '\n') {
            take();
        }
        end();
        return new Bad(why, false);
    }
}
