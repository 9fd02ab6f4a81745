package org.mizuhiki.bridge.imap;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.mail.Headers;
import org.mizuhiki.mail.Part;

/// What FETCH tells of one letter (RFC 3501, 6.4.5). Flags, date, size, envelope and header come from
/// outside; only what
/// needs the text opens the letter.
final class Fetched {
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("dd-MMM-yyyy HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final Pattern BODY = Pattern.compile(
            "BODY(\\.PEEK)?\\[([0-9.]*)(?:\\.?(HEADER\\.FIELDS\\.NOT|HEADER\\.FIELDS|HEADER|TEXT|MIME))?(?: \\(([^)]*)\\))?\\]"
                    + "(?:<([0-9]{1,9})\\.([0-9]{1,9})>)?",
            Pattern.CASE_INSENSITIVE);
    private static final Set<String> PLAIN = Set.of(
            "UID",
            "FLAGS",
            "INTERNALDATE",
            "RFC822.SIZE",
            "ENVELOPE",
            "BODY",
            "BODYSTRUCTURE",
            "RFC822",
            "RFC822.HEADER",
            "RFC822.TEXT");

    private final Shelves.Shelf shelf;
    private final Shelves.Item item;
    private final Supplier<Part> part;

    Fetched(Shelves.Shelf shelf, Shelves.Item item) {
        this.shelf = shelf;
        this.item = item;
        this.part = once(() -> Part.read(shelf.content(item)));
    }

    private static <T> Supplier<T> once(Supplier<T> make) {
        var made = new ArrayList<T>(1);
        return () -> {
            if (made.isEmpty()) {
                made.add(make.get());
            }
            return made.getFirst();
        };
    }

    /// Shorthands written out, and what is not known refused.
    static List<String> items(Words.Word asked) throws Words.Bad {
        var all = new ArrayList<String>();
        var words = asked instanceof Words.Word.Many(var many) ? many : List.of(asked);
        for (var word : words) {
            if (!(word instanceof Words.Word.Text text)) {
                throw new Words.Bad("not an item", false);
            }
            switch (text.upper()) {
                case "ALL" -> all.addAll(List.of("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE"));
                case "FAST" -> all.addAll(List.of("FLAGS", "INTERNALDATE", "RFC822.SIZE"));
                case "FULL" -> all.addAll(List.of("FLAGS", "INTERNALDATE", "RFC822.SIZE", "ENVELOPE", "BODY"));
                default -> all.add(text.text());
            }
        }
        for (var one : all) {
            if (!PLAIN.contains(one.toUpperCase(Locale.ROOT))
                    && !BODY.matcher(one).matches()) {
                throw new Words.Bad("unknown item " + one.replaceAll("[^A-Za-z0-9.]", "?"), false);
            }
        }
        return all;
    }

    /// Whether the letter counts as read afterwards.
    static boolean sees(List<String> items) {
        return items.stream()
                .map(i -> i.toUpperCase(Locale.ROOT))
                .anyMatch(i -> i.equals("RFC822")
                        || i.equals("RFC822.TEXT")
                        || (i.startsWith("BODY[") && !i.startsWith("BODY[HEADER")));
    }

    Bytes answer(long sequence, List<String> items, boolean byUid) {
        var out = new ByteArrayOutputStream();
        latin(out, "* " + sequence + " FETCH (");
        var asked = new ArrayList<>(items);
        if (byUid && items.stream().noneMatch("UID"::equalsIgnoreCase)) {
            asked.addFirst("UID");
        }
        for (int i = 0; i < asked.size(); i++) {
            latin(out, i == 0 ? "" : " ");
            one(out, asked.get(i));
        }
        latin(out, ")\r\n");
        return Bytes.of(out.toByteArray());
    }

    private void one(ByteArrayOutputStream out, String asked) {
        var upper = asked.toUpperCase(Locale.ROOT);
        switch (upper) {
            case "UID" -> latin(out, "UID " + item.uid());
            case "FLAGS" ->
                latin(
                        out,
                        "FLAGS ("
                                + String.join(
                                        " ", item.flags().stream().sorted().toList()) + ")");
            case "INTERNALDATE" -> latin(out, "INTERNALDATE \"" + DATE.format(item.at()) + "\"");
            case "RFC822.SIZE" -> latin(out, "RFC822.SIZE " + item.size());
            case "ENVELOPE" -> latin(out, "ENVELOPE " + Structure.envelope(headers()));
            case "BODY" -> latin(out, "BODY " + Structure.body(part.get(), false));
            case "BODYSTRUCTURE" -> latin(out, "BODYSTRUCTURE " + Structure.body(part.get(), true));
            case "RFC822" -> literal(out, "RFC822", part.get().whole());
            case "RFC822.HEADER" -> literal(out, "RFC822.HEADER", shelf.header(item));
            case "RFC822.TEXT" -> literal(out, "RFC822.TEXT", part.get().bodyBlock());
            default -> section(out, asked);
        }
    }

    private Headers headers() {
        return Part.read(shelf.header(item)).headers();
    }

    private void section(ByteArrayOutputStream out, String asked) {
        var found = BODY.matcher(asked);
        if (!found.matches()) {
            throw new IllegalStateException("items were checked before");
        }
        var path = Optional.ofNullable(found.group(2)).orElse("");
        var what = Optional.ofNullable(found.group(3)).orElse("").toUpperCase(Locale.ROOT);
        var names = Optional.ofNullable(found.group(4)).orElse("");
        var content = content(path, what, names);
        var label = "BODY[" + path + (path.isEmpty() || what.isEmpty() ? "" : ".") + what
                + (names.isEmpty() ? "" : " (" + names + ")") + "]";
        if (found.group(5) != null) {
            int from = (int) Math.min(Long.parseLong(found.group(5)), content.size());
            int to = (int) Math.min((long) from + Long.parseLong(found.group(6)), content.size());
            content = Bytes.of(Arrays.copyOfRange(content.toArray(), from, to));
            label += "<" + from + ">";
        }
        literal(out, label, content);
    }

    private Bytes content(String path, String what, String names) {
        if (path.isEmpty()) {
            return switch (what) {
                case "HEADER" -> shelf.header(item);
                case "HEADER.FIELDS" -> fields(shelf.header(item), names, true);
                case "HEADER.FIELDS.NOT" -> fields(shelf.header(item), names, false);
                case "TEXT" -> part.get().bodyBlock();
                default -> part.get().whole();
            };
        }
        var found = at(part.get(), path);
        if (found.isEmpty()) {
            return Bytes.of();
        }
        var one = found.get();
        var inside = one.mediaType().equals("message/rfc822") && one.children().size() == 1
                ? one.children().getFirst()
                : one;
        return switch (what) {
            case "MIME" -> one.headerBlock();
            case "HEADER" -> inside.headerBlock();
            case "HEADER.FIELDS" -> fields(inside.headerBlock(), names, true);
            case "HEADER.FIELDS.NOT" -> fields(inside.headerBlock(), names, false);
            case "TEXT" -> inside.bodyBlock();
            default -> one.bodyBlock();
        };
    }

    /// Part 1 of what has no parts is its body.
    private static Optional<Part> at(Part root, String path) {
        var current = root;
        for (var step : path.split("\\.")) {
            if (!step.matches("[1-9][0-9]{0,3}")) {
                return Optional.empty();
            }
            int number = Integer.parseInt(step);
            var parts = current.mediaType().equals("message/rfc822")
                            && current.children().size() == 1
                    ? current.children().getFirst().children()
                    : current.children();
            if (parts.isEmpty() && number == 1) {
                continue;
            }
            if (number > parts.size()) {
                return Optional.empty();
            }
            current = parts.get(number - 1);
        }
        return Optional.of(current);
    }

    private static Bytes fields(Bytes header, String names, boolean these) {
        var wanted = Structure.upper(Arrays.asList(names.replace("\"", "").split(" ")));
        var out = new StringBuilder();
        boolean keep = false;
        for (var line : new String(header.toArray(), StandardCharsets.ISO_8859_1).split("\r\n")) {
            if (line.isEmpty()) {
                continue;
            }
            if (line.charAt(0) != ' ' && line.charAt(0) != '\t') {
                int colon = line.indexOf(':');
                keep = colon > 0 && wanted.contains(line.substring(0, colon).toUpperCase(Locale.ROOT)) == these;
            }
            if (keep) {
                out.append(line).append("\r\n");
            }
        }
        return Bytes.of(out.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void literal(ByteArrayOutputStream out, String label, Bytes content) {
        latin(out, label + " {" + content.size() + "}\r\n");
        out.writeBytes(content.toArray());
    }

    private static void latin(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
