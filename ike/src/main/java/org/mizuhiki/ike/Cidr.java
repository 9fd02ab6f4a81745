package org.mizuhiki.ike;

import java.math.BigInteger;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.mizuhiki.house.Refusal;

/// A network such as `192.168.1.0/24` or `fd00:1::/64` (RFC 4632, 4291); a host is one of full length.
///
/// @param base with no bit set behind the prefix, so that one network has one name
/// @param length of the prefix, in bits
public record Cidr(InetAddress base, int length) {
    /// @throws Refusal `network-not-valid`
    public Cidr {
        int bits = base.getAddress().length * 8;
        if (length < 0
                || length > bits
                || new BigInteger(1, base.getAddress())
                                .and(BigInteger.ONE.shiftLeft(bits - length).subtract(BigInteger.ONE))
                                .signum()
                        != 0) {
            throw invalid();
        }
    }

    /// Reads `address/length`, or an address alone as a host. Names are not looked up.
    ///
    /// @throws Refusal `network-not-valid`
    public static Cidr of(String text) {
        int slash = text.indexOf('/');
        try {
            var base = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
            int bits = base.getAddress().length * 8;
            return new Cidr(base, slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1)));
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    /// The n-th address of this network, counted from its base.
    public InetAddress host(long n) {
        var bytes = base.getAddress();
        var sum = new BigInteger(1, bytes).add(BigInteger.valueOf(n)).toByteArray();
        for (int i = 1; i <= Math.min(sum.length, bytes.length); i++) {
            bytes[bytes.length - i] = sum[sum.length - i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has the length of its base", e);
        }
    }

    public boolean contains(Cidr other) {
        if (other.isIpv4() != isIpv4() || other.length < length) {
            return false;
        }
        int behind = base.getAddress().length * 8 - length;
        return new BigInteger(1, base.getAddress())
                .shiftRight(behind)
                .equals(new BigInteger(1, other.base.getAddress()).shiftRight(behind));
    }

    public boolean isIpv4() {
        return base instanceof Inet4Address;
    }

    private static Refusal invalid() {
        return Refusal.of(
                "network-not-valid",
                "ネットワークの書き方が正しくありません（例：192.168.1.0/24。境界より後ろのビットは0にします）",
                "This is no network; write it as 192.168.1.0/24, with no bits set behind the prefix");
    }

    @Override
    public String toString() {
        return base.getHostAddress() + "/" + length;
    }
}
