package org.mizuhiki.mail;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.ContentType;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeUtility;
import jakarta.mail.internet.ParameterList;
import jakarta.mail.internet.ParseException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The header fields of one part (RFC 5322, 2.2), unfolded, in their order.
public record Headers(List<Field> fields) {
    /// Fields that are read of one part.
    public static final int MOST = 500;

    private static final int LONGEST_SHOWN = 998;

    /// @param value unfolded, not decoded
    public record Field(String name, String value) {}

    public Headers {
        fields = List.copyOf(fields);
    }

    /// @param block header lines without the empty line behind them
    static Headers read(byte[] block) {
        var fields = new ArrayList<Field>();
        var current = new StringBuilder();
        // lines may hold UTF-8 (RFC 6532); what is no UTF-8 shows as replacement characters
        for (var line : new String(block, StandardCharsets.UTF_8).split("\r?\n", -1)) {
            if (!line.isEmpty() && (line.charAt(0) == ' ' || line.charAt(0) == '\t')) {
                current.append(' ').append(line.strip());
                continue;
            }
            add(fields, current);
            current.setLength(0);
            current.append(line);
        }
        add(fields, current);
        if (fields.size() > MOST) {
            throw Malformed.mail("ヘッダーが多すぎます", "too many header fields");
        }
        return new Headers(fields);
    }

    private static void add(List<Field> fields, CharSequence line) {
        var text = line.toString();
        int colon = text.indexOf(':');
        if (colon > 0) {
            fields.add(new Field(
                    text.substring(0, colon).strip(), text.substring(colon + 1).strip()));
        }
    }

    public List<String> all(String name) {
        return fields.stream()
                .filter(f -> f.name().equalsIgnoreCase(name))
                .map(Field::value)
                .toList();
    }

    /// The value of a field that stands exactly once: of two, one program shows the first and another
    /// the last.
    public Optional<String> only(String name) {
        var found = all(name);
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    /// For people's eyes: decoded (RFC 2047), one line, no control or direction characters.
    public String shown(String name) {
        var found = all(name);
        if (found.isEmpty()) {
            return "";
        }
        try {
            return oneLine(MimeUtility.decodeText(found.getFirst()));
        } catch (UnsupportedEncodingException e) {
            return oneLine(found.getFirst());
        }
    }

    /// A line that cannot pretend to be two, or to read the other way round.
    static String oneLine(String text) {
        var plain = text.codePoints()
                .map(c -> Character.isWhitespace(c) ? ' ' : c)
                .filter(c -> !Character.isISOControl(c) && Character.getType(c) != Character.FORMAT)
                .limit(LONGEST_SHOWN)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append);
        return plain.toString().strip();
    }

    /// The one sender's address; absent when there is none, or more than one, or the field stands twice.
    public Optional<String> sender() {
        return only("From").flatMap(Headers::address);
    }

    private static Optional<String> address(String value) {
        try {
            var all = InternetAddress.parseHeader(value, true);
            return all.length == 1 && isPlain(all[0].getAddress())
                    ? Optional.of(all[0].getAddress().toLowerCase(Locale.ROOT))
                    : Optional.empty();
        } catch (AddressException e) {
            return Optional.empty();
        }
    }

    /// An address that is what it looks like: ASCII, one `@`, nothing quoted.
    static boolean isPlain(String address) {
        return address.length() <= 254 && address.matches("[A-Za-z0-9._%+=/!#$&'*?^`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}");
    }

    /// `text/plain` where none is said, `application/octet-stream` where it cannot be read.
    ContentType type() {
        var said = all("Content-Type");
        try {
            return said.isEmpty() ? new ContentType("text/plain") : new ContentType(said.getFirst());
        } catch (ParseException e) {
            return new ContentType("application", "octet-stream", new ParameterList());
        }
    }

    boolean isType(String... names) {
        var type = type();
        return Arrays.stream(names).anyMatch(n -> n.equalsIgnoreCase(type.getPrimaryType() + "/" + type.getSubType()));
    }

    Optional<String> parameter(String name) {
        return Optional.ofNullable(type().getParameter(name));
    }
}
