package org.mizuhiki.apps.role;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;

/// Where this machine is on the Internet, as it sees it itself: by the way that packets would take. None is
/// sent.
final class OwnAddresses {
    private static final int ANY_PORT = 4500;

    /// Nobody's, kept for examples (RFC 5737, 3849): for them the way is that to the Internet.
    private static final List<InetAddress> FAR =
            List.of(InetAddress.ofLiteral("192.0.2.1"), InetAddress.ofLiteral("2001:db8::1"));

    private OwnAddresses() {}

    /// The address towards there, and that of the other kind, IPv4 or IPv6, where there is a way for it.
    ///
    /// @throws Refusal `line-away`
    static List<String> towards(String there) {
        var target = new InetSocketAddress(there, ANY_PORT).getAddress();
        var first = Optional.ofNullable(target)
                .flatMap(OwnAddresses::by)
                .orElseThrow(() ->
                        Refusal.of("line-away", "回線につながっていません", "There is no way to " + there + "; the line is away"));
        return Stream.concat(
                        Stream.of(first),
                        FAR.stream()
                                .filter(far -> !sameFamily(far, first))
                                .flatMap(far -> by(far).stream())
                                .filter(OwnAddresses::isOutside))
                .map(InetAddress::getHostAddress)
                .toList();
    }

    private static boolean sameFamily(InetAddress one, InetAddress another) {
        return one.getClass().equals(another.getClass());
    }

    private static Optional<InetAddress> by(InetAddress target) {
        try (var socket = new DatagramSocket()) {
            socket.connect(new InetSocketAddress(target, ANY_PORT));
            return Optional.of(socket.getLocalAddress()).filter(a -> !a.isAnyLocalAddress());
        } catch (IOException | UncheckedIOException noWay) {
            return Optional.empty();
        }
    }

    /// An IPv6 address that no provider gave reaches nobody; behind an IPv4 one may be a NAT.
    private static boolean isOutside(InetAddress a) {
        boolean ownOnly = a.isLoopbackAddress() || a.isLinkLocalAddress() || a.isSiteLocalAddress();
        return a instanceof Inet6Address ? !ownOnly && (a.getAddress()[0] & 0xe0) == 0x20 : !a.isLoopbackAddress();
    }
}
