package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.State;

/// Somebody on the way who records, repeats and floods.
class HostileTest {
    private static final int IKE = 500;
    private static final int HEADERS = 14 + 20 + 8; // Ethernet, IPv4, UDP

    private static Country country;

    @BeforeAll
    static void build() {
        country = Country.of("b", "a");
    }

    @AfterAll
    static void clear() {
        if (country != null) {
            country.close();
        }
    }

    /// What was sent to a port of UDP, as it was.
    private record Sent(int port, Bytes payload) {}

    @Test
    @Tag("D1")
    void whatWasRecordedAndIsSentAgainIsWorthNothing() throws Exception {
        // 1. everything that reaches A, from the first packet on
        var recorded = record(() -> {
            country.connect("b", "a");
            country.open("b", "a", 5000);
            try (var _ = country.host("a").echo(5000);
                    var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10))) {
                TunnelTest.until(() -> stream.received() > 20);
            }
        });
        assertTrue(recorded.size() > 20, recorded.size() + " packets");
        // 2. again, twice
        var before = state();
        var from = Inside.call(country.lab.internet(), () -> new DatagramSocket());
        for (int i = 0; i < 2; i++) {
            for (var packet : recorded) {
                send(from, packet.port(), packet.payload().toArray());
            }
        }
        from.close();
        // 3. nothing came out of the tunnel, and it is the same tunnel
        if (Esp.detect(country.lab.router(country.lab.site("a"))) == Esp.USERSPACE) {
            TunnelTest.until(() -> log("a").contains("sequence number verification failed"));
        }
        assertEquals(before.bytesIn(), state().bytesIn());
        assertEquals(before.generation(), state().generation());
        assertEquals(1, country.router("a").engine().states().size(), "no association began");
        country.calm();
    }

    private static State state() {
        return country.router("a").engine().state("b-a").orElseThrow();
    }

    @Test
    @Tag("D1")
    void aFloodOfBeginningsFromManyAddressesKeepsNoPartnerOut() throws Exception {
        // 1. a beginning as a partner would send it
        var recorded = record(() -> country.connect("b", "a"));
        country.calm();
        var beginning =
                recorded.stream().filter(s -> s.port() == IKE).findFirst().orElseThrow();
        // 2. thousands of it, each of another pretended association
        var internet = country.lab.internet();
        var sources = new ArrayList<DatagramSocket>();
        for (int i = 0; i < 50; i++) {
            var address = "203.0.113." + (150 + i);
            internet.run("ip", "addr", "add", address + "/32", "dev", "br2");
            sources.add(Inside.call(internet, () -> new DatagramSocket(new InetSocketAddress(address, 0))));
        }
        for (int i = 0; i < 3000; i++) {
            var another = beginning.payload().toArray();
            ByteBuffer.wrap(another).putLong(Country.DIE.nextLong()); // the initiator's SPI
            send(sources.get(i % sources.size()), IKE, another);
            // 3. and B in the middle of it
            if (i == 2000) {
                assertEquals(State.Phase.UP, country.connect("b", "a").phase());
            }
        }
        sources.forEach(DatagramSocket::close);
        assertTrue(log("a").contains("COOKIE"), "who does not answer for its address costs nothing");
        country.calm();
    }

    private static void send(DatagramSocket from, int port, byte[] payload) throws Exception {
        var a = country.lab.address(country.lab.site("a"));
        from.send(new DatagramPacket(payload, payload.length, a, port));
    }

    private static String log(String site) throws Exception {
        return Files.readString(country.lab.folder().resolve(site).resolve("charon.log"));
    }

    /// What goes to A meanwhile, recorded on the line.
    private static List<Sent> record(Capture.Doing doing) throws Exception {
        var to = country.lab.address(country.lab.site("a")).getHostAddress();
        var filter = "udp and dst host " + to;
        return packets(Capture.of(country.lab.folder(), country.lab.internet(), "p2-a", filter, doing)
                .file());
    }

    /// libpcap's file: 24 bytes, then 16 before each packet, of which the third word is its length.
    private static List<Sent> packets(Path file) throws Exception {
        var in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.nativeOrder());
        var packets = new ArrayList<Sent>();
        in.position(24);
        while (in.remaining() > 16) {
            int length = in.getInt(in.position() + 8);
            var packet = new byte[length];
            in.position(in.position() + 16).get(packet);
            int port = ByteBuffer.wrap(packet).getShort(HEADERS - 6) & 0xffff;
            packets.add(new Sent(port, Bytes.of(Arrays.copyOfRange(packet, HEADERS, length))));
        }
        return packets;
    }
}
