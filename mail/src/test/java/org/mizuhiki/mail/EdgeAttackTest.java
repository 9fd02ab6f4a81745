package org.mizuhiki.mail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.house.PersonId;

/// Strangers who are slow, greedy or silent on purpose keep nobody else out.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("V5")
@Timeout(300)
class EdgeAttackTest {
    private static final long MUCH = 1L << 30;

    @TempDir
    static Path folder;

    private OpenOffice open;
    private PersonId person;

    @BeforeAll
    void open() throws Exception {
        open = new OpenOffice(folder);
        person = open.person();
    }

    @AfterAll
    void close() {
        open.close();
    }

    private String to() {
        return OpenOffice.address(person);
    }

    /// Generous, but for what a test is about.
    private static Edge.Bounds bounds(int sessionsOfOne, long dayToOne, long memory, int slowest, Duration longest) {
        var minute = Duration.ofMinutes(1);
        var grace = slowest > 1 ? Duration.ofMillis(200) : minute;
        return new Edge.Bounds(40, sessionsOfOne, 1000, MUCH, dayToOne, 3, 2, memory, slowest, grace, minute, longest);
    }

    private Stranger stranger(Edge edge) throws IOException {
        return new Stranger(open.believing(), edge.port());
    }

    private static Bytes mail(String words) {
        return Hospital.mail(Hospital.TARO, Hospital.text(words));
    }

    @Test
    void whoIsSlowOnPurposeHoldsNoPlaceThatOthersNeed() throws Exception {
        var slow = new ArrayList<Stranger>();
        try (var edge = open.edge(bounds(30, MUCH, MUCH, 1, Duration.ofMinutes(4)))) {
            for (int i = 0; i < 8; i++) {
                slow.add(stranger(edge));
                slow.getLast().begin(to(), 10_000);
            }
            try (var honest = stranger(edge)) {
                var said = honest.bring(mail("beside eight who are slow"), to());
                assertTrue(said.startsWith("250"), said);
            }
            for (var one : slow) {
                one.close();
            }
        }
    }

    @Test
    void whoBringsLessThanAFairRateIsCutOffLongBeforeTheSessionsEnd() throws Exception {
        try (var edge = open.edge(bounds(8, MUCH, MUCH, 1 << 20, Duration.ofMinutes(4)));
                var slow = stranger(edge)) {
            slow.begin(to(), 1000);
            assertTrue(isCutOff(slow));
        }
    }

    /// It sends now and then, as whoever holds a place does.
    private static boolean isCutOff(Stranger stranger) throws InterruptedException {
        for (int i = 0; i < 400; i++) {
            try {
                stranger.write("x");
            } catch (IOException gone) {
                return true;
            }
            Thread.sleep(100);
        }
        return false;
    }

    /// The session is stuck in a write, with the locks of its TLS held; its end waits for none of them.
    @Test
    void whoReadsNoAnswersDoesNotOutliveItsTimeNorHoldTheWatch() throws Exception {
        try (var edge = open.edge(bounds(2, MUCH, MUCH, 1, Duration.ofSeconds(3)));
                var deaf = stranger(edge);
                var other = stranger(edge)) {
            var asked = Thread.ofVirtual().start(() -> {
                try {
                    while (true) {
                        deaf.write("NOOP\r\n".repeat(10_000));
                    }
                } catch (IOException gone) {
                    // what this test waits for
                }
            });
            assertTrue(asked.join(Duration.ofMinutes(2)), "still there");
            assertTrue(isCutOff(other), "the watch goes on");
            try (var next = again(edge)) {
                assertTrue(next.say("NOOP").startsWith("250"), "its place is free again");
            }
        }
    }

    private Stranger again(Edge edge) throws Exception {
        for (int i = 0; i < 100; i++) {
            try {
                var next = stranger(edge);
                if (next.greeting().startsWith("220")) {
                    return next;
                }
            } catch (IOException notYet) {
                // its place is not free yet
            }
            Thread.sleep(100);
        }
        throw new AssertionError("nobody comes in any more");
    }

    @Test
    void oneAddressHasItsShareOfConnectionsAndNoMore() throws Exception {
        try (var edge = open.edge(bounds(2, MUCH, MUCH, 1, Duration.ofMinutes(4)))) {
            var one = stranger(edge);
            try (var two = stranger(edge);
                    var elsewhere = new Stranger(open.believing(), edge.port(), "127.0.0.2")) {
                assertTrue(two.say("NOOP").startsWith("250"));
                assertTrue(isRefused(edge));
                assertTrue(elsewhere.say("NOOP").startsWith("250"), "others come in");
                one.close();
                again(edge).close();
            }
        }
    }

    private boolean isRefused(Edge edge) {
        try (var third = stranger(edge)) {
            return third.greeting().equals("gone");
        } catch (IOException refused) {
            return true;
        }
    }

    @Test
    void whenMemoryIsFullTheOldestUnfinishedMailMakesRoom() throws Exception {
        try (var edge = open.edge(bounds(8, MUCH, 1 << 20, 1, Duration.ofMinutes(4)));
                var first = new Stranger(open.believing(), edge.port(), "127.0.0.2");
                var second = new Stranger(open.believing(), edge.port(), "127.0.0.3");
                var honest = stranger(edge)) {
            first.begin(to(), 480 << 10);
            second.begin(to(), 480 << 10);
            var said = honest.bring(mail("y".repeat(300 << 10)), to());
            assertTrue(said.startsWith("250"), said);
            assertTrue(isCutOff(first));
            try (var greedy = new Stranger(open.believing(), edge.port(), "127.0.0.4")) {
                var no = greedy.bring(mail("z".repeat(700 << 10)), to());
                assertTrue(no.startsWith("421") || no.equals("gone"), "one address gets half: " + no);
            } catch (IOException gone) {
                // cut off while it still sent
            }
        }
    }

    @Test
    void oneAddressFillsNobodysMailboxInADay() throws Exception {
        try (var edge = open.edge(bounds(8, 5000, MUCH, 1, Duration.ofMinutes(4)));
                var greedy = stranger(edge)) {
            assertTrue(greedy.bring(mail("a".repeat(3000)), to()).startsWith("250"));
            var said = greedy.bring(mail("b".repeat(3000)), to());
            assertTrue(said.startsWith("452") && said.contains("4.7.1"), said);
            try (var other = new Stranger(open.believing(), edge.port(), "127.0.0.2")) {
                assertTrue(other.bring(mail("c".repeat(3000)), to()).startsWith("250"), "others write on");
            }
        }
    }

    @Test
    void aRenewedCertificateIsShownWithoutARestart() throws Exception {
        try (var edge = open.edge(bounds(8, MUCH, MUCH, 1, Duration.ofMinutes(4)))) {
            var before = open.shown.get().own();
            try (var stranger = stranger(edge)) {
                assertEquals(before, stranger.shown());
            }
            open.shown.set(OpenOffice.newCertificate());
            try (var stranger = stranger(edge)) {
                assertEquals(open.shown.get().own(), stranger.shown());
                assertNotEquals(before, stranger.shown());
            }
        }
    }

    /// Else whoever saw a mail's Message-ID could have the mail itself taken for a repetition.
    @Test
    void anotherMailUnderTheSameNameAndOfTheSameSizeIsKeptToo() throws Exception {
        var reader = open.person();
        try (var edge = open.edge(bounds(8, MUCH, MUCH, 1, Duration.ofMinutes(4)));
                var stranger = stranger(edge)) {
            var one = "From: taro@hospital.example\r\nMessage-ID: <same@h>\r\nSubject: x\r\n\r\nthe first one";
            for (var text : new String[] {one, one, one.replace("first", "other")}) {
                var said = stranger.bring(Bytes.of(text.getBytes(StandardCharsets.UTF_8)), OpenOffice.address(reader));
                assertTrue(said.startsWith("250"), said);
            }
        }
        assertEquals(2, open.office.notices(reader, 0, 10).size());
    }
}
