package org.mizuhiki.centre;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;
import org.mizuhiki.vpn.Meeting;

/// Where a router is: what the centre sees of it, beside what it says itself. NAT is told for each kind of
/// address by itself: where the router calls from, by what is seen; the other kind, by whether its own address
/// is one that the Internet knows. For that one a router in wrong hands can name an address of somebody else,
/// who then gets what begins a tunnel, a few packets a second, and no more.
record Sighting(InetAddress seen, RouterDesk.Location told) {
    /// @throws Refusal `location-malformed`
    Meeting.Place place() {
        var own = told.other().map(Sighting::literal).stream().toList();
        var all = Stream.concat(Stream.of(literal(told.host())), own.stream()).toList();
        if (all.size() == 2 && sameFamily(all.getFirst(), all.getLast())) {
            throw malformed();
        }
        boolean direct = all.contains(seen);
        return new Meeting.Place(
                RouterRows.address(seen.getHostAddress(), !direct),
                all.stream()
                        .filter(a -> !sameFamily(a, seen) && !isNobodys(a))
                        .findFirst()
                        .filter(_ -> all.size() == 2)
                        .map(a -> RouterRows.address(a.getHostAddress(), !isOfTheInternet(a))));
    }

    private static InetAddress literal(String text) {
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static boolean sameFamily(InetAddress one, InetAddress another) {
        return one.getClass().equals(another.getClass());
    }

    /// Never reaches beyond its own line.
    private static boolean isNobodys(InetAddress a) {
        return a.isAnyLocalAddress() || a.isLoopbackAddress() || a.isLinkLocalAddress() || a.isMulticastAddress();
    }

    /// Not one of those that stand behind a NAT: RFC 1918, 6598 (a provider's NAT), 4193.
    private static boolean isOfTheInternet(InetAddress a) {
        int first = a.getAddress()[0] & 0xff;
        int second = a.getAddress()[1] & 0xff;
        return a instanceof Inet4Address
                ? !a.isSiteLocalAddress() && !(first == 100 && (second & 0xc0) == 64) && first != 0 && first < 224
                : (first & 0xe0) == 0x20;
    }

    private static Refusal malformed() {
        return Refusal.of(
                "location-malformed",
                "VPN機器の位置は、IPv4かIPv6のアドレスを種類ごとに1つまで記してください",
                "A router's location is one IPv4 or IPv6 address, or one of each");
    }
}
