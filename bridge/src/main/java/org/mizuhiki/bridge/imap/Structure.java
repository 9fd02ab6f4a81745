package org.mizuhiki.bridge.imap;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Enumeration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.mail.Headers;
import org.mizuhiki.mail.Part;

/// ENVELOPE and BODYSTRUCTURE (RFC 3501, 7.4.2).
final class Structure {
    private Structure() {}

    static String envelope(Headers headers) {
        var from = addresses(first(headers, "From"));
        return "(" + text(first(headers, "Date")) + " " + text(first(headers, "Subject")) + " " + from + " "
                + orElse(addresses(first(headers, "Sender")), from) + " "
                + orElse(addresses(first(headers, "Reply-To")), from) + " " + addresses(first(headers, "To")) + " "
                + addresses(first(headers, "Cc")) + " " + addresses(first(headers, "Bcc")) + " "
                + text(first(headers, "In-Reply-To")) + " " + text(first(headers, "Message-ID")) + ")";
    }

    private static String orElse(String value, String other) {
        return value.equals("NIL") ? other : value;
    }

    private static @Nullable String first(Headers headers, String name) {
        var all = headers.all(name);
        return all.isEmpty() ? null : all.getFirst();
    }

    private static String addresses(@Nullable String value) {
        if (value == null || value.isBlank()) {
            return "NIL";
        }
        try {
            var all = new StringBuilder("(");
            for (var address : InternetAddress.parseHeader(value, false)) {
                var whole = String.valueOf(address.getAddress());
                int at = whole.indexOf('@');
                all.append("(")
                        .append(text(address.getPersonal() == null ? null : named(address)))
                        .append(" NIL ")
                        .append(text(at < 0 ? whole : whole.substring(0, at)))
                        .append(" ")
                        .append(text(at < 0 ? "" : whole.substring(at + 1)))
                        .append(")");
            }
            return all.length() == 1 ? "NIL" : all.append(")").toString();
        } catch (AddressException e) {
            return "NIL";
        }
    }

    /// Still encoded (RFC 2047), as it stands in the header.
    private static String named(InternetAddress address) {
        var whole = address.toString();
        int bracket = whole.lastIndexOf('<');
        return bracket <= 0 ? "" : whole.substring(0, bracket).strip().replaceAll("^\"|\"$", "");
    }

    static String body(Part part, boolean extended) {
        if (part.isMultipart() && !part.children().isEmpty()) {
            var all = new StringBuilder("(");
            part.children().forEach(child -> all.append(body(child, extended)));
            all.append(" ").append(text(part.contentType().getSubType()));
            if (extended) {
                all.append(" ").append(parameters(part)).append(" NIL NIL NIL");
            }
            return all.append(")").toString();
        }
        var type = part.mediaType();
        int slash = type.indexOf('/');
        var one = new StringBuilder("(")
                .append(text(type.substring(0, slash)))
                .append(" ")
                .append(text(type.substring(slash + 1)))
                .append(" ")
                .append(parameters(part))
                .append(" ")
                .append(text(first(part.headers(), "Content-ID")))
                .append(" NIL ")
                .append(text(encoding(part)))
                .append(" ")
                .append(part.bodySize());
        if (type.equals("message/rfc822") && part.children().size() == 1) {
            var inside = part.children().getFirst();
            one.append(" ")
                    .append(envelope(inside.headers()))
                    .append(" ")
                    .append(body(inside, extended))
                    .append(" ")
                    .append(part.bodyLines());
        } else if (type.startsWith("text/")) {
            one.append(" ").append(part.bodyLines());
        }
        if (extended) {
            one.append(" NIL ").append(disposition(part)).append(" NIL NIL");
        }
        return one.append(")").toString();
    }

    private static String encoding(Part part) {
        var said = first(part.headers(), "Content-Transfer-Encoding");
        return said == null ? "7bit" : said.toLowerCase(Locale.ROOT);
    }

    private static String parameters(Part part) {
        var all = part.contentType().getParameterList();
        if (all == null || all.size() == 0) {
            return part.mediaType().equals("text/plain") ? "(\"charset\" \"us-ascii\")" : "NIL";
        }
        var pairs = new StringBuilder("(");
        for (Enumeration<String> names = all.getNames(); names.hasMoreElements(); ) {
            var name = names.nextElement();
            pairs.append(pairs.length() == 1 ? "" : " ")
                    .append(text(name))
                    .append(" ")
                    .append(text(all.get(name)));
        }
        return pairs.append(")").toString();
    }

    private static String disposition(Part part) {
        var said = first(part.headers(), "Content-Disposition");
        if (said == null) {
            return "NIL";
        }
        int end = said.indexOf(';');
        var kind = text((end < 0 ? said : said.substring(0, end)).strip());
        var name = part.fileName();
        return name.isEmpty() ? "(" + kind + " NIL)" : "(" + kind + " (\"filename\" " + text(name.get()) + "))";
    }

    /// A string of any bytes: quoted where that is allowed, else a literal; what is not there is NIL.
    static String text(@Nullable String value) {
        if (value == null) {
            return "NIL";
        }
        boolean plain =
                value.length() < 1000 && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f && c != '"' && c != '\\');
        if (plain) {
            return "\"" + value + "\"";
        }
        var bytes = value.getBytes(StandardCharsets.UTF_8);
        return "{" + bytes.length + "}\r\n" + new String(bytes, StandardCharsets.ISO_8859_1);
    }

    static List<String> upper(List<String> names) {
        return names.stream().map(n -> n.toUpperCase(Locale.ROOT)).toList();
    }
}
