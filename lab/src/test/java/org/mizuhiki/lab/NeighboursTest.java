package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A's and C's networks are the two halves of one. While a tunnel is renewed its policy covers both.
class NeighboursTest {
    private static final int PORT = 5000;
    private static final List<List<String>> PAIRS = List.of(List.of("b", "a"), List.of("b", "c"), List.of("a", "c"));

    @Test
    @Tag("N6")
    void renewalsAmongPartnersWhoseNetworksAdjoinLoseNoPacketOfAny() throws Exception {
        try (var country = Country.of("b", "a", "c")) {
            for (var pair : PAIRS) {
                country.connect(pair.getFirst(), pair.getLast());
                country.open(pair.getFirst(), pair.getLast(), PORT);
            }
            try (var _ = country.host("a").echo(PORT);
                    var _ = country.host("c").echo(PORT);
                    var ba = stream(country, "b", "a");
                    var bc = stream(country, "b", "c");
                    var ac = stream(country, "a", "c")) {
                var streams = List.of(ba, bc, ac);
                for (var pair : PAIRS) {
                    passed(streams);
                    country.renew(pair.getFirst(), pair.getLast(), "key-" + PAIRS.indexOf(pair));
                    passed(streams);
                }
                for (var stream : streams) {
                    assertEquals(0, stream.lost(), "of " + stream.sent());
                }
            }
        }
    }

    private static Host.Stream stream(Country country, String from, String to) throws Exception {
        return country.host(from).stream(country.address(to), PORT, Duration.ofMillis(10));
    }

    private static void passed(List<Host.Stream> streams) throws Exception {
        for (var stream : streams) {
            int then = stream.received();
            TunnelTest.until(() -> stream.received() > then + 20);
        }
    }
}
