package org.mizuhiki.bridge.imap;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// One connection of a mail program.
final class ImapSession {
    static final int LARGEST = 16 << 20;
    private static final String ABILITIES =
            "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN IDLE UIDPLUS UNSELECT NAMESPACE ID SPECIAL-USE";
    private static final int MOST_WRONG = 20;
    private static final int IDLE_GLANCE_MS = 2_000;

    private final Socket socket;
    private final Shelves shelves;
    private final Gate gate;
    private final Clock clock;
    private final OutputStream out;
    private final Words words;
    private final int silence;
    private @Nullable String pass;
    private @Nullable Opened open;
    private int wrong;
    private boolean ending;

    ImapSession(Socket socket, Shelves shelves, Gate gate, Clock clock) throws IOException {
        this.socket = socket;
        this.shelves = shelves;
        this.gate = gate;
        this.clock = clock;
        this.out = new BufferedOutputStream(socket.getOutputStream(), 32 << 10);
        InputStream in = new java.io.BufferedInputStream(socket.getInputStream(), 16 << 10);
        this.words = new Words(in, out, LARGEST);
        this.silence = socket.getSoTimeout();
    }

    /// A folder as this session last told it.
    private static final class Opened {
        private final Shelves.Shelf shelf;
        private final boolean readOnly;
        private List<Shelves.Item> items;

        Opened(Shelves.Shelf shelf, boolean readOnly) {
            this.shelf = shelf;
            this.readOnly = readOnly;
            this.items = shelf.items();
        }
    }

    void run() throws IOException {
        say("* OK [CAPABILITY " + ABILITIES + "] Mizuhiki");
        while (!ending) {
            try {
                var command = words.next();
                if (command.isEmpty()) {
                    return;
                }
                if (!command.get().isEmpty()) {
                    handle(command.get());
                }
            } catch (Words.Bad bad) {
                say("* BAD " + bad.getMessage());
                ending |= bad.fatal() || ++wrong > MOST_WRONG;
            } catch (SocketTimeoutException e) {
                say("* BYE Silent for too long");
                return;
            }
        }
    }

    private void handle(List<Words.Word> command) throws IOException {
        var tag =
                command.getFirst() instanceof Words.Word.Text t && t.text().matches("[!-'+-~]{1,40}") ? t.text() : "*";
        try {
            if (command.size() < 2 || !(command.get(1) instanceof Words.Word.Text verb)) {
                throw new Words.Bad("no command", false);
            }
            run(tag, verb.upper(), command.subList(2, command.size()));
        } catch (Words.Bad bad) {
            say(tag + " BAD " + bad.getMessage());
            ending |= bad.fatal() || ++wrong > MOST_WRONG;
        } catch (Refusal refusal) {
            // words for people go as they are: mail programs show them
            say(tag + " NO " + refusal.english() + " (" + refusal.code() + ")");
        }
    }

    private void run(String tag, String verb, List<Words.Word> rest) throws IOException, Words.Bad {
        switch (verb) {
            case "CAPABILITY" -> done(tag, "* CAPABILITY " + ABILITIES);
            case "NOOP", "CHECK" -> {
                news();
                done(tag);
            }
            case "ID" -> done(tag, "* ID (\"name\" \"Mizuhiki\")");
            case "LOGOUT" -> {
                say("* BYE");
                done(tag);
                ending = true;
            }
            case "LOGIN" -> login(tag, text(rest, 0), text(rest, 1));
            case "AUTHENTICATE" -> authenticate(tag, rest);
            default -> {
                mustBeIn();
                inside(tag, verb, rest);
            }
        }
    }

    private void mustBeIn() throws Words.Bad {
        if (pass == null) {
            throw new Words.Bad("log in first", false);
        }
        if (!gate.stands(pass)) {
            throw new Words.Bad("this token was revoked", true);
        }
    }

    private void inside(String tag, String verb, List<Words.Word> rest) throws IOException, Words.Bad {
        switch (verb) {
            case "NAMESPACE" -> done(tag, "* NAMESPACE ((\"\" \"/\")) NIL NIL");
            case "LIST", "LSUB", "XLIST" -> list(tag, verb, text(rest, rest.size() - 1));
            case "SUBSCRIBE", "UNSUBSCRIBE" -> done(tag);
            case "CREATE", "DELETE", "RENAME" -> say(tag + " NO [CANNOT] Folders are fixed: they mirror the pocket");
            case "SELECT" -> select(tag, text(rest, 0), false);
            case "EXAMINE" -> select(tag, text(rest, 0), true);
            case "STATUS" -> status(tag, text(rest, 0), rest);
            case "APPEND" -> append(tag, rest);
            case "IDLE" -> idle(tag);
            default -> selected(tag, verb, rest);
        }
    }

    private void selected(String tag, String verb, List<Words.Word> rest) throws IOException, Words.Bad {
        if (open == null) {
            throw new Words.Bad("select a folder first", false);
        }
        switch (verb) {
            case "FETCH" -> fetch(tag, rest, false);
            case "STORE" -> store(tag, rest, false);
            case "SEARCH" -> search(tag, rest, false);
            case "COPY", "MOVE" -> say(tag + " NO [CANNOT] Letters stay where they are");
            case "EXPUNGE" -> expunge(tag, Optional.empty());
            case "CLOSE" -> {
                if (!open.readOnly) {
                    open.shelf.remove(deleted(Optional.empty()));
                }
                open = null;
                done(tag);
            }
            case "UNSELECT" -> {
                open = null;
                done(tag);
            }
            case "UID" -> uid(tag, text(rest, 0).toUpperCase(Locale.ROOT), rest.subList(1, rest.size()));
            default -> throw new Words.Bad("unknown command", false);
        }
    }

    private void uid(String tag, String verb, List<Words.Word> rest) throws IOException, Words.Bad {
        switch (verb) {
            case "FETCH" -> fetch(tag, rest, true);
            case "STORE" -> store(tag, rest, true);
            case "SEARCH" -> search(tag, rest, true);
            case "EXPUNGE" -> expunge(tag, Optional.of(numbers(rest, true)));
            case "COPY", "MOVE" -> say(tag + " NO [CANNOT] Letters stay where they are");
            default -> throw new Words.Bad("unknown command", false);
        }
    }

    // -- coming in

    private void login(String tag, String name, String token) throws IOException {
        enter(tag, name, Secret.taking(token.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void authenticate(String tag, List<Words.Word> rest) throws IOException, Words.Bad {
        if (!text(rest, 0).equalsIgnoreCase("PLAIN")) {
            say(tag + " NO Only PLAIN");
            return;
        }
        String answer;
        if (rest.size() > 1) {
            answer = text(rest, 1);
        } else {
            say("+ ");
            answer = words.line().orElse("*");
        }
        try {
            var parts = new String(Base64.getDecoder().decode(answer), StandardCharsets.ISO_8859_1).split("\0", -1);
            if (parts.length == 3) {
                login(tag, parts[1], parts[2]);
                return;
            }
        } catch (IllegalArgumentException e) {
            // answered below: what is no base64 is no answer
        }
        throw new Words.Bad("not an answer to PLAIN", false);
    }

    private void enter(String tag, String name, Secret token) throws IOException {
        try (token) {
            var entered = pass == null ? gate.enter(name, token) : Optional.<String>empty();
            if (entered.isEmpty()) {
                say(tag + " NO [AUTHENTICATIONFAILED] Not a token of this bridge");
                ending |= ++wrong > 3;
                return;
            }
            pass = entered.get();
            say(tag + " OK [CAPABILITY " + ABILITIES + "] Welcome");
        }
    }

    // -- folders

    private void list(String tag, String verb, String pattern) throws IOException {
        if (pattern.isEmpty()) {
            say("* " + verb + " (\\Noselect) \"/\" \"\"");
        } else {
            for (var name : shelves.names()) {
                if (matches(name.name(), pattern)) {
                    var use = name.use().isEmpty() ? "" : " " + name.use();
                    say("* " + verb + " (\\HasNoChildren" + use + ") \"/\" \"" + name.name() + "\"");
                }
            }
        }
        done(tag);
    }

    private static boolean matches(String name, String pattern) {
        int star = Math.min(at(pattern, '*'), at(pattern, '%'));
        return name.regionMatches(true, 0, pattern, 0, star) && (star < pattern.length() || name.length() == star);
    }

    private static int at(String text, char c) {
        int found = text.indexOf(c);
        return found < 0 ? text.length() : found;
    }

    private void select(String tag, String name, boolean readOnly) throws IOException {
        open = null;
        shelves.refresh();
        var shelf = shelves.shelf(name);
        if (shelf.isEmpty()) {
            say(tag + " NO [NONEXISTENT] No such folder");
            return;
        }
        var opened = new Opened(shelf.get(), readOnly);
        open = opened;
        say("* " + opened.items.size() + " EXISTS");
        say("* 0 RECENT");
        say("* FLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft)");
        say("* OK [PERMANENTFLAGS (\\Answered \\Flagged \\Deleted \\Seen \\Draft \\*)] kept");
        for (int i = 0; i < opened.items.size(); i++) {
            if (!opened.items.get(i).flags().contains("\\Seen")) {
                say("* OK [UNSEEN " + (i + 1) + "] first unread");
                break;
            }
        }
        say("* OK [UIDVALIDITY " + opened.shelf.validity() + "] numbers stay");
        say("* OK [UIDNEXT " + opened.shelf.next() + "] next");
        say(tag + " OK [" + (readOnly ? "READ-ONLY" : "READ-WRITE") + "] " + name);
        out.flush();
    }

    private void status(String tag, String name, List<Words.Word> rest) throws IOException, Words.Bad {
        shelves.refresh();
        var shelf = shelves.shelf(name);
        if (shelf.isEmpty() || rest.size() < 2 || !(rest.get(1) instanceof Words.Word.Many(var asked))) {
            throw new Words.Bad("no such folder, or nothing asked", false);
        }
        var items = shelf.get().items();
        var told = new ArrayList<String>();
        for (var word : asked) {
            var what = word instanceof Words.Word.Text text ? text.upper() : "";
            told.add(what + " "
                    + switch (what) {
                        case "MESSAGES" -> items.size();
                        case "RECENT" -> 0;
                        case "UIDNEXT" -> shelf.get().next();
                        case "UIDVALIDITY" -> shelf.get().validity();
                        case "UNSEEN" ->
                            items.stream()
                                    .filter(i -> !i.flags().contains("\\Seen"))
                                    .count();
                        default -> throw new Words.Bad("unknown item", false);
                    });
        }
        done(tag, "* STATUS \"" + name + "\" (" + String.join(" ", told) + ")");
    }

    private void append(String tag, List<Words.Word> rest) throws IOException, Words.Bad {
        var shelf = shelves.shelf(text(rest, 0));
        if (shelf.isEmpty()) {
            say(tag + " NO [TRYCREATE] No such folder");
            return;
        }
        if (!(rest.getLast() instanceof Words.Word.Text message)) {
            throw new Words.Bad("no message", false);
        }
        var flags =
                rest.size() > 2 && rest.get(1) instanceof Words.Word.Many(var many) ? flags(many) : Set.<String>of();
        long uid = shelf.get().append(Bytes.of(message.bytes()), flags, clock.instant());
        news();
        say(tag + " OK [APPENDUID " + shelf.get().validity() + " " + uid + "] kept");
        out.flush();
    }

    private void idle(String tag) throws IOException, Words.Bad {
        say("+ idling");
        long until = System.nanoTime() + silence * 1_000_000L;
        socket.setSoTimeout(IDLE_GLANCE_MS);
        try {
            while (System.nanoTime() < until) {
                try {
                    var line = words.line();
                    if (line.isEmpty()) {
                        ending = true;
                        return;
                    }
                    if (!line.get().equalsIgnoreCase("DONE")) {
                        throw new Words.Bad("IDLE ends with DONE", false);
                    }
                    done(tag);
                    return;
                } catch (SocketTimeoutException stillIdle) {
                    if (pass != null && !gate.stands(pass)) {
                        throw new Words.Bad("this token was revoked", true);
                    }
                    news();
                    out.flush();
                }
            }
            say("* BYE Idle for too long");
            ending = true;
        } finally {
            socket.setSoTimeout(silence);
        }
    }

    /// What changed in the open folder since it was last told.
    private void news() throws IOException {
        shelves.refresh();
        var opened = open;
        if (opened == null) {
            return;
        }
        var now = opened.shelf.items();
        var there = new HashSet<Long>();
        now.forEach(i -> there.add(i.uid()));
        for (int i = opened.items.size() - 1; i >= 0; i--) {
            if (!there.contains(opened.items.get(i).uid())) {
                say("* " + (i + 1) + " EXPUNGE");
            }
        }
        boolean more = now.size()
                != opened.items.stream().filter(i -> there.contains(i.uid())).count();
        opened.items = now;
        if (more) {
            say("* " + now.size() + " EXISTS");
        }
    }

    // -- letters

    /// The letters that are asked for, with their place in the list.
    private List<Search.Candidate> chosen(List<Words.Word> rest, boolean byUid) throws Words.Bad {
        var opened = opened();
        var numbers = numbers(rest, byUid);
        var found = new ArrayList<Search.Candidate>();
        for (int i = 0; i < opened.items.size(); i++) {
            var item = opened.items.get(i);
            if (numbers.has(byUid ? item.uid() : i + 1)) {
                found.add(new Search.Candidate(i + 1, item));
            }
        }
        return found;
    }

    private Numbers numbers(List<Words.Word> rest, boolean byUid) throws Words.Bad {
        var items = opened().items;
        long last = byUid ? items.isEmpty() ? 0 : items.getLast().uid() : items.size();
        return Numbers.read(text(rest, 0), last);
    }

    private Opened opened() {
        if (open == null) {
            throw new IllegalStateException("asked for before");
        }
        return open;
    }

    private void fetch(String tag, List<Words.Word> rest, boolean byUid) throws IOException, Words.Bad {
        if (rest.size() < 2) {
            throw new Words.Bad("nothing asked for", false);
        }
        var opened = opened();
        var items = Fetched.items(rest.get(1));
        boolean sees = Fetched.sees(items) && !opened.readOnly;
        for (var one : chosen(rest, byUid)) {
            var answer = new Fetched(opened.shelf, one.item()).answer(one.sequence(), items, byUid);
            out.write(answer.toArray());
            if (sees && !one.item().flags().contains("\\Seen")) {
                opened.shelf.flag(Set.of(one.item().uid()), Set.of("\\Seen"), Set.of());
            }
        }
        if (sees) {
            opened.items = merged(opened.items, opened.shelf.items());
        }
        done(tag);
    }

    /// The same letters with their flags of now; which letters there are is told by [#news] only.
    private static List<Shelves.Item> merged(List<Shelves.Item> told, List<Shelves.Item> now) {
        var current = new java.util.HashMap<Long, Shelves.Item>();
        now.forEach(i -> current.put(i.uid(), i));
        return told.stream().map(i -> current.getOrDefault(i.uid(), i)).toList();
    }

    private void store(String tag, List<Words.Word> rest, boolean byUid) throws IOException, Words.Bad {
        var opened = opened();
        if (opened.readOnly) {
            throw new Words.Bad("the folder is open for reading only", false);
        }
        var how = text(rest, 1).toUpperCase(Locale.ROOT);
        var flags = rest.size() > 2 && rest.get(2) instanceof Words.Word.Many(var many)
                ? flags(many)
                : flags(rest.subList(Math.min(2, rest.size()), rest.size()));
        var chosen = chosen(rest, byUid);
        var uids = chosen.stream().map(c -> c.item().uid()).toList();
        boolean silent = how.endsWith(".SILENT");
        switch (how.replace(".SILENT", "")) {
            case "+FLAGS" -> opened.shelf.flag(uids, flags, Set.of());
            case "-FLAGS" -> opened.shelf.flag(uids, Set.of(), flags);
            case "FLAGS" -> opened.shelf.flag(uids, flags, Set.of("*"));
            default -> throw new Words.Bad("unknown way to store", false);
        }
        opened.items = merged(opened.items, opened.shelf.items());
        if (!silent) {
            for (var one : chosen) {
                var item = opened.items.get(one.sequence() - 1);
                out.write(new Fetched(opened.shelf, item)
                        .answer(one.sequence(), List.of("FLAGS"), byUid)
                        .toArray());
            }
        }
        done(tag);
    }

    private void search(String tag, List<Words.Word> rest, boolean byUid) throws IOException, Words.Bad {
        var opened = opened();
        var wanted = new Search(opened.shelf, rest, opened.items).read();
        var found = new StringBuilder("* SEARCH");
        for (int i = 0; i < opened.items.size(); i++) {
            var item = opened.items.get(i);
            if (wanted.test(new Search.Candidate(i + 1, item))) {
                found.append(' ').append(byUid ? item.uid() : i + 1);
            }
        }
        done(tag, found.toString());
    }

    private List<Long> deleted(Optional<Numbers> only) {
        return opened().shelf.items().stream()
                .filter(i -> i.flags().contains("\\Deleted"))
                .map(Shelves.Item::uid)
                .filter(u -> only.map(o -> o.has(u)).orElse(true))
                .toList();
    }

    private void expunge(String tag, Optional<Numbers> only) throws IOException, Words.Bad {
        var opened = opened();
        if (opened.readOnly) {
            throw new Words.Bad("the folder is open for reading only", false);
        }
        opened.shelf.remove(deleted(only));
        news();
        done(tag);
    }

    private static Set<String> flags(List<Words.Word> words) throws Words.Bad {
        var flags = new HashSet<String>();
        for (var word : words) {
            if (!(word instanceof Words.Word.Text t)
                    || !t.text().matches("\\\\?[A-Za-z0-9$_.-]{1,40}")
                    || flags.size() > 20) {
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

    private static String text(List<Words.Word> words, int index) throws Words.Bad {
        if (index >= 0 && index < words.size() && words.get(index) instanceof Words.Word.Text text) {
            return text.text();
        }
        throw new Words.Bad("an argument is missing", false);
    }

    private void done(String tag, String... lines) throws IOException {
        for (var line : lines) {
            say(line);
        }
        say(tag + " OK done");
    }

    private void say(String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.UTF_8));
        if (!line.startsWith("* ")
                || line.startsWith("* OK [CAP")
                || line.startsWith("* BYE")
                || line.startsWith("* BAD")) {
            out.flush();
        }
    }
}
