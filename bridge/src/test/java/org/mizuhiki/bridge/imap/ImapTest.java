package org.mizuhiki.bridge.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.house.Secret;

/// The protocol as mail programs speak it, over sockets, with ten thousand letters.
@Tag("V5")
class ImapTest {
    private static final int MANY = 10_000;

    private final Box inbox = new Box(false);
    private final Box sent = new Box(true);
    private volatile boolean revoked;
    private ImapServer server;
    private Client client;

    @BeforeEach
    void up() throws IOException {
        for (int i = 1; i <= MANY; i++) {
            inbox.items.add(new Shelves.Item(
                    i + 100, Instant.parse("2026-04-01T00:00:00Z").plusSeconds(i), 200, Set.of()));
        }
        var shelves = new Shelves() {
            @Override
            public List<Name> names() {
                return List.of(new Name("INBOX", ""), new Name("Sent", "\\Sent"));
            }

            @Override
            public Optional<Shelf> shelf(String name) {
                return name.equalsIgnoreCase("INBOX")
                        ? Optional.of(inbox)
                        : name.equals("Sent") ? Optional.of(sent) : Optional.empty();
            }

            @Override
            public void refresh() {}
        };
        var gate = new Gate() {
            @Override
            public Optional<String> enter(String name, Secret token) {
                return token.lend(t -> new String(t, StandardCharsets.UTF_8)).equals("good")
                        ? Optional.of("laptop")
                        : Optional.empty();
            }

            @Override
            public boolean stands(String pass) {
                return !revoked;
            }
        };
        var socket = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        server = ImapServer.start(socket, shelves, gate, Clock.systemUTC());
        client = new Client(server.port());
    }

    @AfterEach
    void down() throws IOException {
        client.close();
        server.close();
    }

    /// A folder in memory that counts what was opened.
    private static final class Box implements Shelves.Shelf {
        final List<Shelves.Item> items = new ArrayList<>();
        final AtomicInteger opened = new AtomicInteger();
        private final boolean writable;

        Box(boolean writable) {
            this.writable = writable;
        }

        @Override
        public long validity() {
            return 77;
        }

        @Override
        public synchronized long next() {
            return items.isEmpty() ? 1 : items.getLast().uid() + 1;
        }

        @Override
        public synchronized List<Shelves.Item> items() {
            return List.copyOf(items);
        }

        @Override
        public Bytes header(Shelves.Item item) {
            return Bytes.utf8("From: a@b.jp\r\nSubject: letter " + item.uid() + "\r\n\r\n");
        }

        @Override
        public Bytes content(Shelves.Item item) {
            opened.incrementAndGet();
            return Bytes.utf8("From: a@b.jp\r\nSubject: letter " + item.uid()
                    + "\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
                    + "本文\r\n--b\r\nContent-Type: application/pdf; name=x.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
                    + "AAAA\r\n--b--\r\n");
        }

        @Override
        public synchronized void flag(Collection<Long> uids, Set<String> add, Set<String> take) {
            items.replaceAll(i -> {
                if (!uids.contains(i.uid())) {
                    return i;
                }
                var flags = new HashSet<>(take.contains("*") ? Set.of() : i.flags());
                flags.removeAll(take);
                flags.addAll(add);
                return new Shelves.Item(i.uid(), i.at(), i.size(), flags);
            });
        }

        @Override
        public synchronized void remove(Collection<Long> uids) {
            items.removeIf(i -> uids.contains(i.uid()));
        }

        @Override
        public synchronized long append(Bytes message, Set<String> flags, Instant at) {
            if (!writable) {
                throw Refusal.of("folder-read-only", "保存できません", "Nothing can be put here");
            }
            long uid = next();
            items.add(new Shelves.Item(uid, at, message.size(), flags));
            return uid;
        }
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedInputStream in;
        private int tag;

        Client(int port) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
            in = new BufferedInputStream(socket.getInputStream());
            line();
        }

        String line() throws IOException {
            var line = new java.io.ByteArrayOutputStream();
            for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
                line.write(c);
            }
            return line.toString(StandardCharsets.UTF_8).stripTrailing();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        String ask(String command) throws IOException {
            var mine = "t" + ++tag;
            send(mine + " " + command);
            var all = new StringBuilder();
            for (var line = line(); ; line = line()) {
                all.append(line).append('\n');
                if (line.startsWith(mine + " ")) {
                    return all.toString();
                }
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void enter() throws IOException {
        assertTrue(client.ask("LOGIN me good").contains("OK"));
    }

    @Test
    void onlyATokenComesIn() throws IOException {
        assertTrue(client.ask("SELECT INBOX").contains("BAD"));
        assertTrue(client.ask("LOGIN me wrong").contains("AUTHENTICATIONFAILED"));
        var plain = Base64.getEncoder().encodeToString("\0me\0good".getBytes(StandardCharsets.UTF_8));
        assertTrue(client.ask("AUTHENTICATE PLAIN " + plain).contains("OK"));
        assertTrue(client.ask("CAPABILITY").contains("IDLE"));
        revoked = true;
        assertTrue(client.ask("SELECT INBOX").contains("revoked"));
    }

    @Test
    void tenThousandLettersAreListedWithoutOpeningOne() throws IOException {
        enter();
        var list = client.ask("LIST \"\" \"*\"");
        assertTrue(list.contains("\"INBOX\"") && list.contains("\\Sent"), list);
        var selected = client.ask("SELECT INBOX");
        assertTrue(selected.contains("* 10000 EXISTS") && selected.contains("UIDVALIDITY 77"), selected);
        var headers = client.ask("UID FETCH 1:* (UID RFC822.SIZE FLAGS BODY.PEEK[HEADER.FIELDS (From Subject)])");
        assertEquals(MANY, headers.lines().filter(l -> l.contains("FETCH (")).count());
        assertTrue(client.ask("STATUS INBOX (MESSAGES UNSEEN UIDNEXT)").contains("MESSAGES 10000 UNSEEN 10000"));
        assertTrue(client.ask("UID SEARCH SUBJECT \"letter 5000\"").contains("SEARCH 5000"));
        assertTrue(
                client.ask("SEARCH 3:5 UNSEEN SINCE 1-Apr-2026 NOT FROM nobody").contains("SEARCH 3 4 5"));
        assertTrue(client.ask("FETCH 1 (ENVELOPE INTERNALDATE)").contains("letter 101"));
        assertEquals(0, inbox.opened.get(), "nothing was opened");
    }

    @Test
    void aBodyOpensItsLetterAndPartsAndRangesAreExact() throws IOException {
        enter();
        client.ask("SELECT INBOX");
        var structure = client.ask("FETCH 1 BODYSTRUCTURE");
        assertTrue(structure.contains("\"pdf\"") && structure.contains("\"mixed\""), structure);
        assertTrue(client.ask("FETCH 1 BODY.PEEK[1]").contains("本文"));
        assertTrue(client.ask("FETCH 1 BODY.PEEK[2]").contains("AAAA"));
        assertTrue(client.ask("FETCH 1 BODY.PEEK[2.MIME]").contains("application/pdf"));
        assertTrue(client.ask("FETCH 1 BODY.PEEK[]<0.4>").contains("BODY[]<0> {4}"));
        assertTrue(client.ask("FETCH 1 FLAGS").contains("FLAGS ()"));
        client.ask("FETCH 1 BODY[1]");
        assertTrue(client.ask("FETCH 1 FLAGS").contains("\\Seen"));
        assertTrue(inbox.opened.get() > 0);
    }

    @Test
    void flagsStayAndExpungeTakesOutWhatIsMarked() throws IOException {
        enter();
        client.ask("SELECT INBOX");
        assertTrue(client.ask("UID STORE 102 +FLAGS (\\Deleted \\Flagged)").contains("\\Flagged"));
        var gone = client.ask("EXPUNGE");
        assertTrue(gone.contains("* 2 EXPUNGE"), gone);
        assertTrue(client.ask("STATUS INBOX (MESSAGES)").contains("MESSAGES 9999"));
        client.ask("EXAMINE INBOX");
        assertTrue(client.ask("STORE 1 +FLAGS (\\Deleted)").contains("BAD"));
    }

    @Test
    void whatAProgramSendsIsKeptInSentAndRefusedInTheInbox() throws IOException {
        enter();
        var text = "Subject: x\r\n\r\ny\r\n";
        client.send("a APPEND Sent (\\Seen) {" + text.length() + "}");
        assertTrue(client.line().startsWith("+"));
        client.send(text);
        assertTrue(client.line().contains("APPENDUID 77 1"));
        client.send("b APPEND INBOX {" + text.length() + "+}\r\n" + text);
        assertTrue(client.line().contains("folder-read-only"));
    }

    @Test
    void idleTellsWhatComes() throws IOException {
        enter();
        client.ask("SELECT INBOX");
        client.send("i IDLE");
        assertTrue(client.line().startsWith("+"));
        synchronized (inbox) {
            inbox.items.add(new Shelves.Item(20_000, Instant.EPOCH, 10, Set.of()));
        }
        assertEquals("* 10001 EXISTS", client.line());
        client.send("DONE");
        assertTrue(client.line().startsWith("i OK"));
    }

    @Test
    void whatBreaksTheGrammarIsRefusedAndTheConnectionGoesOn() throws IOException {
        enter();
        for (var odd : List.of("FETCH", "FETCH x y", "STORE 1 FLAGS (((", "SELECT", "UID", "SEARCH XYZZY", "APPEND")) {
            client.ask("SELECT INBOX");
            client.send("odd " + odd);
            var said = client.line();
            assertTrue(said.contains("BAD"), odd + ": " + said);
        }
        assertFalse(client.ask("NOOP").contains("BAD"));
    }
}
