package org.mizuhiki.centre;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.mizuhiki.centre.World.refused;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.mizuhiki.house.Bytes;
import org.mizuhiki.vpn.ConnectionInformation.Address;
import org.mizuhiki.vpn.Meeting;

/// Where a router is, by what is seen and what it says.
@Tag("D8")
@Tag("N5")
class SightingTest {
    private static Meeting.Place place(String seen, String told, String... other) {
        var location = new RouterDesk.Location(
                told, Bytes.of(), Optional.empty(), List.of(other).stream().findFirst());
        return new Sighting(InetAddress.ofLiteral(seen), location).place();
    }

    private static Address direct(String host) {
        return new Address(host, 500, false);
    }

    private static Address translated(String host) {
        return new Address(host, 4500, true);
    }

    @Test
    void natIsToldForEachKindByItself() {
        var six = "2001:db8:0:0:0:0:0:1";
        assertEquals(new Meeting.Place(direct("192.0.2.1"), Optional.empty()), place("192.0.2.1", "192.0.2.1"));
        assertEquals(new Meeting.Place(translated("192.0.2.1"), Optional.empty()), place("192.0.2.1", "10.0.0.5"));
        assertEquals(
                new Meeting.Place(translated("192.0.2.1"), Optional.of(direct(six))),
                place("192.0.2.1", "10.0.0.5", six));
        assertEquals(
                new Meeting.Place(direct(six), Optional.of(direct("192.0.2.1"))),
                place(six, six, "192.0.2.1"),
                "seen by IPv6, which of the two it named first does not count");
        assertEquals(new Meeting.Place(direct(six), Optional.of(direct("192.0.2.1"))), place(six, "192.0.2.1", six));
        for (var own : List.of("10.0.0.5", "192.168.1.5", "172.20.0.5", "100.64.0.5", "100.127.255.5")) {
            assertEquals(Optional.of(translated(own)), place(six, six, own).other(), own);
        }
        assertEquals(
                Optional.of(direct("100.128.0.5")),
                place(six, six, "100.128.0.5").other());
        assertEquals(
                Optional.of(translated("fd00:0:0:0:0:0:0:5")),
                place("192.0.2.1", "192.0.2.1", "fd00::5").other());
    }

    @Test
    void whatReachesNobodyIsNoAddress() {
        for (var other : List.of("::1", "fe80::1", "::", "ff02::1")) {
            assertEquals(
                    Optional.empty(), place("192.0.2.1", "192.0.2.1", other).other(), other);
        }
        refused("location-malformed", () -> place("192.0.2.1", "192.0.2.1", "192.0.2.2"));
        refused("location-malformed", () -> place("192.0.2.1", "clinic.example"));
        refused("location-malformed", () -> place("192.0.2.1", "192.0.2.1", "clinic.example"));
    }
}
