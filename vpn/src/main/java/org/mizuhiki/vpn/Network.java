package org.mizuhiki.vpn;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.stream.Stream;
import org.mizuhiki.house.Refusal;

/// An IPv4 or IPv6 prefix.
///
/// @param address its first, as the JDK writes it
/// @param prefix length in bits
public record Network(String address, int prefix) {
    private static final int LONGEST_TEXT = 39;
    private static final int WIDEST_SEARCH = 1 << 16;

    /// @throws Refusal `network-malformed`, also when bits are set behind the prefix
    public Network {
        var first = bytes(address);
        int bits = first.length * 8;
        int lowest = new BigInteger(1, first).getLowestSetBit(); // -1 when none is set
        boolean behind = lowest >= 0 && lowest < bits - prefix;
        if (prefix < 1 || prefix > bits || !text(first).equals(address) || behind) {
            throw malformed();
        }
    }

    /// @param text such as `10.1.2.0/24`
    /// @throws Refusal `network-malformed`
    public static Network parse(String text) {
        var parts = text.split("/", -1);
        if (parts.length != 2 || !parts[1].matches("[0-9]{1,3}")) {
            throw malformed();
        }
        return new Network(parts[0], Integer.parseInt(parts[1]));
    }

    public boolean overlaps(Network other) {
        return sameFamily(other)
                && start().compareTo(other.end()) < 0
                && other.start().compareTo(end()) < 0;
    }

    public boolean contains(Network other) {
        return sameFamily(other) && start().compareTo(other.start()) <= 0 && end().compareTo(other.end()) >= 0;
    }

    /// One address.
    boolean isHost() {
        return prefix == bits();
    }

    boolean sameFamily(Network other) {
        return bits() == other.bits();
    }

    /// One address as a prefix of its own; none when the text is no address, or not as the JDK writes it.
    public static Optional<Network> ofHost(String address) {
        try {
            return Optional.of(new Network(address, bytes(address).length * 8));
        } catch (Refusal noAddress) {
            return Optional.empty();
        }
    }

    /// The same place in a network of the same size: 1:1, as routers translate.
    Network moved(Network host, Network to) {
        return new Network(text(to.padded(host.start().subtract(start()).add(to.start()))), host.prefix());
    }

    /// The first prefix of this length in here that overlaps none of these.
    Optional<Network> firstFree(int length, Iterable<Network> taken) {
        if (length < prefix) {
            return Optional.empty();
        }
        var step = BigInteger.ONE.shiftLeft(bits() - length);
        return Stream.iterate(start(), s -> s.compareTo(end()) < 0, s -> s.add(step))
                .limit(WIDEST_SEARCH)
                .map(s -> new Network(text(padded(s)), length))
                .filter(candidate -> {
                    for (var t : taken) {
                        if (t.overlaps(candidate)) {
                            return false;
                        }
                    }
                    return true;
                })
                .findFirst();
    }

    private int bits() {
        return bytes(address).length * 8;
    }

    private BigInteger start() {
        return new BigInteger(1, bytes(address));
    }

    private BigInteger end() {
        return start().add(BigInteger.ONE.shiftLeft(bits() - prefix));
    }

    private byte[] padded(BigInteger value) {
        var out = new byte[bits() / 8];
        var raw = value.toByteArray();
        int count = Math.min(raw.length, out.length);
        System.arraycopy(raw, raw.length - count, out, out.length - count, count);
        return out;
    }

    /// Literals only: the JDK would ask the name service about anything else.
    static byte[] bytes(String literal) {
        if (literal.isEmpty()
                || literal.length() > LONGEST_TEXT
                || !literal.matches("[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*")) {
            throw malformed();
        }
        try {
            return InetAddress.ofLiteral(literal).getAddress();
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException("4 or 16 bytes are an address", e);
        }
    }

    static Refusal malformed() {
        return Refusal.of(
                "network-malformed",
                "ネットワークアドレスの形が正しくありません（例: 10.1.2.0/24）",
                "A network address is malformed; its form is 10.1.2.0/24");
    }

    @Override
    public String toString() {
        return address + "/" + prefix;
    }
}
