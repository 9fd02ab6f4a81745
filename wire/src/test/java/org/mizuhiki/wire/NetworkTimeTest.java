package org.mizuhiki.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Refusal;

/// A clock beside a time server's, asked over SNTP at loopback.
@Tag("D9")
class NetworkTimeTest {
    private static final SecureRandom DIE = new SecureRandom();
    private static final long FROM_1900 = 2_208_988_800L;

    /// A time server whose clock is off, and that bends its answers as a test says.
    private record TimeServer(DatagramSocket socket, Duration ahead, UnaryOperator<byte[]> bent)
            implements AutoCloseable {
        static TimeServer start(Duration ahead, UnaryOperator<byte[]> bent) throws IOException {
            var server = new TimeServer(new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1")), ahead, bent);
            Thread.ofVirtual().start(server::serve);
            return server;
        }

        static TimeServer start(Duration ahead) throws IOException {
            return start(ahead, answer -> answer);
        }

        String name() {
            return "127.0.0.1:" + socket.getLocalPort();
        }

        private void serve() {
            try {
                while (true) {
                    var asked = new DatagramPacket(new byte[48], 48);
                    socket.receive(asked);
                    var answer = ByteBuffer.allocate(48);
                    answer.put(0, (byte) ((4 << 3) | 4)).put(1, (byte) 2);
                    answer.putLong(24, ByteBuffer.wrap(asked.getData()).getLong(40));
                    answer.putLong(32, stamp(Instant.now().plus(ahead)));
                    answer.putLong(40, stamp(Instant.now().plus(ahead)));
                    socket.send(new DatagramPacket(bent.apply(answer.array()), 48, asked.getSocketAddress()));
                }
            } catch (IOException closed) {
                // the test is over
            }
        }

        private static long stamp(Instant at) {
            return ((at.getEpochSecond() + FROM_1900) << 32) | (((long) at.getNano() << 32) / 1_000_000_000L);
        }

        @Override
        public void close() {
            socket.close();
        }
    }

    private static Optional<TimeCheck> looked(TimeServer... servers) {
        var time = new NetworkTime(Stream.of(servers).map(TimeServer::name).toList(), Clock.systemUTC(), DIE);
        time.look();
        return time.newest();
    }

    private static void near(Duration expected, TimeCheck found) {
        var apart = found.ahead().minus(expected).abs();
        // what the exchange itself took, on a busy machine, is in `within`
        assertTrue(apart.compareTo(found.within().plusMillis(1)) <= 0, found::toString);
    }

    @Test
    void aGoodClockAndOneThatIsOffAreToldApart() throws Exception {
        try (var good = TimeServer.start(Duration.ZERO);
                var late = TimeServer.start(Duration.ofMinutes(-5))) {
            var fine = looked(good).orElseThrow();
            near(Duration.ZERO, fine);
            var off = looked(late).orElseThrow();
            near(Duration.ofMinutes(5), off);
            assertTrue(off.tooFar());
        }
    }

    @Test
    void oneServerThatIsWrongMisleadsNobodyAmongThree() throws Exception {
        try (var one = TimeServer.start(Duration.ZERO);
                var wrong = TimeServer.start(Duration.ofHours(9));
                var other = TimeServer.start(Duration.ofMillis(2))) {
            assertFalse(looked(one, wrong, other).orElseThrow().tooFar());
        }
    }

    @Test
    void whatDoesNotAnswerThisQuestionOrKnowsNoTimeIsNotBelieved() throws Exception {
        List<UnaryOperator<byte[]>> bends = List.of(
                a -> with(a, 24, (byte) ~a[24]), // another question's
                a -> with(a, 0, (byte) ((4 << 3) | 3)), // a client's
                a -> with(a, 0, (byte) (0xc0 | (4 << 3) | 4)), // not in step itself
                a -> with(a, 1, (byte) 0), // kiss of death
                a -> with(a, 1, (byte) 16));
        for (var bend : bends) {
            try (var server = TimeServer.start(Duration.ZERO, bend)) {
                assertEquals(Optional.empty(), looked(server));
            }
        }
        assertEquals(Optional.empty(), looked());
        assertThrows(Refusal.class, () -> new NetworkTime(List.of("a b"), Clock.systemUTC(), DIE));
    }

    private static byte[] with(byte[] packet, int at, byte value) {
        packet[at] = value;
        return packet;
    }

    /// Seconds have 32 bits: the year 2036 is none in which clocks go wrong.
    @Test
    void timesAfterTheEraRanOverAreReadAsWhatTheyAre() {
        var after = Instant.parse("2036-03-01T00:00:00Z");
        var packet = ByteBuffer.allocate(48);
        packet.put(0, (byte) ((4 << 3) | 4)).put(1, (byte) 1).putLong(24, 7);
        packet.putLong(32, TimeServer.stamp(after)).putLong(40, TimeServer.stamp(after));
        var read = NtpPacket.answer(packet.array(), 48, 7, Instant.parse("2036-02-29T23:59:00Z"));
        assertEquals(after, read.orElseThrow().received());
    }

    @FuzzTest(maxDuration = "60s")
    void anyPacketIsAnAnswerOrNone(byte[] packet) {
        NtpPacket.answer(packet, packet.length, 7, Instant.EPOCH)
                .ifPresent(a -> assertFalse(a.sent().isBefore(a.received())));
    }
}
