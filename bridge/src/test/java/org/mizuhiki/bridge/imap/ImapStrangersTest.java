package org.mizuhiki.bridge.imap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.mizuhiki.house.Secret;

/// Who shows no token gets little memory, little time, and keeps nobody out who has one.
@Tag("V5")
@Timeout(120)
class ImapStrangersTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private static ImapServer server(Duration toLogIn) throws IOException {
        var socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        return ImapServer.start(socket, new NoShelves(), new OneToken(), Clock.systemUTC(), toLogIn);
    }

    private record NoShelves() implements Shelves {
        @Override
        public List<Name> names() {
            return List.of();
        }

        @Override
        public Optional<Shelf> shelf(String name) {
            return Optional.empty();
        }

        @Override
        public void refresh() {}
    }

    private record OneToken() implements Gate {
        @Override
        public Optional<String> enter(String name, Secret token) {
            return token.lend(t -> new String(t, StandardCharsets.UTF_8)).equals("good")
                    ? Optional.of("laptop")
                    : Optional.empty();
        }

        @Override
        public boolean stands(String pass) {
            return true;
        }
    }

    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final BufferedReader in;

        Client(ImapServer server) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
            socket.setSoTimeout(60_000);
            in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            in.readLine();
        }

        void send(String text) throws IOException {
            socket.getOutputStream().write((text + "\r\n").getBytes(StandardCharsets.UTF_8));
            socket.getOutputStream().flush();
        }

        String ask(String text) throws IOException {
            send(text);
            return line();
        }

        String line() throws IOException {
            var line = in.readLine();
            return line == null ? "gone" : line;
        }

        boolean isGone() {
            try {
                return line().equals("gone");
            } catch (IOException reset) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    @Test
    void beforeLogInNoCommandHoldsMoreThanAFewKibibytesInAll() throws Exception {
        try (var server = server(LONG)) {
            for (var command :
                    List.of("a LOGIN {9000}", "a LOGIN {9000+}", "a NOOP {16777216}", "a NOOP " + "x ".repeat(5000))) {
                try (var client = new Client(server)) {
                    var said = client.ask(command);
                    assertTrue(said.contains("BAD"), command.substring(0, 10) + ": " + said);
                    assertTrue(client.isGone(), "and that is its end");
                }
            }
            // many that are small by themselves
            try (var client = new Client(server)) {
                client.send("a LOGIN " + ("{1000+}\r\n" + "y".repeat(1000) + " ").repeat(9));
                assertTrue(client.line().contains("BAD"));
            }
        }
    }

    @Test
    void afterLogInAllLiteralsOfACommandTogetherAreBounded() throws Exception {
        try (var server = server(LONG);
                var client = new Client(server)) {
            assertTrue(client.ask("a LOGIN me good").startsWith("a OK"));
            var large = "z".repeat(9 << 20);
            client.send("b APPEND {" + large.length() + "+}\r\n" + large + " {" + large.length() + "+}");
            assertTrue(client.line().contains("BAD"));
        }
    }

    @Test
    void whoOnlyHoldsConnectionsMakesRoomForWhoLogsIn() throws Exception {
        var held = new ArrayList<Client>();
        try (var server = server(LONG)) {
            for (int i = 0; i < 100; i++) {
                held.add(new Client(server));
            }
            try (var owner = new Client(server)) {
                assertEquals("a OK", owner.ask("a LOGIN me good").substring(0, 4));
                for (int i = 0; i < 20; i++) {
                    held.add(new Client(server));
                }
                assertTrue(owner.ask("b NOOP").contains("OK"), "who is in stays in");
            }
            assertTrue(held.getFirst().isGone());
            for (var one : held) {
                one.close();
            }
        }
    }

    @Test
    void whoDoesNotLogInInTimeIsSentAwayAlsoWhenItSendsNowAndThen() throws Exception {
        try (var server = server(Duration.ofSeconds(2));
                var owner = new Client(server);
                var slow = new Client(server)) {
            assertTrue(owner.ask("a LOGIN me good").startsWith("a OK"));
            assertTrue(isSentAway(slow));
            assertTrue(owner.ask("b NOOP").contains("OK"), "who is in stays in");
        }
    }

    private static boolean isSentAway(Client slow) throws InterruptedException {
        for (int i = 0; i < 300; i++) {
            try {
                if (slow.ask("x NOOP").equals("gone")) {
                    return true;
                }
            } catch (IOException gone) {
                return true;
            }
            Thread.sleep(100);
        }
        return false;
    }
}
