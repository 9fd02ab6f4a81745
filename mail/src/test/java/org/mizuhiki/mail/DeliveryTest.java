package org.mizuhiki.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;
import org.subethamail.smtp.server.SMTPServer;

/// The way out, beside partners who are slow on purpose and mailboxes that are full.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("V5")
@Timeout(300)
class DeliveryTest {
    @TempDir
    static Path folder;

    private final BlockingQueue<Bytes> arrived = new LinkedBlockingQueue<>();
    private OpenOffice open;
    private SMTPServer hospital;

    @BeforeAll
    void open() throws Exception {
        open = new OpenOffice(folder);
        hospital = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .serverSocketFactory(() -> EdgeTls.unbound(open.shown.get().tls()))
                .insertReceivedHeaders(false)
                .messageHandler((_, _, _, content) -> arrived.add(Bytes.of(content)))
                .build();
        hospital.start();
    }

    @AfterAll
    void close() {
        hospital.stop();
        open.close();
    }

    private Partner partner(String domain, int port) {
        return new Partner(
                domain, "localhost", port, false, List.of(open.shown.get().own()));
    }

    private static Delivery.Patience patience(Duration inAll, Duration longest) {
        return new Delivery.Patience(Duration.ofMillis(50), inAll, Duration.ofMinutes(2), longest);
    }

    private Delivery delivering(Delivery.Patience patience, Partner... partners) {
        return Delivery.start(open.office, List.of(partners), patience, OpenOffice.CLOCK, OpenOffice.DIE);
    }

    private String send(PersonId from, String to) {
        var id = NewMail.random(OpenOffice.DIE);
        open.office.send(from, id, to, OpenOffice.from(from));
        return id;
    }

    private Mailbox.Outgoing state(PersonId person, String id) {
        return open.office.outgoing(person).stream()
                .filter(o -> o.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private void awaitFailed(PersonId person, String id) throws InterruptedException {
        for (int i = 0; i < 1200; i++) {
            if (state(person, id).state().equals("failed")) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("still " + state(person, id));
    }

    /// A server that is never silent and never done: a byte of its greeting now and then.
    private static final class Trickle implements AutoCloseable {
        final ServerSocket listening;
        final AtomicInteger callers = new AtomicInteger();

        Trickle(OpenOffice open) throws IOException {
            listening = EdgeTls.listen(open.shown.get().tls(), InetAddress.getLoopbackAddress(), 0, 10);
            Thread.ofVirtual().start(this::accept);
        }

        private void accept() {
            try {
                while (true) {
                    var socket = listening.accept();
                    callers.incrementAndGet();
                    Thread.ofVirtual().start(() -> {
                        try (socket) {
                            while (true) {
                                socket.getOutputStream().write("2".getBytes(StandardCharsets.US_ASCII));
                                Thread.sleep(100);
                            }
                        } catch (IOException | InterruptedException gone) {
                            // the caller has had enough
                        }
                    });
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        @Override
        public void close() throws IOException {
            listening.close();
        }
    }

    @Test
    void aPartnerWhoAnswersAByteAtATimeHoldsUpNobodyElse() throws Exception {
        var person = open.person();
        try (var slow = new Trickle(open)) {
            var stuck = send(person, "a@slow.example");
            try (var delivery = delivering(
                    patience(Duration.ofHours(1), Duration.ofMinutes(4)),
                    partner("slow.example", slow.listening.getLocalPort()),
                    partner("hospital.example", hospital.getPortAllocated()))) {
                for (int i = 0; i < 600 && slow.callers.get() == 0; i++) {
                    Thread.sleep(50);
                }
                assertEquals(1, slow.callers.get());
                send(person, "taro@hospital.example");
                delivery.wake();
                assertTrue(arrived.poll(60, TimeUnit.SECONDS) != null, "held up");
                assertEquals("waiting", state(person, stuck).state());
            }
        }
    }

    @Test
    void suchATryEndsAsAWholeAndTheMailComesBackInTheEnd() throws Exception {
        var person = open.person();
        try (var slow = new Trickle(open);
                var delivery = delivering(
                        patience(Duration.ofSeconds(2), Duration.ofMillis(700)),
                        partner("slow.example", slow.listening.getLocalPort()))) {
            var id = send(person, "a@slow.example");
            delivery.wake();
            awaitFailed(person, id);
            assertEquals(1, open.office.notices(person, 0, 10).size(), "its sender was told");
        }
    }

    @Test
    void aMailThatComesBackToAFullMailboxIsOverAndTriedNoMore() throws Exception {
        var person = open.person();
        open.database.inTransaction(rows -> rows.execute(
                "insert into mail (person, mark, at, clear, size, slot, sealed) select ?, decode(md5(g::text), 'hex'),"
                        + " now(), true, 1, '', '' from generate_series(1, 20000) g",
                person.value()));
        try (var delivery = delivering(patience(Duration.ofHours(1), Duration.ofMinutes(1)))) {
            var id = send(person, "a@nowhere.example");
            delivery.wake();
            awaitFailed(person, id);
            assertTrue(state(person, id).said().contains("no server is known"));
        }
        var much = 1L << 30;
        var minute = Duration.ofMinutes(1);
        var bounds = new Edge.Bounds(9, 9, 99, much, much, 3, 2, much, 1, minute, minute, minute);
        try (var edge = open.edge(bounds);
                var stranger = new Stranger(open.believing(), edge.port())) {
            var said = stranger.bring(Hospital.mail(Hospital.TARO, Hospital.text("x")), OpenOffice.address(person));
            assertTrue(said.startsWith("452") && said.contains("4.2.2"), said);
        }
    }
}
