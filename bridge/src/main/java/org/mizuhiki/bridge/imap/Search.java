package org.mizuhiki.bridge.imap;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.mail.Part;

/// SEARCH (RFC 3501, 6.4.4) over what is known without opening: a search that opened all letters would
/// leave a trail of
/// thousands of openings. BODY and TEXT look at headers only.
final class Search {
    private static final DateTimeFormatter DATE = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("d-MMM-yyyy")
            .toFormatter(Locale.ROOT);

    private final Shelves.Shelf shelf;
    private final List<Words.Word> words;
    private final long lastUid;
    private final int count;
    private int at;

    /// @param sequence from 1
    record Candidate(int sequence, Shelves.Item item) {}

    Search(Shelves.Shelf shelf, List<Words.Word> words, List<Shelves.Item> items) {
        this.shelf = shelf;
        this.words = new ArrayList<>(words);
        this.count = items.size();
        this.lastUid = items.isEmpty() ? 0 : items.getLast().uid();
    }

    Predicate<Candidate> read() throws Words.Bad {
        if (at + 1 < words.size() && upper(words.get(at)).equals("CHARSET")) {
            var set = upper(words.get(at + 1));
            if (!set.equals("UTF-8") && !set.equals("US-ASCII")) {
                throw new Words.Bad("[BADCHARSET (UTF-8)] unknown", false);
            }
            at += 2;
        }
        Predicate<Candidate> all = _ -> true;
        do {
            all = all.and(key());
        } while (at < words.size());
        return all;
    }

    private Predicate<Candidate> key() throws Words.Bad {
        var word = next();
        if (word instanceof Words.Word.Many(var inside)) {
            var items = shelf.items();
            return new Search(shelf, inside, items).read();
        }
        var name = upper(word);
        return switch (name) {
            case "ALL", "OLD" -> _ -> true;
            case "NEW", "RECENT" -> _ -> false;
            case "SEEN", "ANSWERED", "FLAGGED", "DELETED", "DRAFT" -> flag(name);
            case "UNSEEN", "UNANSWERED", "UNFLAGGED", "UNDELETED", "UNDRAFT" ->
                flag(name.substring(2)).negate();
            case "KEYWORD" -> keyword();
            case "UNKEYWORD" -> keyword().negate();
            case "NOT" -> key().negate();
            case "OR" -> key().or(key());
            case "UID" -> uids(text());
            case "LARGER" -> larger();
            case "SMALLER" -> smaller();
            case "BEFORE", "SENTBEFORE" -> day(d -> d < 0);
            case "ON", "SENTON" -> day(d -> d == 0);
            case "SINCE", "SENTSINCE" -> day(d -> d >= 0);
            case "FROM", "TO", "CC", "BCC", "SUBJECT" -> header(name, text());
            case "HEADER" -> header(text(), text());
            case "BODY", "TEXT" -> anywhere(text());
            default -> sequence(name);
        };
    }

    private Predicate<Candidate> flag(String name) {
        return c -> c.item().flags().stream().anyMatch(f -> f.equalsIgnoreCase("\\" + name));
    }

    private Predicate<Candidate> keyword() throws Words.Bad {
        var keyword = text();
        return c -> c.item().flags().stream().anyMatch(keyword::equalsIgnoreCase);
    }

    private Predicate<Candidate> uids(String set) throws Words.Bad {
        var numbers = Numbers.read(set, lastUid);
        return c -> numbers.has(c.item().uid());
    }

    private Predicate<Candidate> sequence(String set) throws Words.Bad {
        if (!Numbers.isNumbers(set)) {
            throw new Words.Bad("unknown search key", false);
        }
        var numbers = Numbers.read(set, count);
        return c -> numbers.has(c.sequence());
    }

    private Predicate<Candidate> larger() throws Words.Bad {
        long size = size();
        return c -> c.item().size() > size;
    }

    private Predicate<Candidate> smaller() throws Words.Bad {
        long size = size();
        return c -> c.item().size() < size;
    }

    private long size() throws Words.Bad {
        var text = text();
        if (!text.matches("[0-9]{1,12}")) {
            throw new Words.Bad("not a number", false);
        }
        return Long.parseLong(text);
    }

    private Predicate<Candidate> day(java.util.function.IntPredicate fits) throws Words.Bad {
        try {
            var day = LocalDate.parse(text(), DATE);
            return c ->
                    fits.test(c.item().at().atZone(ZoneOffset.UTC).toLocalDate().compareTo(day));
        } catch (DateTimeParseException e) {
            throw new Words.Bad("not a date", false);
        }
    }

    private Predicate<Candidate> header(String name, String wanted) {
        var needle = wanted.toLowerCase(Locale.ROOT);
        return c -> {
            var headers = Part.read(shelf.header(c.item())).headers();
            return !headers.all(name).isEmpty()
                    && headers.shown(name).toLowerCase(Locale.ROOT).contains(needle);
        };
    }

    private Predicate<Candidate> anywhere(String wanted) {
        var needle = wanted.toLowerCase(Locale.ROOT);
        return c -> {
            var headers = Part.read(shelf.header(c.item())).headers();
            return headers.fields().stream()
                    .anyMatch(f ->
                            headers.shown(f.name()).toLowerCase(Locale.ROOT).contains(needle));
        };
    }

    private Words.Word next() throws Words.Bad {
        if (at >= words.size()) {
            throw new Words.Bad("a search key is missing", false);
        }
        return words.get(at++);
    }

    private String text() throws Words.Bad {
        return next() instanceof Words.Word.Text text
                ? new String(Bytes.of(text.bytes()).toArray(), StandardCharsets.UTF_8)
                : "";
    }

    private static String upper(Words.Word word) {
        return word instanceof Words.Word.Text text ? text.upper() : "";
    }
}
