package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
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
import org.mizuhiki.house.Refusal;
import org.mizuhiki.ike.Esp;
import org.mizuhiki.ike.State;

/// Somebody on the way who records, repeats and floods.
class HostileTest {
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
    void whatAnInsiderOfTheProviderSendsInClearWithASitesAddressesGetsNowhere() throws Exception {
        country.connect("b", "a");
        country.open("b", "a", 5000);
        var internet = country.lab.internet();
        var behind = country.network("b").toString();
        internet.run("ip", "route", "replace", behind, "via", text(country.lab.address(country.lab.site("b"))));
        // 1. in clear from the line, as if it came out of the tunnel, and as if from the site's own network
        var pretended =
                List.of(country.network("a").host(2), country.network("b").host(9));
        for (var address : pretended) {
            internet.run("ip", "addr", "replace", text(address) + "/32", "dev", "lo");
        }
        var heard = Inside.call(country.host("b").space(), () -> new DatagramSocket(6000));
        heard.setSoTimeout(500);
        for (var address : pretended) {
            try (var from = Inside.call(internet, () -> new DatagramSocket(new InetSocketAddress(address, 5000)))) {
                from.send(new DatagramPacket(new byte[10], 10, country.address("b"), 6000));
            }
        }
        assertThrows(SocketTimeoutException.class, () -> heard.receive(new DatagramPacket(new byte[10], 10)));
        heard.close();
        for (var address : pretended) {
            internet.run("ip", "addr", "del", text(address) + "/32", "dev", "lo");
        }
        internet.run("ip", "route", "del", behind);
        country.calm();
    }

    @Test
    @Tag("D1")
    void aNeighbourOnTheLineWhoAnswersForTheGatewayAndThePartnerGetsNeitherTunnelNorWords() throws Exception {
        country.connect("b", "a");
        country.open("b", "a", 5000);
        var router = country.lab.router(country.lab.site("b"));
        var neighbour = country.lab.centre(); // at B's provider, on the same line
        var link = neighbour.run("cat", "/sys/class/net/eth0/address").strip();
        var partner = text(country.lab.address(country.lab.site("a"))) + "/32";
        try (var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10))) {
            // 1. B believes the false answer to "who has the gateway's address?" (ARP), and A is there, too
            neighbour.run("ip", "addr", "add", partner, "dev", "lo");
            var line = Capture.of(country.lab.folder(), neighbour, "eth0", "", () -> {
                router.run("ip", "neigh", "replace", "198.51.100.1", "lladdr", link, "dev", "eth0", "nud", "permanent");
                int then = stream.sent();
                TunnelTest.until(() -> stream.sent() > then + 50);
                // 2. nobody there proves to be A
                country.router("b").engine().terminate("b-a");
                country.load("b", "a");
                var refusal = assertThrows(
                        Refusal.class, () -> country.router("b").engine().initiate("b-a", Duration.ofSeconds(2)));
                assertEquals("tunnel-partner-silent", refusal.code());
            });
            // 3. what came there is sealed
            assertTrue(line.count("udp port 4500 or esp") > 20);
            assertEquals(0, line.count("udp port 5000"));
        } finally {
            router.run("ip", "neigh", "del", "198.51.100.1", "dev", "eth0");
            neighbour.run("ip", "addr", "del", partner, "dev", "lo");
        }
        country.calm();
    }

    @Test
    @Tag("D6")
    void whatAHostSendsUnderAnothersAddressDoesNotEnterATunnel() throws Exception {
        country.connect("b", "a");
        country.open("b", "a", 5000);
        var host = country.host("b").space();
        // a host at B pretends to be one of a third site, of the partner's own network, of the router
        var pretended = List.of("192.168.13.2", text(country.network("a").host(7)), "203.0.113.9");
        var heard = Inside.call(country.host("a").space(), () -> new DatagramSocket(5000));
        heard.setSoTimeout(500);
        for (var address : pretended) {
            host.run("ip", "addr", "add", address + "/32", "dev", "lo");
            var literal = InetAddress.ofLiteral(address);
            try (var from = Inside.call(host, () -> new DatagramSocket(new InetSocketAddress(literal, 4000)))) {
                from.send(new DatagramPacket(new byte[10], 10, country.address("a"), 5000));
            }
        }
        assertThrows(SocketTimeoutException.class, () -> heard.receive(new DatagramPacket(new byte[10], 10)));
        // and its own address is let in
        try (var from = Inside.call(host, () -> new DatagramSocket())) {
            from.send(new DatagramPacket(new byte[10], 10, country.address("a"), 5000));
            heard.receive(new DatagramPacket(new byte[10], 10));
        }
        heard.close();
        for (var address : pretended) {
            host.run("ip", "addr", "del", address + "/32", "dev", "lo");
        }
        country.calm();
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }

    @Test
    @Tag("D1")
    void aFloodOfBeginningsFromManyAddressesKeepsNoPartnerOut() throws Exception {
        country.connect("b", "a");
        country.open("b", "a", 5000);
        var a = country.lab.address(country.lab.site("a"));
        var beginning = Flood.beginning(country.lab, country.router("b"), country.router("a"), country.authority);
        try (var _ = country.host("a").echo(5000);
                var stream = country.host("b").stream(country.address("a"), 5000, Duration.ofMillis(10));
                var flood = Flood.of(country.lab, beginning, a, 2000, Country.DIE)) {
            TunnelTest.until(() -> flood.sent() > 2000 && log("a").contains("COOKIE"));
            // 1. what runs, runs on
            int then = stream.received();
            TunnelTest.until(() -> stream.received() > then + 50);
            // 2. and who comes anew is let in, as who answers for an address
            country.router("b").engine().terminate("b-a");
            assertEquals(State.Phase.UP, country.connect("b", "a").phase());
        }
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
