package org.mizuhiki.bridge.imap;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Base64;
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
    /// Of one command before anybody is known; a token and a name need less than a hundred.
    private static final int LARGEST_OF_STRANGERS = 8 << 10;

    private static final String ABILITIES =
            "IMAP4rev1 LITERAL+ SASL-IR AUTH=PLAIN IDLE UIDPLUS UNSELECT NAMESPACE ID SPECIAL-USE";
    private static final int MOST_WRONG = 20;
    private static final int IDLE_GLANCE_MS = 2_000;

    private final Socket socket;
    private final Shelves shelves;
    private final Gate gate;
    private final Clock clock;
    private final Runnable entered;
    private final Answers answers;
    private final Words words;
    private final int silence;
    private @Nullable String pass;
    private @Nullable Selected open;
    private int wrong;
    private boolean ending;

    /// @param entered told once, when a token was shown that stands
    ImapSession(Socket socket, Shelves shelves, Gate gate, Clock clock, Runnable entered) throws IOException {
        this.socket = socket;
        this.shelves = shelves;
        this.gate = gate;
        this.clock = clock;
        this.entered = entered;
        this.answers = new Answers(socket.getOutputStream());
        InputStream in = new java.io.BufferedInputStream(socket.getInputStream(), 16 << 10);
        this.words = new Words(in, answers.stream(), LARGEST);
        words.atMost(LARGEST_OF_STRANGERS);
        this.silence = socket.getSoTimeout();
    }

    void run() throws IOException {
        answers.last("* OK [CAPABILITY " + ABILITIES + "] Mizuhiki");
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
                answers.last("* BAD " + bad.getMessage());
                ending |= bad.fatal() || ++wrong > MOST_WRONG;
            } catch (SocketTimeoutException e) {
                answers.last("* BYE Silent for too long");
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
            answers.last(tag + " BAD " + bad.getMessage());
            ending |= bad.fatal() || ++wrong > MOST_WRONG;
        } catch (Refusal refusal) {
            // words for people go as they are: mail programs show them
            answers.last(tag + " NO " + refusal.english() + " (" + refusal.code() + ")");
        }
    }

    private void run(String tag, String verb, List<Words.Word> rest) throws IOException, Words.Bad {
        switch (verb) {
            case "CAPABILITY" -> told(tag, "CAPABILITY " + ABILITIES);
            case "NOOP", "CHECK" -> {
                news();
                answers.done(tag);
            }
            case "ID" -> told(tag, "ID (\"name\" \"Mizuhiki\")");
            case "LOGOUT" -> {
                answers.last("* BYE");
                answers.done(tag);
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
            case "NAMESPACE" -> told(tag, "NAMESPACE ((\"\" \"/\")) NIL NIL");
            case "LIST", "LSUB", "XLIST" -> list(tag, verb, text(rest, rest.size() - 1));
            case "SUBSCRIBE", "UNSUBSCRIBE" -> answers.done(tag);
            case "CREATE", "DELETE", "RENAME" ->
                answers.last(tag + " NO [CANNOT] Folders are fixed: they mirror the pocket");
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
            case "CLOSE" -> {
                open.close();
                open = null;
                answers.done(tag);
            }
            case "UNSELECT" -> {
                open = null;
                answers.done(tag);
            }
            case "UID" ->
                letters(open, tag, text(rest, 0).toUpperCase(Locale.ROOT), rest.subList(1, rest.size()), true);
            default -> letters(open, tag, verb, rest, false);
        }
    }

    private void letters(Selected in, String tag, String verb, List<Words.Word> rest, boolean byUid)
            throws IOException, Words.Bad {
        switch (verb) {
            case "FETCH" -> in.fetch(tag, rest, byUid);
            case "STORE" -> in.store(tag, rest, byUid);
            case "SEARCH" -> in.search(tag, rest, byUid);
            case "EXPUNGE" -> in.expunge(tag, rest, byUid);
            case "COPY", "MOVE" -> answers.last(tag + " NO [CANNOT] Letters stay where they are");
            default -> throw new Words.Bad("unknown command", false);
        }
    }

    // -- coming in

    private void login(String tag, String name, String token) throws IOException {
        enter(tag, name, Secret.taking(token.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void authenticate(String tag, List<Words.Word> rest) throws IOException, Words.Bad {
        if (!text(rest, 0).equalsIgnoreCase("PLAIN")) {
            answers.last(tag + " NO Only PLAIN");
            return;
        }
        String answer;
        if (rest.size() > 1) {
            answer = text(rest, 1);
        } else {
            answers.last("+ ");
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
            var known = pass == null ? gate.enter(name, token) : Optional.<String>empty();
            if (known.isEmpty()) {
                answers.last(tag + " NO [AUTHENTICATIONFAILED] Not a token of this bridge");
                ending |= ++wrong > 3;
                return;
            }
            pass = known.get();
            words.atMost(LARGEST + Words.LONGEST_LINE);
            entered.run();
            answers.last(tag + " OK [CAPABILITY " + ABILITIES + "] Welcome");
        }
    }

    // -- folders

    private void list(String tag, String verb, String pattern) throws IOException {
        if (pattern.isEmpty()) {
            answers.untagged("" + verb + " (\\Noselect) \"/\" \"\"");
        } else {
            for (var name : shelves.names()) {
                if (matches(name.name(), pattern)) {
                    var use = name.use().isEmpty() ? "" : " " + name.use();
                    answers.untagged("" + verb + " (\\HasNoChildren" + use + ") \"/\" \"" + name.name() + "\"");
                }
            }
        }
        answers.done(tag);
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
            answers.last(tag + " NO [NONEXISTENT] No such folder");
            return;
        }
        var opened = new Selected(shelf.get(), readOnly, answers);
        open = opened;
        opened.tell(tag, name);
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
        told(tag, "STATUS \"" + name + "\" (" + String.join(" ", told) + ")");
    }

    private void append(String tag, List<Words.Word> rest) throws IOException, Words.Bad {
        var shelf = shelves.shelf(text(rest, 0));
        if (shelf.isEmpty()) {
            answers.last(tag + " NO [TRYCREATE] No such folder");
            return;
        }
        if (!(rest.getLast() instanceof Words.Word.Text message)) {
            throw new Words.Bad("no message", false);
        }
        var flags = rest.size() > 2 && rest.get(1) instanceof Words.Word.Many(var many)
                ? Selected.flags(many)
                : Set.<String>of();
        long uid = shelf.get().append(Bytes.of(message.bytes()), flags, clock.instant());
        news();
        answers.last(tag + " OK [APPENDUID " + shelf.get().validity() + " " + uid + "] kept");
        answers.flush();
    }

    private void idle(String tag) throws IOException, Words.Bad {
        answers.last("+ idling");
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
                    answers.done(tag);
                    return;
                } catch (SocketTimeoutException stillIdle) {
                    if (pass != null && !gate.stands(pass)) {
                        throw new Words.Bad("this token was revoked", true);
                    }
                    news();
                    answers.flush();
                }
            }
            answers.last("* BYE Idle for too long");
            ending = true;
        } finally {
            socket.setSoTimeout(silence);
        }
    }

    static String text(List<Words.Word> words, int index) throws Words.Bad {
        if (index >= 0 && index < words.size() && words.get(index) instanceof Words.Word.Text text) {
            return text.text();
        }
        throw new Words.Bad("an argument is missing", false);
    }

    /// What is new in the open folder.
    private void news() throws IOException {
        shelves.refresh();
        if (open != null) {
            open.news();
        }
    }

    private void told(String tag, String line) throws IOException {
        answers.untagged(line);
        answers.done(tag);
    }
}
