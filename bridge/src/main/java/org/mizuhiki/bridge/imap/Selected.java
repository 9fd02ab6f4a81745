package org.mizuhiki.bridge.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// The folder that a program has open, with the letters as they were last told: numbers mean those until
/// it hears more.
final class Selected {
    private static final int MOST_FLAGS = 20;

    private final Shelves.Shelf shelf;
    private final boolean readOnly;
    private final Answers answers;
    private List<Shelves.Item> items;

    Selected(Shelves.Shelf shelf, boolean readOnly, Answers answers) {
        this.shelf = shelf;
        this.readOnly = readOnly;
        this.answers = answers;
        this.items = shelf.items();
    }

    void tell(String tag, String name) throws IOException {
        answers.untagged(items.size() + " EXISTS");
        answers.untagged("0 RECENT");
        answers.untagged("FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)");
        answers.untagged("OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] kept");
        for (int i = 0; i < items.size(); i++) {
            if (!items.get(i).flags().contains("\\Seen")) {
                answers.untagged("OK [UNSEEN " + (i + 1) + "] first unread");
                break;
            }
        }
        answers.untagged("OK [UIDVALIDITY " + shelf.validity() + "] numbers stay");
        answers.untagged("OK [UIDNEXT " + shelf.next() + "] next");
        answers.last(tag + " OK [" + (readOnly ? "READ-ONLY" : "READ-WRITE") + "] " + name);
    }

    /// What changed since it was last told.
    void news() throws IOException {
        var now = shelf.items();
        var there = new HashSet<Long>();
        now.forEach(i -> there.add(i.uid()));
        int left = items.size();
        for (int i = items.size() - 1; i >= 0; i--) {
            if (!there.contains(items.get(i).uid())) {
                answers.untagged((i + 1) + " EXPUNGE");
                left--;
            }
        }
        items = now;
        if (now.size() != left) {
            answers.untagged(now.size() + " EXISTS");
        }
    }

    void fetch(String tag, List<Words.Word> rest, boolean byUid) throws IOException, Words.Bad {
        if (rest.size() < 2) {
            throw new Words.Bad("nothing asked for", false);
        }
        var asked = Fetched.items(rest.get(1));
        boolean sees = Fetched.sees(asked) && !readOnly;
        for (var one : chosen(rest, byUid)) {
            answers.raw(new Fetched(shelf, one.item()).answer(one.sequence(), asked, byUid));
            if (sees && !one.item().flags().contains("\\Seen")) {
                shelf.flag(Set.of(one.item().uid()), Set.of("\\Seen"), Set.of());
            }
        }
        items = current();
        answers.done(tag);
    }

    void store(String tag, List<Words.Word> rest, boolean byUid) throws IOException, Words.Bad {
        mustBeWritable();
        var how = ImapSession.text(rest, 1).toUpperCase(Locale.ROOT);
        var flags = rest.size() > 2 && rest.get(2) instanceof Words.Word.Many(var many)
                ? flags(many)
                : flags(rest.subList(Math.min(2, rest.size()), rest.size()));
        var chosen = chosen(rest, byUid);
        var uids = chosen.stream().map(c -> c.item().uid()).toList();
        switch (how.replace(".SILENT", "")) {
            case "+FLAGS" -> shelf.flag(uids, flags, Set.of());
            case "-FLAGS" -> shelf.flag(uids, Set.of(), flags);
            case "FLAGS" -> shelf.flag(uids, flags, Set.of("*"));
            default -> throw new Words.Bad("unknown way to store", false);
        }
        items = current();
        if (!how.endsWith(".SILENT")) {
            for (var one : chosen) {
                var item = items.get(one.sequence() - 1);
                answers.raw(new Fetched(shelf, item).answer(one.sequence(), List.of("FLAGS"), byUid));
            }
        }
        answers.done(tag);
    }

    void search(String tag, List<Words.Word> rest, boolean byUid) throws IOException, Words.Bad {
        var wanted = new Search(shelf, rest, items).read();
        var found = new StringBuilder("SEARCH");
        for (int i = 0; i < items.size(); i++) {
            if (wanted.test(new Search.Candidate(i + 1, items.get(i)))) {
                found.append(' ').append(byUid ? items.get(i).uid() : i + 1);
            }
        }
        answers.untagged(found.toString());
        answers.done(tag);
    }

    void expunge(String tag, List<Words.Word> rest, boolean byUid) throws IOException, Words.Bad {
        mustBeWritable();
        takeOut(byUid ? Optional.of(numbers(rest, true)) : Optional.empty());
        news();
        answers.done(tag);
    }

    /// CLOSE takes out without a word what EXPUNGE would.
    void close() {
        if (!readOnly) {
            takeOut(Optional.empty());
        }
    }

    private void takeOut(Optional<Numbers> only) {
        shelf.remove(shelf.items().stream()
                .filter(i -> i.flags().contains("\\Deleted"))
                .map(Shelves.Item::uid)
                .filter(u -> only.map(o -> o.has(u)).orElse(true))
                .toList());
    }

    private void mustBeWritable() throws Words.Bad {
        if (readOnly) {
            throw new Words.Bad("the folder is open for reading only", false);
        }
    }

    /// The same letters with their flags of now; which letters there are is told by [#news] only.
    private List<Shelves.Item> current() {
        var now = new HashMap<Long, Shelves.Item>();
        shelf.items().forEach(i -> now.put(i.uid(), i));
        return items.stream().map(i -> now.getOrDefault(i.uid(), i)).toList();
    }

    /// The letters that are asked for, with their place in the list.
    private List<Search.Candidate> chosen(List<Words.Word> rest, boolean byUid) throws Words.Bad {
        var numbers = numbers(rest, byUid);
        var found = new ArrayList<Search.Candidate>();
        for (int i = 0; i < items.size(); i++) {
            if (numbers.has(byUid ? items.get(i).uid() : i + 1)) {
                found.add(new Search.Candidate(i + 1, items.get(i)));
            }
        }
        return found;
    }

    private Numbers numbers(List<Words.Word> rest, boolean byUid) throws Words.Bad {
        long last =
                !byUid ? items.size() : items.isEmpty() ? 0 : items.getLast().uid();
        return Numbers.read(ImapSession.text(rest, 0), last);
    }

    /// System flags in their one spelling.
    static Set<String> flags(List<Words.Word> words) throws Words.Bad {
        var flags = new HashSet<String>();
        for (var word : words) {
            if (!(word instanceof Words.Word.Text t)
                    || !t.text().matches("\\\\?[A-Za-z0-9$_.-]{1,40}")
                    || flags.size() >= MOST_FLAGS) {
                throw new Words.Bad("not a flag", false);
            }
            flags.add(
                    switch (t.upper()) {
                        case "\\SEEN" -> "\\Seen";
                        case "\\ANSWERED" -> "\\Answered";
                        case "\\FLAGGED" -> "\\Flagged";
                        case "\\DELETED" -> "\\Deleted";
                        case "\\DRAFT" -> "\\Draft";
                        default -> t.text();
                    });
        }
        return flags;
    }
}
