package org.mizuhiki.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The demonstration of seed 001, 5.2: five sites, and what is added later disturbs nobody. E is left out
/// where its addresses are A's; [TravelTest] has that.
class SeedTest {
    @Test
    @Tag("N9")
    @Tag("D2")
    void tunnelsComeAndGoWhileTheOthersCarryOn() throws Exception {
        try (var country = Country.of("b", "a", "c", "d")) {
            var streams = new ArrayList<Host.Stream>();
            try (var _ = country.host("a").echo(5000);
                    var _ = country.host("c").echo(5000);
                    var _ = country.host("d").echo(5000)) {
                // 1. B is connected to all
                country.connect("b", "a");
                country.connect("b", "c");
                country.connect("d", "b"); // behind NAT: it calls
                for (var partner : List.of("a", "c")) {
                    country.open("b", partner, 5000);
                    streams.add(country.host("b").stream(country.address(partner), 5000, Duration.ofMillis(10)));
                }
                TunnelTest.until(() -> streams.stream().allMatch(s -> s.received() > 20));
                // 2. C and D are connected, too, then parted
                country.connect("d", "c");
                country.open("d", "c", 5000);
                assertTrue(country.host("d").reaches(country.address("c"), 5000));
                country.router("d").engine().terminate("d-c");
                // 3. A partner drops out
                country.router("d").engine().terminate("d-b");
                // 4. nobody else noticed
                for (var stream : streams) {
                    assertEquals(0, stream.lost(), "of " + stream.sent());
                }
            } finally {
                streams.forEach(Host.Stream::close);
            }
        }
    }
}
